"""Whether anybody used the answers of a round, as far as the database holds a trace of it.

A trace is: a locked mark under a criterion of the question, a question back about the answer, a rule that
read it, or what was made of it: invitations, the meeting's list, payments, checks, markers. Support and the
next form leave no trace of their own: what only they should use is shown as unused, to be talked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from forms.definition import Question, UsedFor
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.readers import SetBy, asked_questions, readers_of
from fundapp.db import db
from fundapp.models.application import Application, ApplicationStage, Clarification
from fundapp.models.award import Award, CheckItem, Instalment
from fundapp.models.call import Round
from fundapp.models.meeting import Meeting
from fundapp.models.monitoring import Marker
from fundapp.models.panel import Panel, ReaderQuestion, Review, ReviewAssignment, Score
from fundapp.queries.calls import current_version, definition_of


class Trace(StrEnum):
    MARKS = "marks"  # locked, under a criterion of the question
    ASKED_BACK = "asked_back"
    RULE = "rule"  # applications that were sent, and whose answer a rule read
    INVITED = "invited"
    MEETING = "meeting"
    PAYMENTS = "payments"
    CHECKS = "checks"
    MARKERS = "markers"


_OF_USE = {
    SetBy.AMOUNT: Trace.RULE,
    SetBy.STRAND: Trace.RULE,
    SetBy.THEME: Trace.RULE,
    SetBy.INCOME: Trace.RULE,
    UsedFor.ELIGIBILITY: Trace.RULE,
    UsedFor.RING_FENCE: Trace.RULE,
    UsedFor.INVITATION: Trace.INVITED,
    UsedFor.PANEL_LIST: Trace.MEETING,
    UsedFor.PAYMENT: Trace.PAYMENTS,
    UsedFor.CHECKS: Trace.CHECKS,
    UsedFor.MARKERS: Trace.MARKERS,
}


@dataclass(frozen=True)
class AnswerUse:
    """`traces`: how often each was found; empty: nobody used the answers."""

    question: Question
    traces: dict[Trace, int]


def uses_in_round(round_: Round) -> tuple[AnswerUse, ...]:
    """For every question of the check and the form, in their order."""
    definition = definition_of(current_version(round_.call))
    marks, asked, others = _marks(round_.id), _asked_back(round_.id), dict(_others(round_.id))
    return tuple(
        AnswerUse(question, dict(_traces(definition, question, marks, asked, others)))
        for question in asked_questions(definition)
    )


def _traces(
    definition: CallDefinition,
    question: Question,
    marks: dict[str, int],
    asked: dict[str, int],
    others: dict[Trace, int],
) -> Iterator[tuple[Trace, int]]:
    if number := sum(marks.get(key, 0) for key in question.criteria):
        yield Trace.MARKS, number
    if number := asked.get(question.key, 0):
        yield Trace.ASKED_BACK, number
    for reader in readers_of(definition, question):
        trace = _OF_USE.get(reader.use)
        if trace is not None and (number := others.get(trace, 0)):
            yield trace, number


def _marks(round_id: UUID) -> dict[str, int]:
    """Also "can't tell": the reader has looked for it."""
    rows = db.session.execute(
        sa.select(Score.criterion_key, sa.func.count())
        .join(Score.review)
        .join(Review.assignment)
        .join(ReviewAssignment.application)
        .where(
            Application.round_id == round_id,
            Review.locked_at.is_not(None),
            ReviewAssignment.voided_at.is_(None),
        )
        .group_by(Score.criterion_key)
    )
    return {row.criterion_key: row[1] for row in rows}


def _asked_back(round_id: UUID) -> dict[str, int]:
    """By readers, also where the secretary did not send it, and by the fund itself."""
    by_reader = (
        sa.select(ReaderQuestion.question_key)
        .join(ReaderQuestion.assignment)
        .join(ReviewAssignment.application)
        .where(Application.round_id == round_id, ReaderQuestion.clarification_id.is_(None))
    )
    by_fund = (
        sa.select(Clarification.question_key)
        .join(Clarification.application)
        .where(Application.round_id == round_id)
    )
    found: dict[str, int] = {}
    for key in db.session.execute(sa.union_all(by_reader, by_fund)).scalars():
        if key is not None:
            found[key] = found.get(key, 0) + 1
    return found


def _others(round_id: UUID) -> Iterator[tuple[Trace, int]]:
    of_round = Application.round_id == round_id
    is_full = Application.stage == ApplicationStage.FULL
    sent = sa.or_(Application.submitted_at.is_not(None), Application.eoi_submitted_at.is_not(None))
    yield Trace.RULE, _count(sa.select(Application.id).where(of_round, sent))
    yield Trace.INVITED, _count(sa.select(Application.id).where(of_round, is_full))
    yield Trace.MEETING, _count(sa.select(Meeting.id).join(Meeting.panel).where(Panel.round_id == round_id))
    of_award = Award.round_id == round_id
    yield Trace.PAYMENTS, _count(sa.select(Instalment.id).join(Instalment.award).where(of_award))
    yield Trace.CHECKS, _count(sa.select(CheckItem.id).join(CheckItem.award).where(of_award))
    yield Trace.MARKERS, _count(sa.select(Marker.id).join(Marker.award).where(of_award))


def _count(rows: sa.Select[UUID]) -> int:
    return db.session.execute(sa.select(sa.func.count()).select_from(rows.subquery())).scalar_one()
