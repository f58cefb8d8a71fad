"""What was given to others, and the clock of a breach: sums that SQL alone cannot do on both engines."""

from __future__ import annotations

import hashlib
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.data_rights import CLOCK, Breach, OutsideRequest
from fundapp.queries.invariants.rule import Invariant, Rows
from fundapp.queries.retention.over import GONE


def _given_otherwise() -> Rows:
    """Released words that are not those of the seal; words that were kept long enough are gone."""
    query = sa.select(OutsideRequest.id, OutsideRequest.given, OutsideRequest.release_digest).where(
        OutsideRequest.release_digest.is_not(None), OutsideRequest.given != GONE
    )
    broken: list[UUID] = [
        row.id
        for row in db.session.execute(query)
        if hashlib.sha256(row.given.encode()).hexdigest() != row.release_digest
    ]
    return sa.select(OutsideRequest.id).where(OutsideRequest.id.in_(broken))


def _clock_runs_wrong() -> Rows:
    query = sa.select(Breach.id, Breach.found_at, Breach.due_at)
    broken = [row.id for row in db.session.execute(query) if row.due_at - row.found_at != CLOCK]
    return sa.select(Breach.id).where(Breach.id.in_(broken))


RIGHTS: tuple[Invariant, ...] = (
    Invariant("given_as_agreed", "What was given is what the second person read.", _given_otherwise),
    Invariant("breach_clock", "The clock of a breach runs for 72 hours.", _clock_runs_wrong),
)
