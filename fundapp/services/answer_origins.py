"""Texts that were not simply typed by the group: said on the phone, or pasted from another application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms.definition import Question
from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.models.answer_media import AnswerOrigin, OriginKind
from fundapp.models.application import Application
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.queries.funds import find_role
from fundapp.services.answers import SaveOutcome, find_saved_answer, lock_draft, save_answer
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind


@dataclass(frozen=True)
class Typed:
    """One posting of a page: the text, its language, the save it saw and the page's token."""

    text: str
    language: str | None
    rev: int
    once: str


def paste_answer(
    application: Application,
    question: Question,
    typed: Typed,
    *,
    pasted_from: str,
    actor: User,
    now: datetime,
) -> SaveOutcome:
    """The group's own text from another application; all we ask is from where. Raises TextNeeded."""
    outcome = _save(application, question, typed, actor=actor, now=now)
    if not outcome.is_stale:
        origin = AnswerOrigin(kind=OriginKind.PASTED, pasted_from=pasted_from or None)
        _note(application, question, origin, rev=outcome.rev, now=now)
    return outcome


def note_document(application: Application, question: Question, *, rev: int, now: datetime) -> None:
    """This save was brought from a document that somebody wrote elsewhere."""
    _note(application, question, AnswerOrigin(kind=OriginKind.DOCUMENT), rev=rev, now=now)


def type_for_group(
    application: Application, question: Question, typed: Typed, *, actor: User, now: datetime
) -> SaveOutcome:
    """What the group said on the phone, typed and marked so; the group is told and may correct it.

    Raises TextNeeded, and NotPossibleNow when it is no draft.
    """
    lock_draft(application)
    before = find_saved_answer(application, question)
    seen = before.rev if before else 0
    outcome = _save(application, question, typed, actor=actor, now=now)
    if outcome.is_stale or outcome.rev == seen:
        return outcome
    role = find_role(actor, application.call.fund_id) or FundRoleKind.MANAGER
    origin = AnswerOrigin(kind=OriginKind.PHONE_INTERVIEW, typed_by_role=role)
    _note(application, question, origin, rev=outcome.rev, now=now)
    record(application, "type_answer", actor=actor, now=now, details={"question": question.key})
    tell_group(application, MessageKind.ANSWER_TYPED, now=now, application_id=str(application.id))
    return outcome


def confirm_typed(
    application: Application, question: Question, *, rev: int, actor: User, now: datetime
) -> None:
    """The group finds that what was typed for it is what it said. Raises NotPossibleNow."""
    lock_draft(application)
    answer = find_saved_answer(application, question)
    origin = answer.origin if answer else None
    if answer is None or origin is None or answer.rev != rev or origin.typed_by_role is None:
        raise NotPossibleNow("this text is not the one that was typed for the group")
    if origin.confirmed_at is not None:
        return
    origin.confirmed_at = now
    record(application, "confirm_answer", actor=actor, now=now, details={"question": question.key})


def _save(
    application: Application, question: Question, typed: Typed, *, actor: User, now: datetime
) -> SaveOutcome:
    if not typed.text.strip():
        raise TextNeeded
    return save_answer(
        application,
        question,
        typed.text,
        language=typed.language,
        rev=typed.rev,
        once=typed.once,
        actor=actor,
        now=now,
    )


def _note(
    application: Application, question: Question, origin: AnswerOrigin, *, rev: int, now: datetime
) -> None:
    """One origin for each save; pasting the same text again only changes from where."""
    db.session.flush()
    answer = find_saved_answer(application, question)
    if answer is None:  # pragma: no cover - it was saved a moment ago
        return
    known = db.session.execute(
        sa.select(AnswerOrigin).where(AnswerOrigin.answer_id == answer.id, AnswerOrigin.rev == rev)
    ).scalar_one_or_none()
    if known is None:
        origin.rev, origin.noted_at = rev, now
        answer.origins.append(origin)
    elif known.kind is OriginKind.PASTED and origin.kind is OriginKind.PASTED:
        known.pasted_from = origin.pasted_from
    db.session.flush()
