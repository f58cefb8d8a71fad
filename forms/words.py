"""Counting words in any script, without dictionaries and never too strictly."""

from __future__ import annotations

import re
import unicodedata

# White space, the Ethiopic word space and stops, Chinese stops. static/page.js counts by the same rule: what
# browsers call white space and Python does not (U+FEFF) stands here by name, and there the other way round.
_BETWEEN_WORDS = re.compile(r"[\s\ufeff\u1361-\u1368\u3000-\u3003\uff0c\uff0e\uff1a\uff1b\uff01\uff1f]+")
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def word_count(text: str) -> int:
    """Chinese is written without spaces: two characters count as one word there, in favour of the writer."""
    return sum(_words_in(part) for part in _BETWEEN_WORDS.split(text) if part)


def tolerated_words(limit: int) -> int:
    return limit + limit // 10


def within_limit(count: int, limit: int | None) -> bool:
    """A tenth above the limit is let through: programs count differently."""
    return limit is None or count <= tolerated_words(limit)


def within_minutes(seconds: int, limit: int | None) -> bool:
    """The same tenth for what is spoken."""
    return limit is None or seconds * 10 <= limit * 60 * 11


def _words_in(part: str) -> int:
    chinese = len(_CHINESE.findall(part))
    others = _CHINESE.sub(" ", part).split() if chinese else [part]
    return (chinese + 1) // 2 + sum(_has_letter_or_digit(other) for other in others)


def _has_letter_or_digit(part: str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in part)
