"""Feasts are held against the dates that were announced or are printed in calendars."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.call_file import reference_call
from fundapp.call_file.clashes import MEETINGS, WATCHED, clashes_of
from fundapp.call_file.timetable import StepKind
from fundapp.feasts import FIRST_YEAR, LAST_YEAR, Feast, feasts_on
from fundapp.web.feast_words import FEASTS

KNOWN = {
    Feast.EID_AL_FITR: [(2026, 3, 20), (2027, 3, 9), (2028, 2, 26)],
    Feast.EID_AL_ADHA: [(2026, 5, 27), (2027, 5, 16), (2028, 5, 5)],
    Feast.ASHURA: [(2026, 6, 25), (2027, 6, 15), (2028, 6, 3)],
    Feast.RAMADAN: [(2026, 2, 18), (2026, 3, 1), (2027, 2, 8), (2027, 3, 8), (2028, 1, 28), (2028, 2, 20)],
    Feast.CHRISTMAS: [(2026, 12, 25), (2027, 12, 25), (2028, 12, 25)],
    Feast.GOOD_FRIDAY: [(2026, 4, 3), (2027, 3, 26), (2028, 4, 14)],
    Feast.EASTER: [(2026, 4, 5), (2026, 4, 6), (2027, 3, 28), (2028, 4, 16)],
    Feast.ORTHODOX_CHRISTMAS: [(2026, 1, 7), (2027, 1, 7), (2028, 1, 7)],
    Feast.TIMKAT: [(2026, 1, 19), (2027, 1, 19), (2028, 1, 20)],
    Feast.ORTHODOX_GOOD_FRIDAY: [(2026, 4, 10), (2027, 4, 30), (2028, 4, 14)],
    Feast.ORTHODOX_EASTER: [(2026, 4, 12), (2027, 5, 2), (2028, 4, 16)],
    Feast.MESKEL: [(2026, 9, 27), (2027, 9, 28), (2028, 9, 27)],
    Feast.PASSOVER: [(2026, 4, 2), (2026, 4, 9), (2027, 4, 22), (2028, 4, 11)],
    Feast.ROSH_HASHANAH: [(2026, 9, 12), (2026, 9, 13), (2027, 10, 2), (2028, 9, 21)],
    Feast.YOM_KIPPUR: [(2026, 9, 21), (2027, 10, 11), (2028, 9, 30)],
    Feast.NOWRUZ: [(2026, 3, 21), (2027, 3, 21), (2028, 3, 20)],
    Feast.DIWALI: [(2026, 11, 8), (2027, 10, 29), (2028, 10, 17)],
    Feast.VAISAKHI: [(2026, 4, 14), (2027, 4, 14), (2028, 4, 13)],
    Feast.LUNAR_NEW_YEAR: [(2026, 2, 17), (2027, 2, 6), (2028, 1, 26)],
    Feast.BANK_HOLIDAY: [(2026, 8, 31), (2027, 5, 3), (2028, 1, 3)],
    Feast.WEEKEND: [(2026, 3, 7), (2027, 3, 7), (2028, 3, 4)],
}
NONE = [(2026, 3, 24), (2027, 6, 22), (2028, 10, 18), (2027, 3, 15), (2028, 2, 29)]


@pytest.mark.parametrize("feast", Feast)
def test_feast_is_on_the_days_of_the_calendar(feast: Feast) -> None:
    assert [day for day in KNOWN[feast] if feast not in feasts_on(date(*day))] == []


@pytest.mark.parametrize("day", NONE, ids=str)
def test_ordinary_day_is_no_feast(day: tuple[int, int, int]) -> None:
    assert feasts_on(date(*day)) == ()


@pytest.mark.parametrize("year", range(FIRST_YEAR + 1, LAST_YEAR + 1))
def test_every_feast_is_in_every_year(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    found = [feast for day in days for feast in feasts_on(day)]

    assert set(Feast) - set(found) == set()
    assert 28 <= found.count(Feast.RAMADAN) <= 60, "a year can have two that begin in it"
    for feast in (Feast.EASTER, Feast.ROSH_HASHANAH):
        assert found.count(feast) == 2


@given(st.dates())
def test_any_day_can_be_asked_about(day: date) -> None:
    assert (Feast.WEEKEND in feasts_on(day)) is (day.weekday() >= 5)


def test_every_feast_has_a_name() -> None:
    assert set(FEASTS) == set(Feast)


def moved(kind: StepKind, starts: date, ends: date | None = None) -> set[tuple[date, Feast]]:
    """What a call is warned of, whose first round has this step on other days."""
    call = reference_call()
    first, *rest = call.rounds
    steps = tuple(
        dataclasses.replace(step, starts=starts, ends=ends) if step.kind is kind else step
        for step in first.timetable
    )
    changed = dataclasses.replace(call, rounds=(dataclasses.replace(first, timetable=steps), *rest))
    place = next(number for number, step in enumerate(steps) if step.kind is kind)
    return {
        (clash.day, feast)
        for clash in clashes_of(changed)
        for feast in clash.feasts
        if clash.path == ("rounds", 0, "timetable", place)
    }


def test_closing_day_in_ramadan_is_named() -> None:
    assert moved(StepKind.EOI_CLOSES, date(2027, 2, 10)) == {(date(2027, 2, 10), Feast.RAMADAN)}
    assert moved(StepKind.FULL_CLOSES, date(2027, 3, 9)) == {(date(2027, 3, 9), Feast.EID_AL_FITR)}


def test_of_a_period_only_its_last_day_counts_and_of_a_meeting_every_day() -> None:
    scoring = moved(StepKind.SCORING, date(2026, 12, 20), date(2027, 1, 7))
    meeting = moved(StepKind.PANEL_MEETING, date(2027, 4, 21), date(2027, 4, 23))

    assert scoring == {(date(2027, 1, 7), Feast.ORTHODOX_CHRISTMAS)}
    assert meeting == {(date(2027, 4, 22), Feast.PASSOVER), (date(2027, 4, 23), Feast.PASSOVER)}


def test_days_on_which_nobody_has_to_do_anything_are_not_named() -> None:
    assert moved(StepKind.OPENS, date(2026, 12, 25)) == set()
    assert StepKind.GRANTS_START not in WATCHED
    assert MEETINGS <= WATCHED


def test_reference_call_warns_of_its_own_days_alone() -> None:
    call = reference_call()
    days = {step.last_day for round_ in call.rounds for step in round_.timetable}
    days |= {session.day for session in call.codesign.sessions}

    assert {clash.day for clash in clashes_of(call)} <= days
