"""Everybody hears on the same day: one action shows all decisions of a round and writes to every group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fundapp.db import lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.user import User
from fundapp.queries.applications import list_members_to_tell
from fundapp.queries.awards import find_ratification, list_decided, list_without_feedback
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify


class FeedbackMissing(FundError):
    """No group is told without something to learn from; `applications` still have none."""

    code = "feedback_missing"

    def __init__(self, applications: Sequence[Application]) -> None:
        super().__init__("feedback is missing")
        self.applications = tuple(applications)


def release_decisions(round_: Round, *, actor: User, now: datetime) -> int:
    """Show every decision and tell every group in its language. How many. A second time changes nothing.

    Raises NotPossibleNow before ratification and FeedbackMissing.
    """
    lock_row(Round, round_.id)
    ratification = find_ratification(round_.id)
    if ratification is None:
        raise NotPossibleNow("the list is not signed")
    if ratification.released_at is not None:
        return 0
    if missing := list_without_feedback(round_.id):
        raise FeedbackMissing(missing)
    ratification.released_at = now
    applications = list_decided(round_.id)
    for application in applications:
        application.group_told_at = now
        tell_decision(application, now=now)
    record(ratification, "release", actor=actor, now=now, details={"groups": len(applications)})
    return len(applications)


def tell_decision(application: Application, *, now: datetime) -> None:
    """The mail says only that there is news; the decision stands on the group's page."""
    for person in list_members_to_tell(application):
        notify(person, MessageKind.DECISION_READY, now=now, application_id=str(application.id))
