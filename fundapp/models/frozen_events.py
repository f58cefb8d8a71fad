"""The record of what happened only grows: the database refuses every other change of it.

A reason can be taken out, on request or when its time is over; the chain verifies without it. SQLite replaces
rows without asking the trigger of deletion, so an entry in the place of another one is refused too.
"""

from __future__ import annotations

from fundapp.models.row_guards import Guards, guard_rows

COVERED = (
    "number, at, actor_id, call_id, subject_kind, subject_id, step, details, "
    "reason_digest, previous_digest, digest"
)
_IS_THERE = "EXISTS (SELECT 1 FROM event WHERE number = NEW.number OR digest = NEW.digest)"

GUARDS: Guards = {
    "event_in_another_place": ("event", "INSERT", _IS_THERE),
    "event_changed": ("event", f"UPDATE OF {COVERED}", "1 = 1"),
    "event_reason_changed": ("event", "UPDATE OF reason, reason_salt", "NEW.reason IS NOT NULL"),
    "event_kept": ("event", "DELETE", "1 = 1"),
    "event_chain_goes_on": (
        "event_chain",
        "UPDATE",
        "NEW.id <> OLD.id OR NEW.last_number <= OLD.last_number",
    ),
    "event_chain_kept": ("event_chain", "DELETE", "1 = 1"),
}

guard_rows(GUARDS)
