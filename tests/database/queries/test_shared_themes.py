"""Themes of a year for everybody: no small number, also not by subtraction over the years."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fundapp.queries.shared_themes import Counts, Shown, without_small
from fundapp.queries.tallies import MANY_ENOUGH

THEMES = ("sleep", "trust", "work")


@st.composite
def some_years(draw):
    """How many groups have a grant, and what was read of them in each year."""
    everybody = draw(st.integers(0, 60))
    years = []
    for _year in range(draw(st.integers(1, 4))):
        groups = draw(st.integers(0, everybody))
        years.append(Counts(groups, {theme: draw(st.integers(0, groups)) for theme in THEMES}))
    return everybody, years


def publish(everybody, years):
    shown = []
    for counts in years:
        shown.append(without_small(counts, everybody, shown))
    return shown


def is_safe(number):
    return number == 0 or number >= MANY_ENOUGH


@given(some_years())
def test_nothing_below_five_is_shown_or_left_by_subtraction_over_all_years(case):
    everybody, years = case
    shown = publish(everybody, years)

    for counts, year in zip(years, shown, strict=True):
        assert year.groups in (None, counts.groups)
        for theme in THEMES:
            assert year.themes[theme] in (None, counts.themes[theme])
    for theme in THEMES:
        for year in shown:
            known = [everybody, *([] if year.groups is None else [year.groups])]
            number = year.themes[theme]
            if number is not None:
                assert is_safe(number)
                assert all(is_safe(abs(number - other)) for other in known)
        numbers = [number for year in shown if (number := year.themes[theme]) is not None]
        assert all(is_safe(abs(one - other)) for one, other in combinations(numbers, 2))
    read = [everybody, *(year.groups for year in shown if year.groups is not None)]
    assert all(is_safe(abs(one - other)) for one, other in combinations(read, 2))


@given(some_years())
def test_groups_that_did_not_speak_of_a_theme_are_not_few_even_where_their_number_is_hidden(case):
    everybody, years = case

    for counts, year in zip(years, publish(everybody, years), strict=True):
        for theme, number in year.themes.items():
            assert number is None or is_safe(counts.groups - number), theme


def test_large_numbers_that_lie_far_apart_are_shown():
    first = without_small(Counts(30, {"sleep": 12, "trust": 5, "work": 4}), 41, [])
    second = without_small(Counts(20, {"sleep": 13, "trust": 12, "work": 15}), 41, [first])

    assert first == Shown(30, {"sleep": 12, "trust": 5, "work": None})
    assert second == Shown(20, {"sleep": None, "trust": 12, "work": 15})
