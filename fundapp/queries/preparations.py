"""What each member of a panel does before reading: ties, the call's training, the practice samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.assessment import PanelRules
from fundapp.db import db
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.practice import PracticeSample, PracticeSheet
from fundapp.models.training import PanelTraining
from fundapp.queries.panel_work import samples_of
from fundapp.queries.training import list_taken, taken_by_seat, topics_of


@dataclass(frozen=True)
class Preparation:
    """Of one member. A topic of the training is its place in the call's list, from 1."""

    declared: bool
    taken: Mapping[int, PanelTraining]
    missing_topics: tuple[int, ...]
    samples_left: int

    @property
    def is_trained(self) -> bool:
        return not self.missing_topics

    @property
    def is_ready(self) -> bool:
        return self.declared and self.is_trained and not self.samples_left

    def taken_on(self, topic: int) -> date | None:
        return self.taken[topic].taken_on if topic in self.taken else None


def preparations_of(panel: Panel, rules: PanelRules) -> dict[UUID, Preparation]:
    """By seat, in the order in which members joined. Four queries, whatever their number."""
    seats = _list_seats(panel)
    taken, locked = taken_by_seat(panel), _samples_locked(panel)
    samples = sa.select(sa.func.count(PracticeSample.id)).where(PracticeSample.panel_id == panel.id)
    number = db.session.execute(samples).scalar_one()
    return {
        seat.id: _preparation(seat, rules, taken[seat.id], number - locked.get(seat.id, 0)) for seat in seats
    }


def preparation_of(seat: PanelSeat, rules: PanelRules) -> Preparation:
    """Of one member; two queries."""
    taken, samples = {each.topic: each for each in list_taken(seat)}, samples_of(seat)
    return _preparation(seat, rules, taken, samples.all - samples.done)


def _preparation(
    seat: PanelSeat, rules: PanelRules, taken: Mapping[int, PanelTraining], samples_left: int
) -> Preparation:
    missing = tuple(topic for topic in topics_of(rules) if topic not in taken)
    return Preparation(seat.conflicts_declared_at is not None, taken, missing, samples_left)


def _list_seats(panel: Panel) -> Sequence[PanelSeat]:
    query = (
        sa.select(PanelSeat)
        .where(PanelSeat.panel_id == panel.id)
        .options(joinedload(PanelSeat.user))
        .order_by(PanelSeat.created_at, PanelSeat.id)
    )
    return db.session.execute(query).scalars().all()


def _samples_locked(panel: Panel) -> dict[UUID, int]:
    query = (
        sa.select(PracticeSheet.seat_id, sa.func.count())
        .join(PracticeSheet.sample)
        .where(PracticeSample.panel_id == panel.id, PracticeSheet.locked_at.is_not(None))
        .group_by(PracticeSheet.seat_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
