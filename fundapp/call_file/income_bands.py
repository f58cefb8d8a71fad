"""Income is asked in bands. The key of a band says where it begins: `from_10000` is £10,000 or more."""

from __future__ import annotations

from decimal import Decimal

from forms.definition import Question

_PREFIX = "from_"


def lowest_income(band: str) -> int | None:
    """In whole pounds; None for a key that is not a band."""
    digits = band.removeprefix(_PREFIX)
    if not band.startswith(_PREFIX) or not digits.isascii() or not digits.isdigit():
        return None
    return int(digits)


def are_bands(question: Question) -> bool:
    """True when the choices are bands that begin at nothing and rise."""
    limits = [lowest_income(choice.key) for choice in question.choices]
    known = [limit for limit in limits if limit is not None]
    return len(known) == len(limits) and known[:1] == [0] and known == sorted(set(known))


def band_of(question: Question, income: Decimal) -> str | None:
    """The highest band that begins at or below this income."""
    limits = [(lowest_income(choice.key), choice.key) for choice in question.choices]
    reached = [(limit, key) for limit, key in limits if limit is not None and limit <= income]
    return max(reached)[1] if reached else None
