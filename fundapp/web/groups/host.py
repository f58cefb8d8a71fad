"""The host of a group: the group's page about it, and the page on which the host gives its word."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.people import HostForm, HostInvitationForm, ReasonForm, host_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import WordStatus
from fundapp.models.agreement import Side
from fundapp.models.application import Application
from fundapp.models.partnership import Decider, FiscalHost
from fundapp.permissions import Permission
from fundapp.queries.agreements import find_hosted_text, still_to_sign
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.people import LIVE_WORDS, find_host, get_host
from fundapp.services.hosts import (
    FeeTooHigh,
    HostWord,
    OwnHost,
    confirm_host,
    decline_host,
    end_host,
    invite_host,
    is_bound,
)
from fundapp.services.invitations import TooManyOpen
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.groups.blueprint import as_choices, bp, chosen_organisation, own_organisations
from fundapp.web.groups.members import TOO_MANY
from fundapp.web.groups.words import host_text, signed_text, text_digest
from fundapp.web.sessions import signed_in_user


@bp.route("/applications/<uuid:application_id>/host", methods=["GET", "POST"])
@requires(Permission.APPLICATION_PEOPLE, application=get_application)
def host(application: Application) -> ResponseReturnValue:
    form = bind(HostInvitationForm)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                invite_host(application, form["email"].data, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("groups.host", application_id=application.id))
        except TooManyOpen:
            form.add_error("email", TOO_MANY)
    found = find_host(application)
    page = render_template(
        "groups/host.html",
        application=application,
        host=found,
        may_change=not is_bound(application),
        is_live=found is not None and found.status in LIVE_WORDS,
        form=form,
        page_errors=form.error_list(),
        back_url=url_for("apply.application_page", application_id=application.id),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/applications/<uuid:application_id>/host/<uuid:host_id>/end")
@requires(Permission.APPLICATION_PEOPLE, application=get_application, host=get_host)
def end_hosting(application: Application, host: FiscalHost) -> ResponseReturnValue:
    """The group looks for another one."""
    if host.application_id != application.id:
        raise NotFound
    with unit_of_work():
        end_host(host, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("groups.host", application_id=application.id))


@bp.route("/hosting/<uuid:host_id>", methods=["GET", "POST"])
@requires(Permission.HOST_ANSWER, host=get_host)
def hosting(host: FiscalHost) -> ResponseReturnValue:
    """Read, fill in, sign. What was signed is shown as it was."""
    form = bind(host_form(as_choices(own_organisations(signed_in_user()))))
    if request.method == "POST" and host.status is WordStatus.INVITED:
        return _sign(host, form)
    return _page(host, form)


@bp.post("/hosting/<uuid:host_id>/decline")
@requires(Permission.HOST_ANSWER, host=get_host)
def decline_hosting(host: FiscalHost) -> ResponseReturnValue:
    form = bind(ReasonForm)
    if not form.validate():
        empty = host_form(as_choices(own_organisations(signed_in_user())))(None)
        return _page(host, empty, no_form=form), 422
    with unit_of_work():
        decline_host(host, reason=form["reason"].data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("groups.hosting", host_id=host.id))


def _sign(host: FiscalHost, form: HostForm) -> ResponseReturnValue:
    most = definition_for(host.application).awards.host_fee_percent
    text = host_text(host, most)
    is_same = request.form.get("text") == text_digest(text)
    if not is_same or not form.validate():
        return _page(host, form, is_changed=not is_same), 422
    actor, now = signed_in_user(), utcnow()
    try:
        with unit_of_work():
            fund = host.application.call.fund
            organisation = chosen_organisation(form, fund=fund, once=f"host:{host.id}", actor=actor, now=now)
            decides = Decider(form["decides"].data)
            written = signed_text(
                text,
                organisation=organisation.name,
                decides=decides.value,
                fee=form["fee"].data,
                signed_by=form["signed_by"].data,
            )
            word = HostWord(organisation, form["signed_by"].data, form["fee"].data, decides, written)
            confirm_host(host, word, actor=actor, now=now)
    except FeeTooHigh as error:
        percent = f"{error.most.normalize():f}"
        form.add_error("fee", _("At most %(percent)s per cent in this fund.", percent=percent))
        return _page(get_host(host.id), form), 422
    except OwnHost:
        form.add_error("group", _("A group cannot be its own host."))
        return _page(get_host(host.id), form), 422
    return redirect(url_for("groups.hosting", host_id=host.id))


def _page(
    host: FiscalHost, form: HostForm, *, no_form: ReasonForm | None = None, is_changed: bool = False
) -> str:
    text = host_text(host, definition_for(host.application).awards.host_fee_percent)
    is_open = host.status is WordStatus.INVITED
    agreement = find_hosted_text(host) if host.status is WordStatus.CONFIRMED else None
    return render_template(
        "groups/hosting.html",
        host=host,
        form=form,
        no_form=no_form or ReasonForm(None),
        text=text,
        digest=text_digest(text),
        is_open=is_open,
        is_changed=is_changed,
        has_agreement=agreement is not None,
        host_signs=agreement is not None and Side.HOST in still_to_sign(agreement),
        page_errors=[*form.error_list(), *(no_form.error_list() if no_form else [])] if is_open else [],
        back_url=url_for("account.home"),
    )
