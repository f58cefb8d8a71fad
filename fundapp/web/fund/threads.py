"""Messages with groups: an inbox for each call, who waits longest first; and promises that were missed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.thread import MessageForm, NewDateForm, StepDateForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.call import Call, Round
from fundapp.models.thread import PromiseKind
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.calls import current_version, definition_of, get_call, get_round
from fundapp.queries.promises import TIMETABLE, list_misses_of_round, promise_of
from fundapp.queries.threads import list_inbox, list_thread, list_unanswered
from fundapp.services.promises import DayNotAhead, set_new_date, set_reply_date
from fundapp.services.threads import settle_thread, write_to_group
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once

LONDON = ZoneInfo("Europe/London")
bp = Blueprint("fund_threads", __name__)


@bp.get("/fund/calls/<uuid:call_id>/messages")
@requires(Permission.CALL_RUN, call=get_call)
def inbox(call: Call) -> ResponseReturnValue:
    today = utcnow().astimezone(LONDON).date()
    return render_template(
        "fund/threads/inbox.html",
        call=call,
        rows=list_inbox(call.id, reader=current_user),
        today=today,
        days_since=lambda at: (today - at.astimezone(LONDON).date()).days,
    )


@bp.route("/fund/applications/<uuid:application_id>/messages", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def thread(application: Application) -> ResponseReturnValue:
    form = bind(MessageForm)
    if is_posted() and form.validate():
        with unit_of_work():
            write_to_group(
                application, form["text"].data, once=posted_once(), actor=current_user, now=utcnow()
            )
        return redirect(_thread_url(application))
    return _thread_page(application, form=form, date_form=NewDateForm(None))


@bp.post("/fund/applications/<uuid:application_id>/messages/settle")
@requires(Permission.APPLICATION_RUN, application=get_application)
def settle(application: Application) -> ResponseReturnValue:
    with unit_of_work():
        settle_thread(application, actor=current_user, now=utcnow())
    return redirect(_thread_url(application))


@bp.post("/fund/applications/<uuid:application_id>/messages/date")
@requires(Permission.APPLICATION_RUN, application=get_application)
def reply_date(application: Application) -> ResponseReturnValue:
    """A new day for the answer, with a reason the group reads."""
    form, waiting = bind(NewDateForm), list_unanswered(application)
    if form.validate() and waiting:
        try:
            with unit_of_work():
                for message in waiting:
                    set_reply_date(
                        message,
                        form["day"].data,
                        reason=form["reason"].data,
                        actor=current_user,
                        now=utcnow(),
                    )
        except DayNotAhead:
            form.add_error("day", _("Choose a day after today."))
    if form.errors:
        return _thread_page(application, form=MessageForm(None), date_form=form)
    return redirect(_thread_url(application))


def _thread_url(application: Application) -> str:
    return url_for("fund_threads.thread", application_id=application.id)


def _thread_page(application: Application, *, form: BaseForm, date_form: BaseForm) -> ResponseReturnValue:
    errors = [*form.error_list(), *date_form.error_list()]
    page = render_template(
        "fund/threads/thread.html",
        application=application,
        entries=list_thread(application),
        waiting=list_unanswered(application),
        form=form,
        date_form=date_form,
        page_errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/fund/rounds/<uuid:round_id>/promises", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, round=get_round)
def promises(round: Round) -> ResponseReturnValue:
    """Which dates hold, which were missed, and a new date for everybody who waits."""
    form = bind(StepDateForm)
    if is_posted() and form.validate():
        kind = PromiseKind(form["kind"].data)
        if _set(round.id, kind, form, now=utcnow()):
            return redirect(url_for("fund_threads.promises", round_id=round.id))
    definition = definition_of(current_version(round.call))
    page = render_template(
        "fund/threads/promises.html",
        round=round,
        promises=[each for kind in TIMETABLE if (each := promise_of(round, kind, definition))],
        misses=list_misses_of_round(round.id, reader=current_user),
        form=form,
        page_errors=form.error_list(),
    )
    return page, 422 if is_posted() else 200


def _set(round_id: UUID, kind: PromiseKind, form: BaseForm, *, now: datetime) -> bool:
    try:
        with unit_of_work():
            round_ = get_round(round_id)
            if promise_of(round_, kind, definition_of(current_version(round_.call))) is None:
                raise NotFound
            set_new_date(
                round_, kind, form["day"].data, reason=form["reason"].data, actor=current_user, now=now
            )
    except DayNotAhead:
        form.add_error("day", _("Choose a day after today."))
        return False
    return True
