"""Reading and scoring: a mark at a time, nothing written over unseen, locked when whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.models.panel import ReaderQuestion, Review, ReviewAssignment, Score
from fundapp.models.user import User
from fundapp.queries.rankings import rubric_of
from fundapp.queries.readings import (
    Sheet,
    is_open_for_scoring,
    mark_rev,
    note_rev_of,
    rev_of,
    score_sheet,
    sheet_of,
)
from fundapp.queries.threads import list_managers_to_tell
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify
from scoring.records import Mark, ScoreSheet
from scoring.rubric import SheetProblemCode, check_sheet


@dataclass(frozen=True)
class NewMark:
    """What a reader says about one criterion; everything may still be empty."""

    value: int | None = None
    cant_tell: bool = False
    sentence: str = ""
    question: str = ""  # for the group, where the reader can't tell


@dataclass(frozen=True)
class NewNote:
    """The reader's own words beside the marks. Only the concern is for somebody else."""

    text: str = ""
    has_concern: bool = False
    concern: str = ""


class Gap(StrEnum):
    """Why a sheet cannot be locked yet."""

    MARK = "mark"
    SENTENCE = "sentence"
    QUESTION = "question"


class ScoringClosed(FundError):
    """Before or after the round's scoring dates, or the panel has the application already."""

    code = "scoring_closed"


class SheetIsLocked(FundError):
    """Locked marks no longer change."""

    code = "sheet_is_locked"


class UnknownMark(FundError):
    """No such criterion, or no such level on the scale of this call."""

    code = "unknown_mark"
    status = 400


class IncompleteSheet(FundError):
    """`gaps` are pairs of criterion and what it still needs."""

    code = "incomplete_sheet"

    def __init__(self, gaps: list[tuple[str, Gap]]) -> None:
        super().__init__("the sheet cannot be locked yet")
        self.gaps = gaps


def save_mark(
    assignment: ReviewAssignment,
    criterion_key: str,
    mark: NewMark,
    *,
    rev: str,
    actor: User,
    now: datetime,
    is_typed_in: bool = False,
) -> str:
    """Keep a mark, finished or not; gives the new rev. `rev` is that of the mark the reader saw.

    `is_typed_in`: by the actor for the reader, as told (services/typed_marks.py).

    Raises StaleVersion when it was changed meanwhile in another window, ScoringClosed, SheetIsLocked.
    """
    sheet = locked_sheet(assignment, now)
    _check_mark(sheet, criterion_key, mark)
    score, question = sheet.scores.get(criterion_key), sheet.questions.get(criterion_key)
    if rev_of(score, question) == _rev_after(mark, question):
        return rev_of(score, question)
    if sheet.is_locked and not sheet.may_settle(criterion_key):
        raise SheetIsLocked
    if rev != rev_of(score, question):
        raise StaleVersion
    review = sheet.review or _start_review(assignment, actor=actor, now=now)
    if score is None:
        score = Score(review=review, criterion_key=criterion_key)
        db.session.add(score)
    if sheet.is_locked:
        _settle(sheet, criterion_key, mark, actor=actor, now=now)
    # the check constraint sees each flush: never a level and "can't tell" together
    score.value = None if mark.cant_tell else mark.value
    score.cant_tell = mark.cant_tell
    score.sentence = mark.sentence
    score.typed_by, score.typed_at = (actor, now) if is_typed_in else (None, None)
    question = _keep_question(assignment, criterion_key, question, mark.question)
    db.session.flush()
    return rev_of(score, question)


def save_note(assignment: ReviewAssignment, note: NewNote, *, rev: str, actor: User, now: datetime) -> str:
    """The reader's own note and the early concern; gives the new rev. Raises StaleVersion, SheetIsLocked.

    The fund's managers are told of a concern at once.
    """
    sheet = locked_sheet(assignment, now)
    review = sheet.review
    if note == (NewNote(review.private_note, review.has_concern, review.concern) if review else NewNote()):
        return note_rev_of(review)
    if sheet.is_locked:
        raise SheetIsLocked
    if rev != note_rev_of(review):
        raise StaleVersion
    review = review or _start_review(assignment, actor=actor, now=now)
    if note.has_concern != review.has_concern:
        step = "raise_concern" if note.has_concern else "take_back_concern"
        record(review, step, actor=actor, now=now, call_id=sheet.application.call_id)
        if note.has_concern:
            _tell_managers(sheet, MessageKind.READER_CONCERN, review.id, now=now)
    review.private_note, review.has_concern, review.concern = note.text, note.has_concern, note.concern
    db.session.flush()
    return note_rev_of(review)


def raise_question(assignment: ReviewAssignment, criterion_key: str, *, actor: User, now: datetime) -> None:
    """Hand the question for the group to the secretary at once, without waiting for the lock."""
    sheet = locked_sheet(assignment, now)
    question = sheet.questions.get(criterion_key)
    if question is None or not question.text:
        raise IncompleteSheet([(criterion_key, Gap.QUESTION)])
    _raise(question, sheet, actor=actor, now=now)


def ask_meaning(
    assignment: ReviewAssignment, question_key: str, text: str, *, actor: User, now: datetime
) -> ReaderQuestion:
    """The meaning of an answer is not clear: the question is with the secretary at once, no mark needed.

    Sending the same question again changes nothing. Raises TextNeeded, ScoringClosed, and NotPossibleNow
    where this reader has asked something else about the same answer.
    """
    sheet = locked_sheet(assignment, now)
    if (known := sheet.doubts.get(question_key)) is not None:
        if known.text == text.strip():
            return known
        raise NotPossibleNow("asked already")
    if not text.strip():
        raise TextNeeded
    question = ReaderQuestion(assignment=assignment, question_key=question_key, text=text.strip())
    db.session.add(question)
    _raise(question, sheet, actor=actor, now=now)
    return question


