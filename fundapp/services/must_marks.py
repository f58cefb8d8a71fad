"""Marking an application that the rule must or must not fund, and taking that back."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db
from fundapp.errors import FundError, NotAllowed, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.award import Must, MustMark
from fundapp.models.user import User
from fundapp.permissions import is_conflicted
from fundapp.queries.must_marks import find_must_mark
from fundapp.services.decisions import ReasonNeeded, lock_open_round
from fundapp.services.events import record


class MarkedAlready(FundError):
    """The application has a mark; it is taken away first."""

    code = "marked_already"


def mark_application(
    application: Application, must: Must, *, reason: str, actor: User, now: datetime
) -> MustMark:
    """The rule keeps to it as to a ring-fence. Raises ReasonNeeded, MarkedAlready, RoundIsRatified."""
    lock_open_round(application.round)
    if is_conflicted(actor, application):
        raise NotAllowed
    if application.status is not ApplicationStatus.AT_PANEL:
        raise NotPossibleNow(f"no mark on an application that is {application.status}")
    if not reason.strip():
        raise ReasonNeeded
    if find_must_mark(application.id) is not None:
        raise MarkedAlready
    mark = MustMark(application=application, must=must, reason=reason.strip(), made_by_id=actor.id)
    db.session.add(mark)
    db.session.flush()
    record(
        mark,
        f"must_{must.value}",
        actor=actor,
        now=now,
        call_id=application.call_id,
        reason=mark.reason,
        details={"application": str(application.id)},
    )
    return mark


def drop_mark(mark: MustMark, *, actor: User, now: datetime) -> None:
    """Raises RoundIsRatified."""
    application = mark.application
    lock_open_round(application.round)
    if is_conflicted(actor, application):
        raise NotAllowed
    details = {"application": str(application.id)}
    record(mark, "drop_must_mark", actor=actor, now=now, call_id=application.call_id, details=details)
    db.session.delete(mark)
