"""What the fund has promised until when, and who still waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.timetable import StepKind
from fundapp.db import db
from fundapp.lifecycles import BEING_BUILT, ApplicationStatus, CallStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.award import Feedback
from fundapp.models.call import Call, Round
from fundapp.models.organisation import Organisation
from fundapp.models.thread import MissedPromise, PromiseKind, ThreadMessage
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict

A = ApplicationStatus
TIMETABLE = (PromiseKind.EOI_ANSWERED, PromiseKind.EVERYBODY_TOLD, PromiseKind.FEEDBACK)
NOT_YET_PROMISING = (*BEING_BUILT, CallStatus.PUBLISHED)
WITH_THE_FUND = (A.SUBMITTED, A.ELIGIBLE)
SENT_IN_FULL = (*WITH_THE_FUND, A.IN_REVIEW, A.CLARIFYING, A.AT_PANEL, A.IN_PRINCIPLE, A.RESERVE, A.DECLINED)


@dataclass(frozen=True)
class Promise:
    """A day of the timetable, and what was said when it was moved."""

    kind: PromiseKind
    day: date
    reason: str | None = None

    @property
    def is_moved(self) -> bool:
        return self.reason is not None


def promise_of(round_: Round, kind: PromiseKind, definition: CallDefinition) -> Promise | None:
    """As it stands now; None where the timetable has no such step."""
    moved = (round_.new_dates or {}).get(kind.value)
    if moved is not None:
        return Promise(kind, date.fromisoformat(moved["day"]), moved["reason"])
    planned = next((each for each in definition.rounds if each.key == round_.code), None)
    step = planned.find_step(StepKind(kind.value)) if planned else None
    if kind is PromiseKind.EVERYBODY_TOLD:
        return Promise(kind, round_.told_at.astimezone(definition.zone).date())
    return Promise(kind, step.last_day) if step else None


def is_waiting(kind: PromiseKind) -> sa.ColumnElement[bool]:
    """Over Application: the group has done its part and has not got this yet."""
    if kind is PromiseKind.EOI_ANSWERED:
        return sa.and_(Application.stage == ApplicationStage.EOI, Application.status.in_(WITH_THE_FUND))
    in_full = sa.and_(Application.stage == ApplicationStage.FULL, Application.status.in_(SENT_IN_FULL))
    if kind is PromiseKind.EVERYBODY_TOLD:
        return sa.and_(in_full, Application.group_told_at.is_(None))
    has_feedback = sa.exists().where(Feedback.application_id == Application.id)
    return sa.and_(in_full, sa.or_(Application.group_told_at.is_(None), ~has_feedback))


def list_waiting_for(round_id: UUID, kind: PromiseKind) -> Sequence[Application]:
    query = sa.select(Application).where(Application.round_id == round_id, is_waiting(kind))
    return db.session.execute(query.order_by(Application.id)).scalars().all()


def list_rounds_with_promises() -> Sequence[Round]:
    query = (
        sa.select(Round)
        .join(Call, Call.id == Round.call_id)
        .where(Call.status.not_in((*NOT_YET_PROMISING, CallStatus.ARCHIVED)))
        .options(joinedload(Round.call))
        .order_by(Round.id)
    )
    return db.session.execute(query).scalars().all()


def list_overdue_messages(*, today: date) -> Sequence[ThreadMessage]:
    query = (
        sa.select(ThreadMessage)
        .where(ThreadMessage.settled_at.is_(None), ThreadMessage.answer_due_on < today)
        .options(joinedload(ThreadMessage.application))
        .order_by(ThreadMessage.id)
    )
    return db.session.execute(query).scalars().all()


def list_open_misses() -> Sequence[MissedPromise]:
    """Promises that were missed and, as far as we know, not kept since."""
    query = (
        sa.select(MissedPromise)
        .where(MissedPromise.kept_at.is_(None))
        .options(joinedload(MissedPromise.application), joinedload(MissedPromise.message))
    )
    return db.session.execute(query).scalars().all()


def still_waiting(miss: MissedPromise) -> bool:
    if miss.message is not None:
        return miss.message.settled_at is None
    query = sa.select(Application.id).where(Application.id == miss.application_id, is_waiting(miss.kind))
    return db.session.execute(query).first() is not None


def list_misses(application: Application) -> Sequence[MissedPromise]:
    """What this group was told sorry for, oldest first."""
    query = sa.select(MissedPromise).where(MissedPromise.application_id == application.id)
    return db.session.execute(query.order_by(MissedPromise.promised_on, MissedPromise.id)).scalars().all()


@dataclass(frozen=True)
class ListedMiss:
    miss: MissedPromise
    group: str


def list_misses_of_round(round_id: UUID, *, reader: User) -> Sequence[ListedMiss]:
    """For the fund's people, without what they have a conflict with; open ones first."""
    query = (
        sa.select(MissedPromise, Organisation.name)
        .join(Application, Application.id == MissedPromise.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.round_id == round_id, application_without_conflict(reader.id))
        .order_by(sa.nulls_first(MissedPromise.kept_at.asc()), MissedPromise.promised_on, Organisation.name)
    )
    return [ListedMiss(miss, name) for miss, name in db.session.execute(query)]
