"""Naming two applications of which only one can be funded, and taking that back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import FundError, NotAllowed, NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.award import Exclusion
from fundapp.models.user import User
from fundapp.permissions import is_conflicted
from fundapp.services.decisions import ReasonNeeded, lock_open_round
from fundapp.services.events import record


class KnownAlready(FundError):
    """The two are named already."""

    code = "known_already"


def exclude_together(
    application: Application, other: Application, *, reason: str, actor: User, now: datetime
) -> Exclusion:
    """At most one of the two gets an award. Raises ReasonNeeded, KnownAlready, RoundIsRatified."""
    lock_open_round(application.round)
    if is_conflicted(actor, application) or is_conflicted(actor, other):
        raise NotAllowed
    if application.id == other.id or application.round_id != other.round_id:
        raise NotPossibleNow("two applications of one round")
    if not reason.strip():
        raise ReasonNeeded
    first, second = sorted((application, other), key=lambda each: str(each.id))
    known = sa.select(Exclusion.id).where(
        Exclusion.application_id == first.id, Exclusion.other_id == second.id
    )
    if db.session.execute(known).first() is not None:
        raise KnownAlready
    exclusion = Exclusion(
        round_id=first.round_id,
        application=first,
        other=second,
        reason=reason.strip(),
        made_by_id=actor.id,
    )
    db.session.add(exclusion)
    db.session.flush()
    details = {"applications": [str(first.id), str(second.id)]}
    record(
        exclusion,
        "exclude_together",
        actor=actor,
        now=now,
        call_id=first.call_id,
        reason=exclusion.reason,
        details=details,
    )
    return exclusion


def drop_exclusion(exclusion: Exclusion, *, actor: User, now: datetime) -> None:
    """Raises RoundIsRatified."""
    lock_open_round(exclusion.round)
    if is_conflicted(actor, exclusion.application) or is_conflicted(actor, exclusion.other):
        raise NotAllowed
    record(exclusion, "drop_exclusion", actor=actor, now=now, call_id=exclusion.round.call_id)
    db.session.delete(exclusion)
