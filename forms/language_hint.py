"""Which language a text seems to be in: a hint to fill in a choice with, never more.

Nobody is judged by it. It may be wrong, is always changeable, and is silent where `pycld2` is not installed.
"""

from __future__ import annotations

import importlib
import re
from types import ModuleType

from forms.languages import LANGUAGES, find_language

FEWEST_LETTERS = 15
SURE_PERCENT = 80
MOST_CHARACTERS = 4000
_ARABIC = re.compile(r"[\u0620-\u06ff]")


def language_hint(text: str) -> str | None:
    """The code of one of our languages, or None where the text is short, mixed or of no known language."""
    detector = _detector()
    sample = "".join(each if each.isprintable() else " " for each in text[:MOST_CHARACTERS])
    if detector is None or sum(map(str.isalpha, sample)) < FEWEST_LETTERS:
        return None
    try:
        is_reliable, _size, (first, *_others) = detector.detect(sample)
    except (ValueError, UnicodeError, detector.error):
        return None
    _name, code, percent, _score = first
    if not is_reliable or percent < SURE_PERCENT:
        return None
    if code == "ku" and _ARABIC.search(sample):  # what it calls Kurdish in this script is Sorani
        return "ckb"
    found = find_language(code)
    return found.code if found and found.code in LANGUAGES else None


def _detector() -> ModuleType | None:
    """Loaded when it is first needed; there is none for every Python."""
    try:
        return importlib.import_module("pycld2")
    except ImportError:
        return None
