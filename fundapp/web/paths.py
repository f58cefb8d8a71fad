"""Paths of this site: those that came from outside, and the language they begin with."""

from __future__ import annotations

from forms.i18n import current_language

INTERFACE_LANGUAGES = ("en", "es", "ar", "uk")  # those with a catalogue in translations/
LONGEST_PATH = 300


def safe_path(target: str | None) -> str | None:
    """A path on this site to go on to; None for anything else."""
    if not target or len(target) > LONGEST_PATH or not target.isascii() or not target.isprintable():
        return None
    is_path = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_path else None


def without_language(path: str) -> str:
    """The same page whatever the reader's language: `/calls` for `/ar/calls`."""
    _, first, *rest = path.split("/", 2)
    return f"/{rest[0] if rest else ''}" if first in INTERFACE_LANGUAGES else path


def in_current_language(path: str) -> str:
    """`/en/calls` for `/ar/calls` and for `/calls`, when the reader is on a page in English."""
    return f"/{current_language().code}{without_language(path)}"
