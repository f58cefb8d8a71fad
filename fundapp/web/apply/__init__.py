"""Applying: from the check to the receipt, and what a group sees afterwards."""

from __future__ import annotations

from fundapp.web.apply import (
    application,
    bringing_back,
    by_and_for,
    clarification,
    confidential,
    copies,
    grace,
    history,
    minutes,
    other_ways,
    pieces,
    questions,
    recordings,
    sending,
    start,
    thread,
    told,
    translations,
)
from fundapp.web.apply.blueprint import bp

__all__ = [
    "application",
    "bp",
    "bringing_back",
    "by_and_for",
    "clarification",
    "confidential",
    "copies",
    "grace",
    "history",
    "minutes",
    "other_ways",
    "pieces",
    "questions",
    "recordings",
    "sending",
    "start",
    "thread",
    "told",
    "translations",
]
