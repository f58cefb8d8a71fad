"""Questions back to a group: a reader raises one, the secretary sends it, all readers see the answer."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, Clarification
from fundapp.models.panel import ReaderQuestion
from fundapp.models.user import User
from fundapp.queries.applications import list_clarifications, list_members_to_tell
from fundapp.queries.panels import find_panel, list_readers_to_tell
from fundapp.queries.threads import list_managers_to_tell
from fundapp.services.answers import lock_application
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify


class TextNeeded(FundError):
    """A question, an answer or a reason was left empty."""

    code = "text_needed"


def ask_group(
    application: Application,
    text: str,
    *,
    criterion_key: str | None,
    question_key: str | None = None,
    actor: User,
    now: datetime,
) -> Clarification:
    """Put a question to the group, in the fund's name. Raises NotPossibleNow and TextNeeded."""
    if not text.strip():
        raise TextNeeded
    lock_application(application)
    if application.status is ApplicationStatus.IN_REVIEW:
        move(application, "ask_group", actor=actor, now=now)
    elif application.status is not ApplicationStatus.CLARIFYING:
        raise NotPossibleNow("groups are asked while their application is being read")
    clarification = Clarification(
        application=application,
        criterion_key=criterion_key,
        question_key=question_key,
        question=text.strip(),
        asked_by_id=actor.id,
        created_at=now,
    )
    db.session.add(clarification)
    record(clarification, "ask", actor=actor, now=now, call_id=application.call_id)
    for member in list_members_to_tell(application):
        notify(member, MessageKind.CLARIFICATION_ASKED, now=now, application_id=str(application.id))
    return clarification


def send_question(question: ReaderQuestion, text: str, *, actor: User, now: datetime) -> Clarification:
    """The secretary sends what a reader asked, in words that suit the group."""
    _lock_open(question)
    clarification = ask_group(
        question.assignment.application,
        text,
        criterion_key=question.criterion_key,
        question_key=question.question_key,
        actor=actor,
        now=now,
    )
    question.clarification_id = clarification.id
    db.session.flush()
    return clarification


def keep_question_back(question: ReaderQuestion, reason: str, *, actor: User, now: datetime) -> None:
    """Not sent; the reader sees why. Raises TextNeeded."""
    _lock_open(question)
    if not reason.strip():
        raise TextNeeded
    question.not_sent_reason = reason.strip()
    db.session.flush()
    call_id = question.assignment.application.call_id
    record(question, "keep_back", actor=actor, now=now, reason=reason.strip(), call_id=call_id)


def answer_clarification(clarification: Clarification, text: str, *, actor: User, now: datetime) -> None:
    """The group's answer, once. The last open answer brings the application back to its readers.

    All readers are told at the same moment. Where they must not know names, the fund is told first: it reads
    the answer for them.

    Sending the same answer again changes nothing. Raises NotPossibleNow and TextNeeded.
    """
    answer = text.strip()
    if not answer:
        raise TextNeeded
    application = clarification.application
    lock_application(application)
    db.session.refresh(clarification)
    if clarification.is_answered:
        if clarification.answer == answer:
            return
        raise NotPossibleNow("answered already")
    clarification.answer, clarification.answered_at = answer, now
    record(clarification, "answer", actor=actor, now=now, call_id=application.call_id)
    panel = find_panel(application.round)
    is_hidden = panel is not None and panel.hides_names(now)
    tell = list_managers_to_tell if is_hidden else list_readers_to_tell
    for person in tell(application):
        notify(person, MessageKind.CLARIFICATION_ANSWERED, now=now, clarification_id=str(clarification.id))
    has_all = all(each.is_answered for each in list_clarifications(application))
    if application.status is ApplicationStatus.CLARIFYING and has_all:
        move(application, "hear_from_group", actor=actor, now=now)


def _lock_open(question: ReaderQuestion) -> None:
    db.session.refresh(question, with_for_update=True)
    is_settled = question.clarification_id is not None or question.not_sent_reason is not None
    if question.raised_at is None or is_settled:
        raise NotPossibleNow("only a question that waits can be settled")
