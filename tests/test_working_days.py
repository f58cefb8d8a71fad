"""Working days in England, held against the days that were announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.working_days import bank_holidays, is_working_day, working_days_between, working_days_later

ANNOUNCED = {
    2024: ["01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"],
    2025: ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],
}
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize("year", ANNOUNCED)
def test_bank_holidays_are_those_that_were_announced(year):
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == ANNOUNCED[year]


def test_ten_working_days_over_christmas_take_longer():
    assert working_days_later(date(2026, 12, 18), 10) == date(2027, 1, 6)
    assert working_days_later(date(2027, 6, 7), 10) == date(2027, 6, 21)


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_so_many_working_days_later_is_a_working_day_with_so_many_before_it(day, number):
    later = working_days_later(day, number)

    assert number == 0 or is_working_day(later)
    assert working_days_between(day, later) == number


@given(DAYS)
def test_every_year_has_eight_holidays_none_of_them_on_a_weekend(day):
    holidays = bank_holidays(day.year)

    assert len(holidays) == 8
    assert all(holiday.weekday() < 5 and holiday.year == day.year for holiday in holidays)


def test_nothing_is_left_once_the_day_has_passed():
    day = date(2027, 3, 1)

    assert working_days_between(day, day) == working_days_between(day, day - timedelta(days=9)) == 0
