"""Helpers of one application: asked by the group, for a time, never to send."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.people import KINDS_OF_HELP, HelperForm, helper_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application, ApplicationHelper, HelpKind
from fundapp.models.invitation import InvitationKind
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.invitations import list_open_invitations
from fundapp.queries.people import get_helper, list_helpers, list_umbrellas
from fundapp.services.invitations import TooManyOpen
from fundapp.services.writing_help import (
    Help,
    HelpEndsInThePast,
    end_help,
    invite_helper,
    last_day_of_help,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.groups.blueprint import as_choices, bp
from fundapp.web.groups.members import TOO_MANY
from fundapp.web.sessions import signed_in_user


@bp.route("/applications/<uuid:application_id>/help", methods=["GET", "POST"])
@requires(Permission.APPLICATION_PEOPLE, application=get_application)
def helpers(application: Application) -> ResponseReturnValue:
    form = bind(helper_form(as_choices(list_umbrellas())))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                email = form["email"].data
                invite_helper(application, email, _help(form), actor=signed_in_user(), now=utcnow())
            return redirect(url_for("groups.helpers", application_id=application.id))
        except HelpEndsInThePast:
            form.add_error("until", _("Choose a day from today to the end of the round."))
        except TooManyOpen:
            form.add_error("email", TOO_MANY)
    now = utcnow()
    page = render_template(
        "groups/help.html",
        application=application,
        helpers=list_helpers(application),
        invitations=list_open_invitations(
            InvitationKind.HELPER, organisation=application.organisation, application=application, now=now
        ),
        now=now,
        last_day=last_day_of_help(application),
        words_of_help=dict(KINDS_OF_HELP),
        form=form,
        page_errors=form.error_list(),
        back_url=url_for("apply.application_page", application_id=application.id),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/applications/<uuid:application_id>/help/<uuid:helper_id>/end")
@requires(Permission.APPLICATION_PEOPLE, application=get_application, helper=get_helper)
def end(application: Application, helper: ApplicationHelper) -> ResponseReturnValue:
    if helper.application_id != application.id:
        raise NotFound
    with unit_of_work():
        end_help(helper, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("groups.helpers", application_id=application.id))


def _help(form: HelperForm) -> Help:
    umbrella = form["umbrella"].data if "umbrella" in form else None
    return Help(
        name=form["name"].data,
        kind=HelpKind(form["kind"].data),
        until=form["until"].data,
        organisation_id=UUID(umbrella) if umbrella else None,
        organisation_name=form["organisation"].data,
    )
