"""Which ring-fences of a call may be released, and when; and those that were."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.award import Ratification
from fundapp.models.call import Call, Round
from fundapp.models.ring_fence import RingFenceRelease
from fundapp.queries.calls import current_version, definition_of


def may_be_released(call: Call) -> frozenset[str]:
    """Those that the call lets go after a round which is signed, and that were not released yet."""
    signed = _signed_rounds(call.id)
    released = {one.ring_fence for one in list_releases(call.id)}
    return frozenset(
        rule.key
        for rule in definition_of(current_version(call)).ring_fences
        if rule.release is not None and rule.release.after_round in signed and rule.key not in released
    )


def list_releases(call_id: UUID) -> Sequence[RingFenceRelease]:
    """With who decided it, oldest first."""
    query = (
        sa.select(RingFenceRelease)
        .where(RingFenceRelease.call_id == call_id)
        .options(joinedload(RingFenceRelease.released_by))
        .order_by(RingFenceRelease.created_at, RingFenceRelease.ring_fence)
    )
    return db.session.execute(query).scalars().all()


def _signed_rounds(call_id: UUID) -> set[str]:
    query = sa.select(Round.code).join(Ratification, Ratification.round_id == Round.id)
    return set(db.session.execute(query.where(Round.call_id == call_id)).scalars())
