"""Warning a fund's managers weeks before a deadline that a ring-fence finds too few groups."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from fundapp.db import Json, lock_row
from fundapp.models.call import Call
from fundapp.queries.outlooks import (
    WARN_STEP,
    CallOutlook,
    RuleOutlook,
    list_managers,
    list_open_calls,
    list_warnings,
    outlook_of,
    running_round,
)
from fundapp.queries.ring_fences import report
from fundapp.services.contact import contact_of
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify


def warn_of_ring_fences(*, now: datetime) -> None:
    """Each ring-fence at most once a week; one mail to each manager, however many there are that day."""
    for call in list_open_calls():
        if running_round(call, now) is not None:
            lock_row(Call, call.id)  # two workers would both find that nobody was warned
            found = outlook_of(call, report(call), now)
            if found is not None:
                _warn(call, found, now)


def _warn(call: Call, found: CallOutlook, now: datetime) -> None:
    known = list_warnings([call], now=now).get(call.id, {})
    new = [rule for rule in found.warnings if rule.line.rule.key not in known]
    for rule in new:
        record(call, WARN_STEP, actor=None, now=now, details=_details(rule, found))
    for manager in list_managers(call) if new else ():
        if contact_of(manager.id).wants_reminders:
            notify(
                manager,
                MessageKind.RING_FENCE_WARNING,
                now=now,
                once_key=f"ring_fences:{found.round.id}:{now.date()}:{manager.id}",
                call_id=str(call.id),
            )


def _details(rule: RuleOutlook, found: CallOutlook) -> Json:
    return {
        "ring_fence": rule.line.rule.key,
        "round": found.round.code,
        "can_start": found.can_start,
        "ends_at": found.ends_at.isoformat(),
        "figures": asdict(rule.prospect) | {"outlook": rule.prospect.outlook.value},
    }
