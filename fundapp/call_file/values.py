"""Single values of a call file: texts, keys, numbers, amounts, days and times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal

from forms.i18n import _

LONGEST_TEXT = 5_000
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?", re.ASCII)
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}", re.ASCII)
_UNREADABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


class WrongValue(ValueError):
    """What to write instead is in `message`."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def read_text(data: object) -> str:
    """One text, without spaces around it."""
    if data is None:
        raise WrongValue(_("This text is empty. Write it after the colon."))
    if not isinstance(data, str):
        raise WrongValue(_("Write a text here, if needed in quotation marks."))
    text = data.strip()
    if not text:
        raise WrongValue(_("This text is empty. Write it after the colon."))
    if len(text) > LONGEST_TEXT:
        raise WrongValue(_("This text is too long. The most is %(n)s characters.", n=LONGEST_TEXT))
    if any(unicodedata.category(sign) in _UNREADABLE and sign != "\n" for sign in text):
        raise WrongValue(_("This text contains a character we cannot store. Write it again."))
    return text


def _read_whole_number(data: object) -> int:
    if isinstance(data, int) and not isinstance(data, bool):
        data = str(data)
    if not isinstance(data, str) or not _WHOLE.fullmatch(data):
        raise WrongValue(_("Write a whole number in digits, for example 24."))
    return int(data)


def _read_amount(data: object) -> Decimal:
    if isinstance(data, int) and not isinstance(data, bool):
        data = str(data)
    if not isinstance(data, str) or not _AMOUNT.fullmatch(data):
        raise WrongValue(
            _("Write digits only, without a comma or a currency sign, for example 30000 or 30000.50.")
        )
    return Decimal(data)


def _read_yes_no(data: object) -> bool:
    if isinstance(data, bool):
        return data
    if data in ("yes", "true"):
        return True
    if data in ("no", "false"):
        return False
    raise WrongValue(_("Write “yes” or “no” here."))


def _read_day(data: object) -> date:
    try:
        if isinstance(data, str) and _DAY.fullmatch(data):
            return date.fromisoformat(data)
    except ValueError:
        raise WrongValue(_("There is no such day in the calendar. Check the day and the month.")) from None
    raise WrongValue(_("Write a day as year, month and day, for example 2027-04-15."))


def _read_time(data: object) -> time:
    try:
        if isinstance(data, str) and _TIME.fullmatch(data):
            return time.fromisoformat(data)
    except ValueError:
        raise WrongValue(_("There is no such time. Use 00:00 to 23:59.")) from None
    raise WrongValue(_("Write a time with hours and minutes, for example “12:00”."))


READERS: Mapping[object, Callable[[object], object]] = {
    str: read_text,
    int: _read_whole_number,
    Decimal: _read_amount,
    bool: _read_yes_no,
    date: _read_day,
    time: _read_time,
}


def plain_number(number: Decimal) -> str:
    """The shortest way to write it: 30000, 0.5, 12.25."""
    return format(number.normalize(), "f") if number else "0"
