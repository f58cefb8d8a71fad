"""Messages with the fund, before and after sending."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from forms.i18n import _
from forms.pages.thread import MessageForm
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.threads import list_thread
from fundapp.services.threads import write_to_fund
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp, new_once, posted_once
from fundapp.web.binding import bind
from fundapp.web.second_look import details_in
from fundapp.web.sessions import signed_in_user


@bp.route("/applications/<uuid:application_id>/messages", methods=["GET", "POST"])
@requires(Permission.APPLICATION_VIEW, application=get_application)
def thread(application: Application) -> ResponseReturnValue:
    """Everybody of the group and its helpers read; who may write for it writes."""
    may_write = can(signed_in_user(), Permission.APPLICATION_EDIT, application)
    is_posted = request.method == "POST"
    if is_posted and not may_write:
        raise Forbidden
    form = bind(MessageForm)
    is_valid = is_posted and form.validate()
    details = details_in(form) if is_valid else []
    if is_valid and not details:
        with unit_of_work():
            write_to_fund(
                application, form["text"].data, once=posted_once(), actor=signed_in_user(), now=arrived_at()
            )
        return redirect(url_for("apply.thread", application_id=application.id))
    page = render_template(
        "apply/thread.html",
        definition=definition_for(application),
        entries=list_thread(application),
        form=form,
        details=details,
        may_write=may_write,
        once=posted_once() if is_posted else new_once(),
        page_title=_("Messages with the fund"),
        page_errors=form.error_list(),
        back_url=url_for("apply.application_page", application_id=application.id),
    )
    return page, 422 if form.errors else 200
