"""Conversations with grantees: which are due, which wait for the fund's reply, how much time they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from fundapp.db import db
from fundapp.lifecycles import RUNNING_GRANTS, TALKS_TO_COME, CheckInStatus
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call, CallVersion
from fundapp.models.monitoring import CheckIn, Marker, MarkerReading
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict

SOON = timedelta(days=28)


@dataclass(frozen=True)
class Waiting:
    """What the fund's people have to do: talk to these, answer those."""

    to_talk: Sequence[CheckIn]
    to_answer: Sequence[CheckIn]


def get_check_in(check_in_id: UUID) -> CheckIn:
    """With award, organisation and the rules it follows. Raises NoResultFound."""
    query = (
        sa.select(CheckIn)
        .where(CheckIn.id == check_in_id)
        .options(
            joinedload(CheckIn.award).options(
                joinedload(Award.call).joinedload(Call.fund),
                joinedload(Award.organisation),
                joinedload(Award.application)
                .joinedload(Application.call_version)
                .options(defer(CallVersion.content)),
            )
        )
    )
    return db.session.execute(query).scalar_one()


def list_waiting(call: Call, *, today: date, reader: User) -> Waiting:
    """Conversations that are near or past their day, and those that still wait for a reply."""
    query = (
        sa.select(CheckIn)
        .join(Award, Award.id == CheckIn.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(
            Award.call_id == call.id,
            Award.status.in_(RUNNING_GRANTS),
            application_without_conflict(reader.id),
        )
        .options(joinedload(CheckIn.award).joinedload(Award.organisation))
        .order_by(CheckIn.due_on, CheckIn.id)
    )
    to_talk = query.where(CheckIn.status.in_(TALKS_TO_COME), CheckIn.due_on <= today + SOON)
    to_answer = query.where(CheckIn.status == CheckInStatus.HELD)
    return Waiting(db.session.execute(to_talk).scalars().all(), db.session.execute(to_answer).scalars().all())


def minutes_asked(award: Award) -> int:
    """What the group has told us its conversations took, all together."""
    query = sa.select(sa.func.coalesce(sa.func.sum(CheckIn.minutes_taken), 0))
    return db.session.execute(query.where(CheckIn.award_id == award.id)).scalar_one() or 0


def list_readings(check_in: CheckIn) -> Sequence[tuple[Marker, MarkerReading]]:
    """The group's markers as it saw them in this conversation."""
    query = (
        sa.select(Marker, MarkerReading)
        .join(MarkerReading, MarkerReading.marker_id == Marker.id)
        .where(MarkerReading.check_in_id == check_in.id)
        .order_by(Marker.created_at, Marker.id)
    )
    return [(marker, reading) for marker, reading in db.session.execute(query)]
