"""Answers that come back in a file: they fill the draft and write over nothing unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from forms.answers import JsonAnswer, digest_of
from forms.definition import Question
from fundapp.db import db
from fundapp.models.application import AnswerRevision, Application
from fundapp.models.user import User
from fundapp.services.answer_origins import note_document
from fundapp.services.answers import find_saved_answer, lock_draft, save_answer

NEVER_CURRENT = -1  # a rev that no answer has


class Fate(StrEnum):
    """What became of one answer of the file."""

    FILLED = "filled"
    SAME = "same"  # as it is saved, or as it was when the file was made
    LEFT_EMPTY = "left_empty"  # the file has nothing; what is saved stays
    NEWER_SAVED = "newer_saved"  # both texts are kept; the group chooses


@dataclass(frozen=True)
class FromFile:
    """`rev` and `digest` name the save that the file was made from; None where it names none."""

    question: Question
    value: JsonAnswer
    language: str | None
    rev: int | None = None
    digest: str | None = None


def bring_back(
    application: Application, answers: Sequence[FromFile], *, once: str, actor: User, now: datetime
) -> dict[str, Fate]:
    """By the key of the question. Raises NotPossibleNow when it is no draft."""
    lock_draft(application)
    return {
        each.question.key: _bring_one(application, each, once=once, actor=actor, now=now) for each in answers
    }


def _bring_one(application: Application, each: FromFile, *, once: str, actor: User, now: datetime) -> Fate:
    saved = find_saved_answer(application, each.question)
    value, rev = (saved.value, saved.rev) if saved else (None, 0)
    is_of_this_draft = _is_of_this_draft(application, each)
    if each.value == value or (is_of_this_draft and digest_of(each.value) == each.digest):
        return Fate.SAME
    if each.value is None:
        return Fate.LEFT_EMPTY
    is_current = each.rev == rev if is_of_this_draft else value is None
    outcome = save_answer(
        application,
        each.question,
        each.value,
        language=each.language or (saved.language if saved else None),
        rev=rev if is_current else NEVER_CURRENT,
        once=once,
        actor=actor,
        now=now,
        by_script=True,  # never takes the place of a newer save, whichever page that came from
    )
    if outcome.is_stale:
        return Fate.NEWER_SAVED
    note_document(application, each.question, rev=outcome.rev, now=now)
    return Fate.FILLED


def _is_of_this_draft(application: Application, each: FromFile) -> bool:
    """Whether the file was made from a save of this draft; save 0 is the empty form, which fits all."""
    if each.rev is None:
        return False
    if each.rev == 0:
        return each.digest == digest_of(None)
    query = sa.select(AnswerRevision.value).where(
        AnswerRevision.application_id == application.id,
        AnswerRevision.question_key == each.question.key,
        AnswerRevision.rev == each.rev,
    )
    return any(digest_of(value) == each.digest for value in db.session.execute(query).scalars())
