"""Making passages in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from forms.i18n import current_language
from forms.localized import LocalizedText
from forms.money import format_money
from fundapp.agreement_file.content import Passage


def own(text: str) -> Passage:
    return Passage(text, current_language().code)


def of_call(text: LocalizedText) -> Passage:
    """A text of the call, marked as what it is when it is not there in this language."""
    return Passage(*text.choose(current_language().code))


def named(text: str) -> str:
    """A name inside a sentence: it keeps its own direction."""
    return f"\u2068{text}\u2069"


def sums(rows: Iterable[tuple[str, Decimal]]) -> tuple[tuple[Passage, ...], ...]:
    """What somebody typed is in a language that nobody knows for certain."""
    return tuple((Passage(name, ""), money(amount)) for name, amount in rows)


def money(amount: Decimal) -> Passage:
    return Passage(format_money(amount), "en")
