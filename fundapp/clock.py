"""The only place that reads the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time

ARRIVED_AT = "fundapp.arrived_at"  # in the environment of a request


def utcnow() -> datetime:
    """Now, in UTC, with its zone."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> datetime:
    """The day alone: what is written down of when somebody without an account said something."""
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)
