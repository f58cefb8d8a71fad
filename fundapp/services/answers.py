"""Saving answers: nothing that was sent is ever lost, and nobody's text is written over unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from forms.answers import BudgetLine, JsonAnswer, budget_total, from_json
from forms.definition import Question
from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerOrigin
from fundapp.models.application import Answer, AnswerRevision, Application
from fundapp.models.user import User

LONGEST_TOKEN = 30


@dataclass(frozen=True)
class SaveOutcome:
    """`rev` is that of the answer as it stands now.

    Stale: somebody else had saved first. The text is kept in the history; the answer is still theirs.
    """

    rev: int
    is_stale: bool = False


def save_answer(
    application: Application,
    question: Question,
    value: JsonAnswer,
    *,
    language: str | None,
    rev: int,
    once: str,
    actor: User,
    now: datetime,
    by_script: bool = False,
) -> SaveOutcome:
    """Keep what was typed. `rev` is the save the writer saw, `once` the token of the page it came from.

    Sending the same page many times saves once. A later press on the same page replaces that page's own
    earlier save, whatever `rev` it saw (`by_script` may arrive out of order, so it may not). Raises
    NotPossibleNow when the application is no longer a draft.
    """
    lock_draft(application)
    answer = find_saved_answer(application, question)
    seen = answer.rev if answer else 0
    if answer is None and value is None:
        return SaveOutcome(0)
    if answer is not None and _is_same(answer, value, language, question):
        return SaveOutcome(seen)
    key = posting_key(once, value, language)
    if _find_revision(application, question, once=key) is not None:
        return SaveOutcome(seen, is_stale=True)
    is_newest = rev == seen or (not by_script and _is_own_page(application, question, seen, once))
    revision = AnswerRevision(
        application_id=application.id,
        question_key=question.key,
        value=value,
        language=language,
        rev=seen + 1 if is_newest else None,
        once=key,
        saved_by_id=actor.id,
        created_at=now,
    )
    db.session.add(revision)
    if not is_newest:
        return SaveOutcome(seen, is_stale=True)
    if answer is None:
        answer = Answer(application=application, question_key=question.key)
    answer.value, answer.language, answer.rev = value, language, seen + 1
    answer.saved_at, answer.saved_by_id = now, actor.id
    db.session.add(answer)
    _carry(application, question, value)
    return SaveOutcome(seen + 1)


def copy_answers(
    application: Application, copies: dict[str, Answer], *, actor: User | None, now: datetime
) -> dict[str, Answer]:
    """Give questions of the second stage the first stage's text, as the first text of their history."""
    copied = {}
    for key, source in copies.items():
        kept = {"value": source.value, "language": source.language, "rev": 1}
        by = actor.id if actor else None
        answer = Answer(
            application=application,
            question_key=key,
            saved_at=now,
            saved_by_id=source.saved_by_id,
            origins=_copied_origin(source),
            **kept,
        )
        db.session.add(answer)
        db.session.add(
            AnswerRevision(
                application_id=application.id, question_key=key, once="copied", saved_by_id=by, **kept
            )
        )
        copied[key] = answer
    db.session.flush()
    return copied


def _copied_origin(source: Answer) -> list[AnswerOrigin]:
    """For a history that begins again with 1; what the group has corrected stays corrected."""
    if (origin := source.origin) is None:
        return []
    copy = AnswerOrigin(
        rev=1 if origin.rev == source.rev else 0,
        kind=origin.kind,
        pasted_from=origin.pasted_from,
        typed_by_role=origin.typed_by_role,
        noted_at=origin.noted_at,
        confirmed_at=origin.confirmed_at,
    )
    return [copy]


def lock_draft(application: Application) -> None:
    """Others who change the same application wait. Raises NotPossibleNow when it is no longer a draft."""
    lock_application(application)
    if application.status is not ApplicationStatus.DRAFT:
        raise NotPossibleNow("only a draft can be changed")


def lock_application(application: Application) -> None:
    """Lock the row and read it again: what was loaded before may be old by now."""
    lock_row(Application, application.id)
    db.session.refresh(application)


def find_saved_answer(application: Application, question: Question) -> Answer | None:
    query = sa.select(Answer).where(
        Answer.application_id == application.id, Answer.question_key == question.key
    )
    return db.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()


def _find_revision(
    application: Application, question: Question, *, once: str | None = None, rev: int | None = None
) -> AnswerRevision | None:
    query = sa.select(AnswerRevision).where(
        AnswerRevision.application_id == application.id, AnswerRevision.question_key == question.key
    )
    query = query.where(AnswerRevision.once == once if once is not None else AnswerRevision.rev == rev)
    return db.session.execute(query).scalars().first()


def _is_same(answer: Answer, value: JsonAnswer, language: str | None, question: Question) -> bool:
    same_language = answer.language == language or not question.is_in_words or value is None
    return bool(answer.value == value) and same_language


def _is_own_page(application: Application, question: Question, rev: int, once: str) -> bool:
    """Whether the newest text came from this very page."""
    newest = _find_revision(application, question, rev=rev)
    return newest is not None and newest.once.startswith(f"{once[:LONGEST_TOKEN]}:")


def posting_key(once: str, value: JsonAnswer, language: str | None) -> str:
    """One page may send several texts; each of them is kept once."""
    written = json.dumps([value, language], ensure_ascii=True, sort_keys=True)
    return f"{once[:LONGEST_TOKEN]}:{hashlib.sha256(written.encode()).hexdigest()[:32]}"


def _carry(application: Application, question: Question, value: JsonAnswer) -> None:
    """Some answers also set what the fund sorts and counts by."""
    match question.carries:
        case "amount_requested":
            amount = _amount(question, value)
            application.amount_requested = amount if amount else None
        case "strand":
            application.strand_code = str(value) if value else None
        case "theme":
            application.theme_code = str(value) if value else None


def _amount(question: Question, value: JsonAnswer) -> Decimal | None:
    match from_json(question, value):
        case Decimal() as amount:
            return amount
        case tuple() as rows:
            return budget_total(row for row in rows if isinstance(row, BudgetLine))
    return None
