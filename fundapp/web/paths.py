"""Paths of this site that came from outside."""

from __future__ import annotations

LONGEST_PATH = 300


def safe_path(target: str | None) -> str | None:
    """A path on this site to go on to; None for anything else."""
    if not target or len(target) > LONGEST_PATH or not target.isascii() or not target.isprintable():
        return None
    is_path = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_path else None
