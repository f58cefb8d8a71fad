"""The training that members of a panel have had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.assessment import PanelRules
from fundapp.db import db
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.training import PanelTraining


def topics_of(rules: PanelRules) -> range:
    return range(1, len(rules.training.topics) + 1)


def trained_seats(panel: Panel, rules: PanelRules) -> frozenset[UUID]:
    """Those who have had all of the training. One query."""
    taken = taken_by_seat(panel)
    return frozenset(seat for seat in taken if set(topics_of(rules)) <= taken[seat].keys())


def taken_by_seat(panel: Panel) -> defaultdict[UUID, dict[int, PanelTraining]]:
    query = sa.select(PanelTraining).join(PanelTraining.seat).where(PanelSeat.panel_id == panel.id)
    found: defaultdict[UUID, dict[int, PanelTraining]] = defaultdict(dict)
    for each in db.session.execute(query.order_by(PanelTraining.topic)).scalars():
        found[each.seat_id][each.topic] = each
    return found


def list_taken(seat: PanelSeat) -> Sequence[PanelTraining]:
    query = sa.select(PanelTraining).where(PanelTraining.seat_id == seat.id)
    return db.session.execute(query.order_by(PanelTraining.topic)).scalars().all()


def get_training(training_id: UUID) -> PanelTraining:
    """With its member and panel. Raises NoResultFound."""
    seat = joinedload(PanelTraining.seat).options(
        joinedload(PanelSeat.panel).joinedload(Panel.call), joinedload(PanelSeat.user)
    )
    query = sa.select(PanelTraining).where(PanelTraining.id == training_id).options(seat)
    return db.session.execute(query).scalar_one()
