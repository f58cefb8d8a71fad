"""What a reader sees: own list, one application, own marks, and the others' once the own are locked.

A conflict of interest is part of each query here: a conflicted application is not in any list or count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from fundapp.call_file.definition import CallDefinition
from fundapp.db import db
from fundapp.lifecycles import PANEL_ALLOWS, ApplicationStatus, PanelAct, PanelPhase
from fundapp.models.application import Application, Clarification, PartnerShare
from fundapp.models.call import CallVersion
from fundapp.models.panel import Panel, PanelSeat, ReaderQuestion, Review, ReviewAssignment, Score
from fundapp.permissions import application_without_conflict, conflicted_organisations
from fundapp.queries.applications import ANSWER_PARTS
from fundapp.queries.calls import definition_of
from fundapp.queries.panel_phases import phase_of
from fundapp.queries.rankings import rubric_of
from scoring.records import Mark, ScoreSheet
from scoring.rubric import total_of_sheet

S = ApplicationStatus
TO_BE_READ = (S.IN_REVIEW, S.CLARIFYING)
READABLE = (*TO_BE_READ, S.AT_PANEL, S.IN_PRINCIPLE, S.RESERVE, S.DECLINED)


@dataclass(frozen=True)
class Reading:
    """One line of a reader's list."""

    assignment: ReviewAssignment
    review: Review | None
    marked: int  # criteria with a level or "can't tell"

    @property
    def application(self) -> Application:
        return self.assignment.application

    @property
    def is_locked(self) -> bool:
        return self.review is not None and self.review.locked_at is not None

    @property
    def is_closed(self) -> bool:
        """Nothing is left to do: locked, or the panel has the application already."""
        return self.is_locked or self.application.status not in TO_BE_READ


class Asked(Protocol):
    """A question to the group and what it said, in full or in a copy without names."""

    @property
    def id(self) -> UUID: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str | None: ...
    @property
    def is_answered(self) -> bool: ...
    @property
    def criterion_key(self) -> str | None: ...
    @property
    def question_key(self) -> str | None: ...
    @property
    def translations(self) -> Sequence[Any]: ...  # each of one part, as `part` says


@dataclass(frozen=True)
class Sheet:
    """Everything one reader has written about one application."""

    assignment: ReviewAssignment
    definition: CallDefinition
    review: Review | None
    scores: Mapping[str, Score]
    questions: Mapping[str, ReaderQuestion]  # by criterion
    doubts: Mapping[str, ReaderQuestion]  # by the question of the form whose answer is not clear
    clarifications: Sequence[Asked]
    others: Sequence[Mapping[str, Score]]  # locked marks of other readers; none before the own lock

    @property
    def application(self) -> Application:
        return self.assignment.application

    @property
    def is_locked(self) -> bool:
        return self.review is not None and self.review.locked_at is not None

    @cached_property
    def total(self) -> Fraction | None:
        """Of 100; none while a mark is missing or "can't tell"."""
        marks = score_sheet(self.scores.values(), self.assignment)
        return total_of_sheet(marks, rubric_of(self.definition.assessment))

    def rev(self, criterion_key: str) -> str:
        return rev_of(self.scores.get(criterion_key), self.questions.get(criterion_key))

    def is_marked(self, criterion_key: str) -> bool:
        return _is_marked(self.scores.get(criterion_key))

    def is_own(self, criterion_key: str) -> bool:
        """The reader has written something here, if only a question, and nobody typed it in for them."""
        score, question = self.scores.get(criterion_key), self.questions.get(criterion_key)
        is_typed = score is not None and score.typed_by_id is not None
        is_scored = score is not None and bool(_is_marked(score) or score.sentence)
        return not is_typed and (is_scored or (question is not None and bool(question.text)))

    def asked(self, criterion_key: str) -> list[Asked]:
        """What the group was asked about this criterion, or about the whole application."""
        return [
            each
            for each in self.clarifications
            if each.criterion_key == criterion_key
            or (each.criterion_key is None and each.question_key is None)
        ]

    def asked_about_answer(self, question_key: str) -> list[Asked]:
        """What the group was asked because the meaning of an answer was not clear."""
        return [each for each in self.clarifications if each.question_key == question_key]

    @property
    def asked_about_all(self) -> list[Asked]:
        return [each for each in self.clarifications if not each.criterion_key and not each.question_key]

    def may_settle(self, criterion_key: str) -> bool:
        """A locked "can't tell" may become a level once the group has answered."""
        score = self.scores.get(criterion_key)
        heard = any(each.is_answered for each in self.asked(criterion_key))
        return self.is_locked and score is not None and score.cant_tell and heard

    @property
    def note_rev(self) -> str:
        return note_rev_of(self.review)


