"""The only place that reads the clock."""

from __future__ import annotations

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Now, in UTC, with its zone."""
    return datetime.now(UTC)
