"""Publishing a call although a point has no answer: only with a reason that everybody reads."""

from __future__ import annotations

from datetime import datetime

from forms.localized import LocalizedText
from fundapp.db import db
from fundapp.errors import NotPossibleNow, check_seen
from fundapp.lifecycles import BEING_BUILT
from fundapp.models.call import Call
from fundapp.models.codesign_voice import CodesignLeftOpen
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import list_points_without_answer
from fundapp.queries.voices import digest_of_left_open, find_left_open
from fundapp.services.codesign import lock_record, today_of
from fundapp.services.events import record


def leave_open(
    call: Call,
    reason: LocalizedText,
    role: LocalizedText,
    *,
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> CodesignLeftOpen:
    """For the points that have no answer now; one that is said later is not among them. `seen`: digest of
    what the writer saw. Raises StaleVersion when other points wait since, or somebody gave another reason,
    and NotPossibleNow when every point has its answer, or once the call is published."""
    lock_record(call)
    check_seen(seen, digest_of_left_open(call))
    waiting = list_points_without_answer(call)
    if not waiting or call.status not in BEING_BUILT:
        raise NotPossibleNow("no point waits")
    row = find_left_open(call)
    if row is None:
        db.session.add(row := CodesignLeftOpen(call=call))
    row.points = [point.key for point in waiting]
    row.reason, row.role = reason.as_dict(), role.as_dict()
    row.on_day = today_of(definition_of(current_version(call)), now)
    row.named_by_id = actor.id
    record(row, "leave_open", actor=actor, now=now, details={"points": row.points})
    return row
