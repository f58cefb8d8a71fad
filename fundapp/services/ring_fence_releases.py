"""Keeping no more money for a ring-fence: once, for a published reason, by somebody with the right to."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.ring_fence import RingFenceRelease
from fundapp.models.user import User
from fundapp.queries.call_money import pounds
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.ledger import ledger_of, reached_by
from fundapp.queries.releasable import may_be_released
from fundapp.queries.ring_fences import report
from fundapp.services.events import record


class ReleaseReasonNeeded(FundError):
    """Everybody reads why money is no longer kept."""

    code = "reason_needed"


def release_ring_fence(call: Call, key: str, *, reason: str, actor: User, now: datetime) -> RingFenceRelease:
    """From now on the rules count without it. Raises NotPossibleNow and ReleaseReasonNeeded."""
    lock_row(Call, call.id)
    if key not in may_be_released(call):
        raise NotPossibleNow("the call does not let this ring-fence go, or not yet")
    if not reason.strip():
        raise ReleaseReasonNeeded
    definition, found = definition_of(current_version(call)), report(call, with_demand=False)
    rule, line = definition.ring_fence(key), found.line(key)
    moved_to = rule.release.moves_to if rule.release else None
    if moved_to in {one.key for one in found.money.released}:
        moved_to = None  # nothing is kept for that one any more
    left = pounds(line.figures.confirmed.needed if moved_to or rule.amount is not None else 0)
    release = RingFenceRelease(
        call_id=call.id,
        ring_fence=key,
        released_by_id=actor.id,
        reason=reason.strip(),
        left_over=left,
        moved_to=moved_to,
        had_before=pounds(reached_by(moved_to, ledger_of(found.money, definition))) if moved_to else None,
        created_at=now,
    )
    db.session.add(release)
    details = {"ring_fence": key, "left_over": f"{left:.2f}", "moved_to": moved_to}
    record(release, "release", actor=actor, now=now, reason=release.reason, call_id=call.id, details=details)
    return release
