"""What everybody can read without an account, and the check before applying."""

from __future__ import annotations

from fundapp.web.public import (
    calls,
    check,
    codesign,
    draws,
    openness,
    panel,
    papers,
    results,
    safety,
    take_part,
    take_part_aloud,
    take_part_change,
    take_part_points,
    themes,
    what_it_cost,
)
from fundapp.web.public.blueprint import bp

__all__ = [
    "bp",
    "calls",
    "check",
    "codesign",
    "draws",
    "openness",
    "panel",
    "papers",
    "results",
    "safety",
    "take_part",
    "take_part_aloud",
    "take_part_change",
    "take_part_points",
    "themes",
    "what_it_cost",
]
