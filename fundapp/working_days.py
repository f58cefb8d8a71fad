"""Working days in England: Mondays to Fridays without the bank holidays that the law knows beforehand.

A holiday that is proclaimed for one year alone is not known here; it makes a promise a day stricter.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

MONDAY, FRIDAY, SATURDAY = 0, 4, 5
A_DAY = timedelta(days=1)


def working_days_later(day: date, number: int) -> date:
    while number:
        day += A_DAY
        number -= is_working_day(day)
    return day


def working_days_between(day: date, last: date) -> int:
    """So many working days are left after `day`, up to and with `last`; none once it has passed."""
    days = range(1, (last - day).days + 1)
    return sum(is_working_day(day + number * A_DAY) for number in days)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Of England, with the days on which those that fall on a weekend are kept."""
    easter = easter_sunday(year)
    days = {
        easter - 2 * A_DAY,
        easter + A_DAY,
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        kept = fixed
        while kept.weekday() > FRIDAY or kept in days:
            kept += A_DAY
        days.add(kept)
    return frozenset(days)


def _monday_from(day: date) -> date:
    """That day, or the first Monday after it."""
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)


def easter_sunday(year: int) -> date:
    """By the Gregorian calendar, as Meeus writes it down."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
