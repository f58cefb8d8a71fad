"""The register of requests for data from outside. Its pages belong to `fund_data`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.pages.data_rights import ForbiddenForm, ProposeForm, RefuseForm, RequestForm, TellForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.data_rights import OutsideRequest
from fundapp.models.fund import Fund
from fundapp.permissions import Permission
from fundapp.queries.data_rights import get_outside_request
from fundapp.queries.funds import get_fund
from fundapp.services.outside_requests import (
    Asked,
    NothingForImmigration,
    digest_of_proposal,
    enter_request,
    note_forbidden,
    propose_release,
    refuse,
    release,
    tell_the_group,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest, sent_rev
from fundapp.web.errors import MESSAGES
from fundapp.web.fund.data_rights import application_named, bp
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

REQUEST = "/fund/data/requests/<uuid:outside_request_id>"


@bp.get("/fund/<uuid:fund_id>/data/requests/new")
@requires(Permission.DATA_KEEP, fund=get_fund)
def new_request(fund: Fund) -> ResponseReturnValue:
    return render_template("fund/data/new_request.html", fund=fund, form=RequestForm(None), page_errors=[])


@bp.post("/fund/<uuid:fund_id>/data/requests/new")
@requires(Permission.DATA_KEEP, fund=get_fund)
def enter(fund: Fund) -> ResponseReturnValue:
    form = bind(RequestForm)
    application = application_named(form, fund) if form.validate() else None
    if form.errors:
        page = render_template(
            "fund/data/new_request.html", fund=fund, form=form, page_errors=form.error_list()
        )
        return page, 422
    names = ("asked_by", "basis", "asked", "is_order", "for_immigration", "received_on", "due_on")
    asked = Asked(**{each: form[each].data for each in names}, application=application)
    with unit_of_work():
        entered = enter_request(fund, asked, actor=signed_in_user(), now=utcnow(), once=posted_once())
    return redirect(url_for(".outside_request", outside_request_id=entered.id))


@bp.get(REQUEST)
@requires(Permission.DATA_KEEP, outside_request=get_outside_request)
def outside_request(outside_request: OutsideRequest) -> ResponseReturnValue:
    return _page(outside_request)


@bp.post(f"{REQUEST}/propose")
@requires(Permission.DATA_KEEP, outside_request=get_outside_request)
def propose(outside_request: OutsideRequest) -> ResponseReturnValue:
    form, seen = bind(ProposeForm), sent_rev("seen")
    try:
        if form.validate():
            with unit_of_work():
                propose_release(
                    outside_request, form["given"].data, seen=seen, actor=signed_in_user(), now=utcnow()
                )
            return _back(outside_request)
    except StaleVersion:
        return _page(outside_request, {"propose": form}, is_late=True), 409
    except NothingForImmigration as error:
        form.add_error("given", MESSAGES[error.code])
    return _page(outside_request, {"propose": form}), 422


@bp.post(f"{REQUEST}/tell")
@requires(Permission.DATA_KEEP, outside_request=get_outside_request)
def tell(outside_request: OutsideRequest) -> ResponseReturnValue:
    form = bind(TellForm)
    return _take(
        outside_request,
        form,
        "tell",
        lambda: tell_the_group(
            outside_request, form["told_words"].data, actor=signed_in_user(), now=utcnow()
        ),
    )


@bp.post(f"{REQUEST}/forbidden")
@requires(Permission.DATA_KEEP, outside_request=get_outside_request)
def forbidden(outside_request: OutsideRequest) -> ResponseReturnValue:
    form = bind(ForbiddenForm)
    return _take(
        outside_request,
        form,
        "forbidden",
        lambda: note_forbidden(
            outside_request,
            form["forbidden_reason"].data,
            actor=signed_in_user(),
            now=utcnow(),
            seen=sent_digest("seen"),
        ),
    )


@bp.post(f"{REQUEST}/refuse")
@requires(Permission.DATA_KEEP, outside_request=get_outside_request)
def refuse_it(outside_request: OutsideRequest) -> ResponseReturnValue:
    form = bind(RefuseForm)
    return _take(
        outside_request,
        form,
        "refuse",
        lambda: refuse(outside_request, form["refusal_reason"].data, actor=signed_in_user(), now=utcnow()),
    )


@bp.post(f"{REQUEST}/release")
@requires(Permission.DATA_KEEP, outside_request=get_outside_request)
def release_it(outside_request: OutsideRequest) -> ResponseReturnValue:
    """With the digest of the words that the page showed: what changed since is not agreed to."""
    seen = request.form.get("seen", "")
    with unit_of_work():
        release(outside_request, seen=seen, actor=signed_in_user(), now=utcnow())
    return _back(outside_request)


def _take(
    outside_request: OutsideRequest, form: BaseForm, name: str, step: Callable[[], None]
) -> ResponseReturnValue:
    if not form.validate():
        return _page(outside_request, {name: form}), 422
    try:
        with unit_of_work():
            step()
    except StaleVersion:
        return _page(get_outside_request(outside_request.id), {name: form}, is_late=True), 409
    return _back(outside_request)


def _back(outside_request: OutsideRequest) -> ResponseReturnValue:
    return redirect(url_for(".outside_request", outside_request_id=outside_request.id))


def _page(
    outside_request: OutsideRequest, bound: Mapping[str, BaseForm] | None = None, *, is_late: bool = False
) -> str:
    bound = bound or {}
    made = {"propose": ProposeForm, "tell": TellForm, "forbidden": ForbiddenForm, "refuse": RefuseForm}
    forms: dict[str, BaseForm] = {name: bound.get(name) or form(None) for name, form in made.items()}
    return render_template(
        "fund/data/request.html",
        each=outside_request,
        forms=forms,
        seen=digest_of_proposal(outside_request),
        is_late=is_late,
        is_first=outside_request.proposed_by_id == signed_in_user().id,
        page_errors=[error for form in bound.values() for error in form.error_list()],
    )