def without_conflict(user_id: UUID, call_id: UUID) -> sa.ColumnElement[bool]:
    """Applications of groups (and partners) this person has no conflict with above a note."""
    tied = conflicted_organisations(user_id, call_id)
    shared = sa.select(PartnerShare.application_id).where(PartnerShare.organisation_id.in_(tied))
    return sa.and_(Application.organisation_id.not_in(tied), Application.id.not_in(shared))


def list_readings(seat: PanelSeat, panel: Panel) -> list[Reading]:
    """The member's applications, open ones first, in the member's own order of reading.

    None before the conflicts are declared.
    """
    if seat.conflicts_declared_at is None:
        return []
    marked = (
        sa.select(sa.func.count())
        .where(Score.review_id == Review.id, sa.or_(Score.value.is_not(None), Score.cant_tell.is_(True)))
        .correlate(Review)
        .scalar_subquery()
    )
    query = (
        sa.select(ReviewAssignment, Review, marked)
        .join(ReviewAssignment.application)
        .join(Application.organisation)
        .outerjoin(Review, Review.assignment_id == ReviewAssignment.id)
        .where(
            ReviewAssignment.seat_id == seat.id,
            ReviewAssignment.voided_at.is_(None),
            Application.status.in_(READABLE),
            without_conflict(seat.user_id, panel.call_id),
        )
        .options(
            contains_eager(ReviewAssignment.application).options(
                contains_eager(Application.organisation), joinedload(Application.redacted_copy)
            ),
        )
        .order_by(
            Review.locked_at.is_not(None),
            ReviewAssignment.order_key,
            ReviewAssignment.created_at,
            ReviewAssignment.id,
        )
    )
    return [Reading(*row) for row in db.session.execute(query)]


def count_given(seat: PanelSeat, panel: Panel) -> int:
    """How many applications wait for the member, before any of them may be named."""
    query = (
        sa.select(sa.func.count(ReviewAssignment.id))
        .join(ReviewAssignment.application)
        .where(
            ReviewAssignment.seat_id == seat.id,
            ReviewAssignment.voided_at.is_(None),
            Application.status.in_(READABLE),
            without_conflict(seat.user_id, panel.call_id),
        )
    )
    return db.session.execute(query).scalar_one()


def count_left(seat: PanelSeat) -> int:
    """Of these, how many still wait for the member's marks."""
    query = seats_with_marks_to_write().where(ReviewAssignment.seat_id == seat.id)
    return db.session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()


def seats_with_marks_to_write() -> sa.Select[UUID]:
    """The seat of each reading that still waits for its marks; what a tie closes waits for nobody."""
    locked = sa.select(Review.assignment_id).where(Review.locked_at.is_not(None))
    return (
        sa.select(ReviewAssignment.seat_id)
        .join(ReviewAssignment.seat)
        .join(ReviewAssignment.application)
        .where(
            ReviewAssignment.voided_at.is_(None),
            ReviewAssignment.id.not_in(locked),
            Application.status.in_(TO_BE_READ),
            application_without_conflict(PanelSeat.user_id),
        )
    )


def get_assignment(assignment_id: UUID) -> ReviewAssignment:
    """With the application as it is read. Raises NoResultFound, also for one that is no longer read.

    One that a tie has voided is not found either, so that the answer costs the same whatever it holds.
    """
    query = (
        sa.select(ReviewAssignment)
        .join(ReviewAssignment.application)
        .where(
            ReviewAssignment.id == assignment_id,
            ReviewAssignment.voided_at.is_(None),
            Application.status.in_(READABLE),
        )
        .options(
            joinedload(ReviewAssignment.seat).joinedload(PanelSeat.panel).joinedload(Panel.round),
            contains_eager(ReviewAssignment.application).options(
                joinedload(Application.call),
                joinedload(Application.organisation),
                joinedload(Application.redacted_copy),
                joinedload(Application.call_version).options(defer(CallVersion.content)),
                selectinload(Application.answers).options(*ANSWER_PARTS),
                selectinload(Application.shares).joinedload(PartnerShare.organisation),
            ),
        )
    )
    return db.session.execute(query).scalar_one()


def find_assignment(application: Application, seat: PanelSeat) -> ReviewAssignment | None:
    """One that counts."""
    query = sa.select(ReviewAssignment).where(
        ReviewAssignment.application_id == application.id,
        ReviewAssignment.seat_id == seat.id,
        ReviewAssignment.voided_at.is_(None),
    )
    return db.session.execute(query).scalar_one_or_none()


def find_review(assignment: ReviewAssignment) -> Review | None:
    query = sa.select(Review).where(Review.assignment_id == assignment.id)
    return db.session.execute(query).scalar_one_or_none()


