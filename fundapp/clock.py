"""The only place that reads the clock."""

from __future__ import annotations

from datetime import UTC, datetime

ARRIVED_AT = "fundapp.arrived_at"  # in the environment of a request


def utcnow() -> datetime:
    """Now, in UTC, with its zone."""
    return datetime.now(UTC)
