"""Applying: from the check to the receipt, and what a group sees afterwards."""

from __future__ import annotations

from fundapp.web.apply import (
    application,
    clarification,
    grace,
    other_ways,
    questions,
    sending,
    start,
    told,
)
from fundapp.web.apply.blueprint import bp

__all__ = [
    "application",
    "bp",
    "clarification",
    "grace",
    "other_ways",
    "questions",
    "sending",
    "start",
    "told",
]
