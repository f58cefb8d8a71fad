"""The secretary writes down what members have been trained in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.training import PanelTraining
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.training import list_taken, topics_of
from fundapp.services.events import record


class TrainingDayAhead(FundError):
    """Training is written down when it has taken place."""

    code = "training_day_ahead"


def record_training(
    panel: Panel,
    seats: Collection[PanelSeat],
    topics: Collection[int],
    taken_on: date,
    *,
    actor: User,
    now: datetime,
) -> int:
    """For every one of these members every one of these topics; what is known gets the new day.

    Gives how many were new or changed. Raises TrainingDayAhead and NotPossibleNow.
    """
    lock_row(Panel, panel.id)
    definition = definition_of(current_version(panel.call))
    if taken_on > now.astimezone(definition.zone).date():
        raise TrainingDayAhead
    if not set(topics) <= set(topics_of(definition.panel)):
        raise NotPossibleNow("the call has no such training")
    if any(seat.panel_id != panel.id for seat in seats):
        raise NotPossibleNow("not a member of this panel")
    changed = 0
    for seat in seats:
        known = {each.topic: each for each in list_taken(seat)}
        for topic in sorted(topics):
            changed += _take(seat, topic, taken_on, known.get(topic), actor=actor, now=now)
    return changed


def take_training_back(training: PanelTraining, *, actor: User, now: datetime) -> None:
    """It was written down by mistake."""
    details = {"topic": training.topic, "taken_on": training.taken_on.isoformat()}
    seat = training.seat
    record(seat, "take_training_back", actor=actor, now=now, call_id=seat.panel.call_id, details=details)
    db.session.delete(training)


def _take(
    seat: PanelSeat, topic: int, day: date, known: PanelTraining | None, *, actor: User, now: datetime
) -> bool:
    if known is not None and known.taken_on == day:
        return False
    if known is None:
        db.session.add(PanelTraining(seat=seat, topic=topic, taken_on=day, created_at=now))
    else:
        known.taken_on = day
    details = {"topic": topic, "taken_on": day.isoformat()}
    record(seat, "train", actor=actor, now=now, call_id=seat.panel.call_id, details=details)
    return True