def sheet_of(assignment: ReviewAssignment) -> Sheet:
    """As it is in the database now. Nobody else's marks are loaded before the own sheet is locked."""
    is_own = ReviewAssignment.id == assignment.id
    own_lock = sa.select(Review.id).where(
        Review.assignment_id == assignment.id, Review.locked_at.is_not(None)
    )
    is_shown = sa.and_(ReviewAssignment.voided_at.is_(None), Review.locked_at.is_not(None), own_lock.exists())
    rows = db.session.execute(
        sa.select(Review, Score)
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .outerjoin(Score, Score.review_id == Review.id)
        .where(ReviewAssignment.application_id == assignment.application_id, sa.or_(is_own, is_shown))
        .options(joinedload(Score.typed_by))
        .order_by(ReviewAssignment.id)
        .execution_options(populate_existing=True)
    ).all()
    own = [row for row in rows if row.Review.assignment_id == assignment.id]
    others: dict[UUID, dict[str, Score]] = {}
    for review, score in rows:
        if review.assignment_id != assignment.id and score is not None:
            others.setdefault(review.id, {})[score.criterion_key] = score
    questions = (
        db.session.execute(
            sa.select(ReaderQuestion)
            .where(ReaderQuestion.assignment_id == assignment.id)
            .order_by(ReaderQuestion.id)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )
    clarifications = db.session.execute(
        sa.select(Clarification)
        .where(Clarification.application_id == assignment.application_id)
        .options(selectinload(Clarification.translations))
        .order_by(Clarification.created_at, Clarification.id)
    ).scalars()
    return Sheet(
        assignment=assignment,
        definition=definition_of(assignment.application.call_version),
        review=own[0].Review if own else None,
        scores={row.Score.criterion_key: row.Score for row in own if row.Score is not None},
        questions={each.criterion_key: each for each in questions if each.criterion_key is not None},
        doubts={each.question_key: each for each in questions if each.question_key is not None},
        clarifications=clarifications.all(),
        others=list(others.values()),
    )


def score_sheet(scores: Iterable[Score], assignment: ReviewAssignment) -> ScoreSheet:
    """For `scoring`: only what was marked."""
    marks = tuple(Mark(each.criterion_key, each.value) for each in scores if _is_marked(each))
    return ScoreSheet(str(assignment.application_id), str(assignment.seat_id), marks)


def own_average(seat: PanelSeat, panel: Panel, definition: CallDefinition) -> Fraction | None:
    """The mean of the member's own locked totals; nobody else's is ever shown to them."""
    rows = db.session.execute(
        sa.select(ReviewAssignment, Score)
        .join(Review, Review.assignment_id == ReviewAssignment.id)
        .join(Score, Score.review_id == Review.id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(
            ReviewAssignment.seat_id == seat.id,
            ReviewAssignment.voided_at.is_(None),
            Review.locked_at.is_not(None),
            Application.status.in_(READABLE),
            without_conflict(seat.user_id, panel.call_id),
        )
    )
    scores: dict[ReviewAssignment, list[Score]] = {}
    for assignment, score in rows:
        scores.setdefault(assignment, []).append(score)
    rubric = rubric_of(definition.assessment)
    found = [total_of_sheet(score_sheet(own, assignment), rubric) for assignment, own in scores.items()]
    totals = [total for total in found if total is not None]
    return sum(totals, Fraction(0)) / len(totals) if totals else None


def rev_of(score: Score | None, question: ReaderQuestion | None) -> str:
    """Changes whenever the mark for a criterion does."""
    text = question.text if question else ""
    if score is None:
        return mark_rev(None, False, "", text)
    return mark_rev(score.value, score.cant_tell, score.sentence, text)


def mark_rev(value: int | None, cant_tell: bool, sentence: str, question: str) -> str:
    return _digest(None if cant_tell else value, cant_tell, sentence, question)


def note_rev_of(review: Review | None) -> str:
    """A sheet without notes has the rev of no sheet."""
    return _digest(review.private_note, review.has_concern, review.concern) if review else _digest("", False)


def _digest(*values: str | int | None) -> str:
    written = json.dumps(values)
    return hashlib.sha256(written.encode()).hexdigest()[:16] if any(values) else "0"


def _is_marked(score: Score | None) -> bool:
    return score is not None and (score.value is not None or score.cant_tell)


def is_open_for_scoring(assignment: ReviewAssignment, now: datetime) -> bool:
    """In the scoring phase, and before the panel has the application.

    A sheet that was opened again may be changed until the panel meets.
    """
    if assignment.application.status not in TO_BE_READ:
        return False
    phase = phase_of(assignment.seat.panel, now)
    if phase is PanelPhase.MODERATION:
        review = db.session.execute(
            sa.select(Review.id).where(
                Review.assignment_id == assignment.id,
                Review.unlocked_at.is_not(None),
            )
        )
        return review.first() is not None
    return phase in PANEL_ALLOWS[PanelAct.MARK]
