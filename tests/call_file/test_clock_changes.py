"""A deadline is one moment: around every change of the London clocks from 2025 to 2035."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.localized import LocalizedText
from fundapp.call_file import CallFileErrors, read_call
from fundapp.call_file.timetable import StepKind, TimetableStep, times_on_the_clock

SMALL_CALL = (Path(__file__).parent / "small-call.yaml").read_text(encoding="utf-8")
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


# By law at 01:00 UTC on the last Sundays of March and October; not read from the zone that is tested.
CHANGES = [
    datetime.combine(last_sunday(year, month), time(1), UTC)
    for year in range(2025, 2036)
    for month in (3, 10)
]


def offset_by_law(moment: datetime) -> timedelta:
    begins, ends = (datetime.combine(last_sunday(moment.year, month), time(1), UTC) for month in (3, 10))
    return HOUR if begins <= moment < ends else timedelta(0)


TWO_HOURS = st.integers(min_value=-2 * 60 * 60 * 1000, max_value=2 * 60 * 60 * 1000)


@settings(max_examples=500, deadline=None)
@given(change=st.sampled_from(CHANGES), shifts=st.lists(TWO_HOURS, min_size=20, max_size=20))
def test_deadline_of_every_millisecond_around_a_change_is_the_moment_meant(
    change: datetime, shifts: list[int]
):
    """Ten thousand moments."""
    for shift in shifts:
        is_the_moment_meant(change, change + timedelta(milliseconds=shift))


def is_the_moment_meant(change: datetime, moment: datetime) -> None:
    local = (moment + offset_by_law(moment)).replace(tzinfo=None)
    step = TimetableStep(StepKind.EOI_CLOSES, LocalizedText({"en": "x"}), local.date(), at=local.time())
    in_autumn = change.month == 10
    is_twice = in_autumn and change - HOUR <= moment < change + HOUR

    assert times_on_the_clock(local.date(), local.time(), LONDON) == (2 if is_twice else 1)
    if not is_twice:
        assert step.closes_at(LONDON) == moment
        assert step.begins_at(LONDON) == moment


@given(change=st.sampled_from(CHANGES[::2]), shift=st.integers(min_value=0, max_value=3_599_999))
def test_hour_that_the_clocks_jump_over_is_no_time(change: datetime, shift: int):
    local = change.replace(tzinfo=None) + timedelta(milliseconds=shift)

    assert times_on_the_clock(local.date(), local.time(), LONDON) == 0


def with_deadline(day: str, at: str) -> str:
    lines = SMALL_CALL.split("\n")
    number = next(n for n, line in enumerate(lines) if "eoi_closes" in line)
    for n in range(number, number + 6):
        if "starts:" in lines[n] or "day:" in lines[n]:
            lines[n] = lines[n].split(":")[0] + f": {day}"
        if lines[n].strip().startswith("at:"):
            lines[n] = lines[n].split(":")[0] + f': "{at}"'
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("day", "at", "words"),
    [
        ("2027-03-28", "01:30", "There is no such time on that day: the clocks go forward over it."),
        ("2027-10-31", "01:30", "This time is there twice on that day: the clocks go back."),
    ],
)
def test_file_with_a_deadline_that_is_no_or_two_moments_is_refused(day: str, at: str, words: str):
    with pytest.raises(CallFileErrors) as refused:
        read_call(with_deadline(day, at))

    assert [str(error).endswith(words) for error in refused.value.errors].count(True) == 1
