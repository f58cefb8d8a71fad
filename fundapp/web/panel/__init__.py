"""The panel member's pages: own work, ties, what is left to read, the scoring sheet, vote and meeting."""

from __future__ import annotations

from fundapp.web.panel import calendar, meeting, member, packs, practice, sheet, unclear, vote, work
from fundapp.web.panel.blueprint import bp
from fundapp.web.panel.calendar import feed_bp

__all__ = [
    "bp",
    "calendar",
    "feed_bp",
    "meeting",
    "member",
    "packs",
    "practice",
    "sheet",
    "unclear",
    "vote",
    "work",
]
