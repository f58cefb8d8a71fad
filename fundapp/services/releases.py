"""Everybody hears on the same day: one action shows all decisions of a round and writes to every group.

Ten minutes lie between "tell everybody" and the letters. Until then anybody who may sign can stop them, and
no group sees anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.award import Ratification
from fundapp.models.call import Round
from fundapp.models.user import User
from fundapp.queries.applications import list_members_to_tell
from fundapp.queries.awards import find_ratification, list_decided, list_without_feedback
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.outbox import enqueue

HOLD = timedelta(minutes=10)
TELL_EVERYBODY = "tell_everybody"


class FeedbackMissing(FundError):
    """No group is told without something to learn from; `applications` still have none."""

    code = "feedback_missing"

    def __init__(self, applications: Sequence[Application]) -> None:
        super().__init__("feedback is missing")
        self.applications = tuple(applications)


def begin_release(round_: Round, *, actor: User, now: datetime) -> datetime | None:
    """Everybody is told in ten minutes. When; a second press changes nothing. None: they know already.

    Where the ten minutes are over and nobody was told, they begin anew.
    Raises NotPossibleNow before ratification and FeedbackMissing.
    """
    ratification = _lock_signed(round_)
    if ratification.released_at is not None:
        return None
    if ratification.release_due_at is not None and ratification.release_due_at > now:
        return ratification.release_due_at
    if missing := list_without_feedback(round_.id):
        raise FeedbackMissing(missing)
    due = now + HOLD
    ratification.release_due_at, ratification.release_asked_by_id = due, actor.id
    enqueue(TELL_EVERYBODY, due_at=due, round_id=str(round_.id))
    record(ratification, "begin_release", actor=actor, now=now)
    return due


def stop_release(round_: Round, *, actor: User, now: datetime) -> bool:
    """Nobody is told. False: it was not about to happen. Raises NotPossibleNow once they know."""
    ratification = _lock_signed(round_)
    if ratification.released_at is not None:
        raise NotPossibleNow("everybody was told")
    if ratification.release_due_at is None:
        return False
    ratification.release_due_at = ratification.release_asked_by_id = None
    record(ratification, "stop_release", actor=actor, now=now)
    return True


def carry_out_release(round_id: UUID, *, now: datetime) -> int:
    """After the ten minutes, unless somebody stopped it meanwhile. How many groups were told."""
    round_ = db.session.get_one(Round, round_id)
    ratification = _lock_signed(round_)
    due, asked_by = ratification.release_due_at, ratification.release_asked_by_id
    if due is None or due > now or asked_by is None:
        return 0
    return release_decisions(round_, actor=db.session.get_one(User, asked_by), now=now)


def _lock_signed(round_: Round) -> Ratification:
    lock_row(Round, round_.id)
    ratification = find_ratification(round_.id)
    if ratification is None:
        raise NotPossibleNow("the list is not signed")
    return ratification


def release_decisions(round_: Round, *, actor: User, now: datetime) -> int:
    """Show every decision and tell every group in its language. How many. A second time changes nothing.

    Raises NotPossibleNow before ratification and FeedbackMissing.
    """
    ratification = _lock_signed(round_)
    if ratification.released_at is not None:
        return 0
    if missing := list_without_feedback(round_.id):
        raise FeedbackMissing(missing)
    ratification.released_at = now
    applications = list_decided(round_.id)
    for application in applications:
        application.group_told_at = now
        tell_decision(application, now=now, once="told")
    record(ratification, "release", actor=actor, now=now, details={"groups": len(applications)})
    return len(applications)


def tell_decision(application: Application, *, now: datetime, once: str) -> None:
    """The mail says only that there is news; the decision stands on the group's page.

    `once` names the news: each person hears of it once.
    """
    for person in list_members_to_tell(application):
        key = f"decision:{once}:{application.id}:{person.id}"
        notify(person, MessageKind.DECISION_READY, now=now, once_key=key, application_id=str(application.id))