def lock_review(assignment: ReviewAssignment, *, actor: User, now: datetime) -> None:
    """Finish the sheet: it no longer changes, and the others' marks become visible.

    Questions for the group go to the secretary. Locking twice changes nothing. Raises IncompleteSheet.
    """
    sheet = locked_sheet(assignment, now)
    if sheet.is_locked:
        return
    if gaps := gaps_of(sheet):
        raise IncompleteSheet(gaps)
    if sheet.review is None:  # a call without criteria has no sheets
        raise NotPossibleNow("nothing was marked")
    for key, question in sheet.questions.items():
        if sheet.scores[key].cant_tell and question.text:
            _raise(question, sheet, actor=actor, now=now)
    sheet.review.locked_at = now
    author = {"author": str(assignment.seat.user_id)} if actor.id != assignment.seat.user_id else {}
    record(sheet.review, "lock", actor=actor, now=now, call_id=sheet.application.call_id, details=author)


def gaps_of(sheet: Sheet) -> list[tuple[str, Gap]]:
    """What is still missing, in the order of the criteria."""
    rubric = rubric_of(sheet.definition.assessment)
    problems = check_sheet(score_sheet(sheet.scores.values(), sheet.assignment), rubric)
    missing = {each.criterion for each in problems if each.code is SheetProblemCode.MARK_MISSING}
    gaps = []
    for criterion in sheet.definition.assessment.criteria:
        score = sheet.scores.get(criterion.key)
        if score is None or criterion.key in missing:
            gaps.append((criterion.key, Gap.MARK))
        elif not score.cant_tell and not score.sentence:
            gaps.append((criterion.key, Gap.SENTENCE))
        elif score.cant_tell and not _has_asked(sheet, criterion.key):
            gaps.append((criterion.key, Gap.QUESTION))
    return gaps


def _has_asked(sheet: Sheet, criterion_key: str) -> bool:
    question = sheet.questions.get(criterion_key)
    return bool(sheet.asked(criterion_key)) or (question is not None and bool(question.text))


def _settle(sheet: Sheet, criterion_key: str, mark: NewMark, *, actor: User, now: datetime) -> None:
    """After the group's answer a level takes the place of "can't tell", with its sentence."""
    if mark.value is None or mark.cant_tell:
        raise IncompleteSheet([(criterion_key, Gap.MARK)])
    if not mark.sentence:
        raise IncompleteSheet([(criterion_key, Gap.SENTENCE)])
    call_id, details = sheet.application.call_id, {"criterion": criterion_key}
    record(sheet.review, "settle", actor=actor, now=now, call_id=call_id, details=details)


def locked_sheet(assignment: ReviewAssignment, now: datetime) -> Sheet:
    """The sheet as it is now; a second window of the same reader waits.

    Raises ScoringClosed, and NoResultFound where it was taken back from the reader meanwhile.
    """
    query = sa.select(ReviewAssignment).where(ReviewAssignment.id == assignment.id).with_for_update()
    db.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    db.session.refresh(assignment.application, ["status"])
    if assignment.voided_at is not None or not is_open_for_scoring(assignment, now):
        raise ScoringClosed
    return sheet_of(assignment)


def _check_mark(sheet: Sheet, criterion_key: str, mark: NewMark) -> None:
    rubric = rubric_of(sheet.definition.assessment)
    marks = (Mark(criterion_key, mark.value),)
    problems = check_sheet(ScoreSheet("", "", marks), rubric)
    if any(each.code is not SheetProblemCode.MARK_MISSING for each in problems):
        raise UnknownMark


def _start_review(assignment: ReviewAssignment, *, actor: User, now: datetime) -> Review:
    review = Review(assignment=assignment, created_at=now)
    db.session.add(review)
    record(review, "start", actor=actor, now=now, call_id=assignment.application.call_id)
    return review


def _keep_question(
    assignment: ReviewAssignment, criterion_key: str, question: ReaderQuestion | None, text: str
) -> ReaderQuestion | None:
    """Once the secretary has it, the wording is the secretary's."""
    if question is None and text:
        question = ReaderQuestion(assignment=assignment, criterion_key=criterion_key, text=text)
        db.session.add(question)
    elif question is not None and question.raised_at is None:
        question.text = text
    return question


def _rev_after(mark: NewMark, question: ReaderQuestion | None) -> str:
    """The rev once this mark is kept."""
    is_raised = question is not None and question.raised_at is not None
    text = question.text if question is not None and is_raised else mark.question
    return mark_rev(mark.value, mark.cant_tell, mark.sentence, text)


def _raise(question: ReaderQuestion, sheet: Sheet, *, actor: User, now: datetime) -> None:
    if question.raised_at is None:
        question.raised_at = now
        db.session.flush()
        _tell_managers(sheet, MessageKind.READER_QUESTION, question.id, now=now)
        record(question, "raise", actor=actor, now=now, call_id=sheet.application.call_id)


def _tell_managers(sheet: Sheet, kind: MessageKind, about: UUID, *, now: datetime) -> None:
    """Once about each concern and each question."""
    for manager in list_managers_to_tell(sheet.application):
        once_key = f"{kind}:{about}:{manager.id}"
        notify(manager, kind, now=now, once_key=once_key, application_id=str(sheet.application.id))
