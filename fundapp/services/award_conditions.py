"""Conditions of a grant: agreed with the yes, met later, with help and with a day that can move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import AwardStatus
from fundapp.models.award import Award
from fundapp.models.award_check import AwardCondition
from fundapp.models.user import User
from fundapp.queries.calls import definition_of
from fundapp.services.award_checks import CheckReasonNeeded
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.promises import DayNotAhead


@dataclass(frozen=True)
class NewCondition:
    words: str
    help: str
    due_on: date
    owner: User | None


def add_condition(
    award: Award, new: NewCondition, *, actor: User, now: datetime, once: str | None = None
) -> AwardCondition:
    """Before the agreement goes out: the group agrees to it there. With the same `once` it is added once.

    Raises NotPossibleNow and DayNotAhead.
    """
    _lock(award)
    owner_id = new.owner.id if new.owner else None
    condition_id = sent_id(award.id, once, actor.id, new.words, new.help, new.due_on, owner_id)
    if (known := db.session.get(AwardCondition, condition_id)) is not None:
        return known
    if award.status is not AwardStatus.CHECKS:
        raise NotPossibleNow("a condition is part of the agreement")
    _ahead(new.due_on, award, now)
    condition = AwardCondition(
        id=condition_id,
        award=award,
        words=new.words.strip(),
        help=new.help.strip(),
        due_on=new.due_on,
        owner_id=owner_id,
    )
    db.session.add(condition)
    details = {"due_on": new.due_on.isoformat()}
    record(condition, "add", actor=actor, now=now, details=details, reason=condition.words)
    tell_about_grant(award, now=now)
    return condition


def meet_condition(condition: AwardCondition, *, note: str, actor: User, now: datetime) -> None:
    _settle(condition, "meet", note, actor, now)


def lift_condition(condition: AwardCondition, *, note: str, actor: User, now: datetime) -> None:
    """It is asked no longer. Raises CheckReasonNeeded."""
    if not note.strip():
        raise CheckReasonNeeded
    _settle(condition, "lift", note, actor, now)


def give_more_time(condition: AwardCondition, until: date, *, actor: User, now: datetime) -> None:
    """The agreement stands as it is. Raises DayNotAhead and NotPossibleNow."""
    _lock(condition.award)
    db.session.refresh(condition)
    _ahead(until, condition.award, now)
    if until <= condition.until or condition.settled_at is not None:
        raise NotPossibleNow("more time is more")
    condition.more_time_until = until
    record(condition, "give_more_time", actor=actor, now=now, details={"until": until.isoformat()})
    tell_about_grant(condition.award, now=now)


def _settle(condition: AwardCondition, step: str, note: str, actor: User, now: datetime) -> None:
    _lock(condition.award)
    db.session.refresh(condition)
    condition.settled_by_id, condition.note = actor.id, note.strip()
    condition.settled_at = now
    move(condition, step, actor=actor, now=now, reason=note.strip() or None)
    tell_about_grant(condition.award, now=now)


def _ahead(day: date, award: Award, now: datetime) -> None:
    if day <= now.astimezone(definition_of(award.application.call_version).zone).date():
        raise DayNotAhead


def _lock(award: Award) -> None:
    lock_row(Award, award.id)
    db.session.refresh(award)
