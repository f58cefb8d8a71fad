"""Keeping an application from being erased, for a court or an auditor, until somebody ends it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.data_rights import LegalHold
from fundapp.models.user import User
from fundapp.services.events import record


def place_hold(application: Application, reason: str, *, actor: User, now: datetime) -> LegalHold:
    """One at a time for each application. Raises NotPossibleNow, also where its words are gone already."""
    lock_row(Application, application.id)
    db.session.refresh(application, ["texts_erased_at"])
    in_force = sa.select(LegalHold.id).where(
        LegalHold.application_id == application.id, LegalHold.ended_at.is_(None)
    )
    if application.texts_erased_at is not None or db.session.execute(in_force).first() is not None:
        raise NotPossibleNow("erased already, or held already")
    hold = LegalHold(application=application, reason=reason, placed_by_id=actor.id, created_at=now)
    db.session.add(hold)
    record(hold, "place_hold", actor=actor, now=now, call_id=application.call_id)
    return hold


def end_hold(hold: LegalHold, *, actor: User, now: datetime) -> None:
    """What is over goes the next morning. Ending twice changes nothing."""
    lock_row(LegalHold, hold.id)
    db.session.refresh(hold, ["ended_at"])
    if hold.ended_at is None:
        hold.ended_at = now
        record(hold, "end_hold", actor=actor, now=now, call_id=hold.application.call_id)
