"""Numbers and sums of money as people write them, in the digits of any script; shown in one way only."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from forms.i18n import _

LARGEST_AMOUNT = Decimal("9999999999.99")  # what the database column holds
LONGEST_NUMBER = 60

_MARKS = {"٬": "'", "،": ",", "，": ",", "．": ".", "。": "."}
_IGNORED = "£￡\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c"
_GROUPS = r"[1-9]\d{0,2}(?:%(mark)s\d{2,3})*%(mark)s\d{3}"


class NotANumber(ValueError):
    """Its message says what to write instead."""


def format_money(amount: Decimal) -> str:
    """Always `£2,500.00`: the same in every language, because other notations mean other sums to somebody."""
    sign = "-" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.2f}"


def money_in_text(amount: Decimal) -> str:
    """Inside a sentence: isolated, or Arabic words before it would carry the pound sign to its other side."""
    return f"\u2066{format_money(amount)}\u2069"


def latin_digits(text: str) -> str:
    """The digits of every script as 0–9; everything else stays."""
    return "".join(
        str(unicodedata.decimal(character)) if unicodedata.category(character) == "Nd" else character
        for character in text
    )


def parse_money(text: str) -> Decimal:
    """Pounds from `2,500.50`, `٢٬٥٠٠٫٥`, `2.500,50`, `£ 2 500`. Raises NotANumber.

    A mark followed by exactly three digits separates thousands: nobody writes tenths of a penny.
    """
    whole, pence = _split(_plain(text), allow_pence=True)
    amount = Decimal(f"{whole}.{pence:0<2}")
    if amount > LARGEST_AMOUNT:
        raise NotANumber(_("The amount must be %(limit)s or less.", limit=money_in_text(LARGEST_AMOUNT)))
    return amount


def parse_whole_number(text: str) -> int:
    """Raises NotANumber."""
    whole, _pence = _split(_plain(text), allow_pence=False)
    return int(whole)


def _plain(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise NotANumber(_("Write a number with at most %(limit)s characters.", limit=LONGEST_NUMBER))
    kept = "".join(_MARKS.get(character, character) for character in text if character not in _IGNORED)
    return re.sub(r"\s+", " ", latin_digits(kept).strip())


def _split(number: str, *, allow_pence: bool) -> tuple[str, str]:
    """The digits before and after the decimal mark, if the marks between them make sense."""
    if re.fullmatch(r"\d+", number):
        return number, ""
    if allow_pence and (found := re.fullmatch(r"(.*\d)[٫.,](\d{1,2})", number)):
        mark = number[found.end(1)]
        if mark not in found[1] and (whole := _without_groups(found[1])):
            return whole, found[2]
    if whole := _without_groups(number):
        return whole, ""
    if allow_pence:
        raise NotANumber(_("Write an amount in pounds with digits only, for example 2500 or 2,500.50."))
    raise NotANumber(_("Write a whole number with digits only, for example 25."))


def _without_groups(number: str) -> str | None:
    """`2,500`, `2 500`, `2.500`, and `2,50,000` as written in South Asia; one kind of mark only."""
    if re.fullmatch(r"\d+", number):
        return number
    for mark in (",", r"\.", " ", "'"):
        if re.fullmatch(_GROUPS % {"mark": mark}, number):
            return re.sub(r"\D", "", number)
    return None
