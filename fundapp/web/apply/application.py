"""The group's page of its application: what is left to do, where it is, and everything to take away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition import Question, Stage
from forms.i18n import current_language
from forms.pages.apply import WithdrawForm
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Application
from fundapp.models.thread import MissedPromise
from fundapp.permissions import Permission, can
from fundapp.queries.applications import (
    definition_for,
    get_application,
    list_clarifications,
)
from fundapp.queries.deadlines import is_late, may_ask_for_grace, stage_of
from fundapp.queries.drafts import (
    NextDate,
    next_date_of,
    partner_amounts,
    questions_to_look_at,
    sections_of,
)
from fundapp.queries.group_news import find_news, status_for_group, waits_for_the_day
from fundapp.queries.people import around
from fundapp.queries.promises import list_misses
from fundapp.queries.recordings import list_to_check, list_unusable
from fundapp.queries.retention.over import goes_on
from fundapp.services.applications import withdraw_application
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.apply.minutes import counts_minutes
from fundapp.web.apply.words import what_comes_next, where_it_is
from fundapp.web.binding import bind
from fundapp.web.own_device import may_be_kept
from fundapp.web.sessions import signed_in_user

MAY_ASK = (
    ApplicationStatus.CLARIFYING,
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.AT_PANEL,
)
ENDED = (
    ApplicationStatus.IN_PRINCIPLE,
    ApplicationStatus.INELIGIBLE,
    ApplicationStatus.DECLINED,
    ApplicationStatus.WITHDRAWN,
)


@bp.get("/applications/<uuid:application_id>")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def application_page(application: Application) -> ResponseReturnValue:
    """The task list while it is a draft; "where is my application?" afterwards."""
    stage, definition = stage_of(application), definition_for(application)
    status, next_date = status_for_group(application), next_date_of(application)
    is_draft = application.status is ApplicationStatus.DRAFT
    may_send = can(signed_in_user(), Permission.APPLICATION_SUBMIT, application)
    may_speak_for = may_send or can(signed_in_user(), Permission.APPLICATION_SPEAK_FOR, application)
    sections = sections_of(application, current_language().code) if is_draft else []
    if is_draft:
        may_be_kept()
    return render_template(
        "apply/application.html",
        application=application,
        definition=definition,
        status=status,
        where=where_it_is(status, stage),
        what_next=what_comes_next(status, stage),
        misses=_misses(application, next_date, arrived_at()),
        news=find_news(application),
        is_draft=is_draft,
        is_full=stage is Stage.FULL,
        sections=sections,
        to_check=[(each, _question_of(application, each)) for each in list_to_check(application)]
        if may_speak_for
        else [],
        unusable=[(each, _question_of(application, each)) for each in list_unusable(application)],
        typed_for_group=questions_to_look_at(application) if is_draft and may_speak_for else [],
        answered=sum(section.answered for section in sections),
        asked=sum(len(section.questions) for section in sections),
        minutes_left=sum(section.minutes_left for section in sections),
        next_date=next_date,
        goes_on=goes_on(application) if is_draft else None,
        is_late=is_late(application, arrived_at()),
        may_ask_for_grace=may_speak_for and may_ask_for_grace(application, arrived_at()),
        clarifications=list_clarifications(application) if status in MAY_ASK else (),
        may_edit=may_send or can(signed_in_user(), Permission.APPLICATION_EDIT, application),
        may_withdraw=may_send and status not in ENDED,
        is_member=may_send or can(signed_in_user(), Permission.GROUP_VIEW, application.organisation),
        around=around(application, now=arrived_at()) if may_send else None,
        has_shares=bool(partner_amounts(application)),
        counts_minutes=counts_minutes(),
    )


def _misses(application: Application, next_date: NextDate | None, now: datetime) -> Sequence[MissedPromise]:
    """Our sorry, where a date was moved or has passed; nobody else costs a question to the database."""
    if next_date is None or next_date.is_deadline:
        return ()
    if next_date.moved_because is None and next_date.at > now:
        return ()
    return [miss for miss in list_misses(application) if miss.kept_at is None]


def _question_of(application: Application, recording: AnswerMedia) -> Question:
    return definition_for(application).form.question(recording.answer.question_key)


@bp.route("/applications/<uuid:application_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SUBMIT, application=get_application)
def withdraw(application: Application) -> ResponseReturnValue:
    here = url_for("apply.application_page", application_id=application.id)
    if waits_for_the_day(application):
        raise NotPossibleNow("a decision waits for the day on which everybody is told")
    if application.status in ENDED:
        return redirect(here)
    form = bind(WithdrawForm)
    if request.method == "POST" and form.validate():
        reason = form["reason"].data or None
        with unit_of_work():
            withdraw_application(application, reason=reason, actor=signed_in_user(), now=arrived_at())
        return redirect(here)
    page = render_template(
        "apply/withdraw.html",
        form=form,
        definition=definition_for(application),
        page_errors=form.error_list(),
        back_url=here,
    )
    return page, 422 if request.method == "POST" else 200
