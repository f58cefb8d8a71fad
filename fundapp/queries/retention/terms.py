"""How long: in days, months of the calendar, or years."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from fundapp.moments import LONDON


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Term:
    number: int
    unit: Unit = Unit.DAYS

    def before(self, now: datetime) -> datetime:
        """What happened then, or earlier, has been kept long enough."""
        return self._moved(now, -1)

    def after(self, moment: datetime) -> datetime:
        return self._moved(moment, 1)

    def _moved(self, moment: datetime, sign: int) -> datetime:
        if self.unit is Unit.DAYS:
            return moment + sign * timedelta(days=self.number)
        months = self.number * (12 if self.unit is Unit.YEARS else 1)
        year, month = divmod(moment.year * 12 + moment.month - 1 + sign * months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def days(number: int) -> Term:
    return Term(number)


def months(number: int) -> Term:
    return Term(number, Unit.MONTHS)


def years(number: int) -> Term:
    return Term(number, Unit.YEARS)


def end_of_financial_year(moment: datetime) -> datetime:
    """The last day of March, in London, of the year in which something was paid."""
    day = moment.astimezone(LONDON).date()
    ends_in = day.year if day <= date(day.year, 3, 31) else day.year + 1
    return datetime(ends_in, 3, 31, tzinfo=LONDON)
