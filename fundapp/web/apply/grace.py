"""More time to send, for whoever asks."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.apply import GraceForm
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.application import Application
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.deadlines import grace_ends_at, may_ask_for_grace, stage_of
from fundapp.services.grace import ask_for_grace
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user


@bp.route("/applications/<uuid:application_id>/more-time", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def more_time(application: Application) -> ResponseReturnValue:
    """Asked for with a few words or without; granted at once, without anybody of the fund."""
    here = url_for("apply.application_page", application_id=application.id)
    if application.grace_until is not None:
        return redirect(here)
    if not may_ask_for_grace(application, arrived_at()):
        raise NotPossibleNow("more time is for drafts, around their deadline")
    form = bind(GraceForm)
    if request.method == "POST" and form.validate():
        with unit_of_work():
            ask_for_grace(application, reason=form.said, actor=signed_in_user(), now=arrived_at())
        return redirect(here)
    page = render_template(
        "apply/more_time.html",
        application=application,
        definition=definition_for(application),
        until=grace_ends_at(application.round, stage_of(application)),
        form=form,
        page_title=_("Ask for more time"),
        page_errors=form.error_list(),
        back_url=here,
    )
    return page, 422 if request.method == "POST" else 200
