"""Which ring-fences of a call may be released, and when."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.award import Ratification
from fundapp.models.call import Call, Round
from fundapp.models.ring_fence import RingFenceRelease
from fundapp.queries.calls import current_version, definition_of


def may_be_released(call: Call) -> frozenset[str]:
    """Those that the call lets go after a round which is signed, and that were not released yet."""
    signed, released = _signed_rounds(call.id), _released_keys(call.id)
    return frozenset(
        rule.key
        for rule in definition_of(current_version(call)).ring_fences
        if rule.release is not None and rule.release.after_round in signed and rule.key not in released
    )


def _signed_rounds(call_id: UUID) -> set[str]:
    query = sa.select(Round.code).join(Ratification, Ratification.round_id == Round.id)
    return set(db.session.execute(query.where(Round.call_id == call_id)).scalars())


def _released_keys(call_id: UUID) -> set[str]:
    query = sa.select(RingFenceRelease.ring_fence).where(RingFenceRelease.call_id == call_id)
    return set(db.session.execute(query).scalars())
