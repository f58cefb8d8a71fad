"""What groups have said about the fund: only what enough of them have said, and never who."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from forms.definition import Question
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.monitoring import CheckInKind, PlannedCheckIn
from fundapp.db import db
from fundapp.lifecycles import BEING_BUILT, AwardStatus
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.funder_feedback import FeedbackAnswer, FeedbackMoment, FeedbackYear
from fundapp.models.monitoring import CheckIn
from fundapp.queries.calls import definition_of

YEAR_CONVERSATION = 12  # months
ENDED = (AwardStatus.CLOSING, AwardStatus.COMPLETED, AwardStatus.TERMINATED)


@dataclass(frozen=True)
class Said:
    """Answers to one question at one moment, in an order that says nothing."""

    moment: FeedbackMoment
    question: Question
    answers: Sequence[FeedbackAnswer]


def list_said(call: Call, definition: CallDefinition) -> Sequence[Said]:
    """What can be read by now, by moment and question; questions without anything to read are left out."""
    query = (
        sa.select(FeedbackAnswer)
        .where(FeedbackAnswer.call_id == call.id, FeedbackAnswer.batch > 0)
        .order_by(FeedbackAnswer.id)
    )
    answers = db.session.execute(query).scalars().all()
    found = [
        Said(
            moment,
            question,
            [each for each in answers if (each.moment, each.question_key) == (moment, question.key)],
        )
        for moment in FeedbackMoment
        for question in definition.monitoring.funder_feedback.questions
    ]
    return [said for said in found if said.answers]


def mark_of(answer: FeedbackAnswer) -> str:
    """To speak about an answer, whose id changes with every new one: made of its words alone."""
    about = "\x00".join((answer.moment.value, answer.question_key, answer.text))
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def find_answers(call: Call, mark: str) -> list[FeedbackAnswer]:
    """All that say the same, of those that can be read."""
    query = sa.select(FeedbackAnswer).where(FeedbackAnswer.call_id == call.id, FeedbackAnswer.batch > 0)
    return [each for each in db.session.execute(query).scalars() if mark_of(each) == mark]


def moments_of(application: Application, award: Award | None, today: date) -> Sequence[FeedbackMoment]:
    """At which moments this group is asked by now, funded or not."""
    questions = definition_of(application.call_version).monitoring.funder_feedback.questions
    if application.group_told_at is None or not questions:
        return ()
    moments = [FeedbackMoment.DECISION]
    if award is not None and award.starts_on is not None:
        months = 12 * (today.year - award.starts_on.year) + today.month - award.starts_on.month
        if months - (today.day < award.starts_on.day) >= YEAR_CONVERSATION:
            moments.append(FeedbackMoment.MONTH_12)
    if award is not None and (award.status in ENDED or _has_told_the_end(award)):
        moments.append(FeedbackMoment.END)
    return moments


def _has_told_the_end(award: Award) -> bool:
    """The closing conversation took place; the fund may still be busy with its last page."""
    planned = definition_of(award.application.call_version).monitoring.check_ins
    closing = [each.key for each in planned if each.kind is CheckInKind.CLOSING]
    query = sa.select(CheckIn.id).where(
        CheckIn.award_id == award.id, CheckIn.kind.in_(closing), CheckIn.held_at.is_not(None)
    )
    return db.session.execute(query.limit(1)).first() is not None


def asks_about_the_fund(planned: PlannedCheckIn, definition: CallDefinition) -> bool:
    """After a year and at the end the page of the conversation leads to the questions about the fund."""
    is_time = planned.month == YEAR_CONVERSATION or planned.kind is CheckInKind.CLOSING
    return is_time and bool(definition.monitoring.funder_feedback.questions)


def list_years(call: Call) -> Sequence[FeedbackYear]:
    """Newest first."""
    query = (
        sa.select(FeedbackYear)
        .where(FeedbackYear.call_id == call.id)
        .options(joinedload(FeedbackYear.taken_to))
        .order_by(FeedbackYear.year.desc())
    )
    return db.session.execute(query).scalars().all()


def get_feedback_year(feedback_year_id: UUID) -> FeedbackYear:
    """Raises NoResultFound."""
    query = sa.select(FeedbackYear).where(FeedbackYear.id == feedback_year_id)
    return db.session.execute(query.options(joinedload(FeedbackYear.call))).scalar_one()


def list_calls_being_shaped(call: Call) -> Sequence[Call]:
    """Others of the same fund, in which a point can still change something."""
    query = (
        sa.select(Call)
        .where(
            Call.fund_id == call.fund_id,
            Call.id != call.id,
            Call.status.in_(BEING_BUILT),
        )
        .order_by(Call.created_at.desc(), Call.code)
    )
    return db.session.execute(query).scalars().all()
