"""The panel member's pages: own work, ties, what is left to read, the scoring sheet, vote and meeting."""

from __future__ import annotations

from fundapp.web.panel import meeting, member, opinion, packs, practice, sheet, unclear, vote, work
from fundapp.web.panel.blueprint import bp

__all__ = [
    "bp",
    "meeting",
    "member",
    "opinion",
    "packs",
    "practice",
    "sheet",
    "unclear",
    "vote",
    "work",
]
