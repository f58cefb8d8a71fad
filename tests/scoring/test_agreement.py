"""Agreement of readers: the textbook values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import Alpha, Level, alpha, dependability, intraclass_correlations
from scoring.calibration import calibrate
from scoring.records import InvalidInput, Rating
from scoring.reml import Variances
from tests.scoring.test_calibration import aibs, jrt, rows, sirt

# Krippendorff (2011), four coders and twelve units; a dot is no rating.
KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# Shrout and Fleiss (1979), six targets and four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def textbook() -> list[Rating]:
    return [
        Rating(f"{unit:02}", f"coder {coder}", int(value))
        for coder, row in enumerate(KRIPPENDORFF)
        for unit, value in enumerate(row.split())
        if value != "."
    ]


@pytest.mark.parametrize(
    ("level", "value"),
    [(Level.NOMINAL, 0.743), (Level.ORDINAL, 0.815), (Level.INTERVAL, 0.849), (Level.RATIO, 0.797)],
)
def test_alpha_has_the_textbook_value(level: Level, value: float) -> None:
    found = alpha(textbook(), level)

    assert found == Alpha(found.value, level, applications=11, ratings=40)
    assert found.value == pytest.approx(value, abs=0.0005)


@pytest.mark.parametrize(
    ("ratings", "value"),
    [(aibs, 0.36897), (sirt, 0.75780), (jrt, 0.49115)],
    ids=["aibs", "sirt", "jrt"],
)
def test_alpha_of_real_panels(ratings: Callable[[], list[Rating]], value: float) -> None:
    assert alpha(ratings(), Level.INTERVAL).value == pytest.approx(value, abs=0.000005)


@pytest.mark.parametrize(
    ("criterion", "value"),
    [("Innovation", 0.424), ("Approach", 0.210), ("Investig", 0.226), ("Signif", 0.404)],
)
def test_alpha_of_single_criteria_of_a_real_panel(criterion: str, value: float) -> None:
    ratings = [
        Rating(row["ID"], row["RevID"], Fraction(row[criterion]))
        for row in rows("aibs/AIBS.csv")
        if row[criterion] not in ("", "NA")
    ]

    assert alpha(ratings, Level.INTERVAL).value == pytest.approx(value, abs=0.0005)


def test_intraclass_correlations_have_the_textbook_values() -> None:
    found = intraclass_correlations(SHROUT_FLEISS)

    assert (found.one, found.two, found.three) == pytest.approx((0.166, 0.290, 0.715), abs=0.0005)
    assert (found.one_k, found.two_k, found.three_k) == pytest.approx((0.443, 0.620, 0.909), abs=0.0005)
    assert (found.applications, found.readers) == (6, 4)


def test_a_real_panel_needs_seven_readers_to_be_dependable() -> None:
    found = dependability(calibrate(aibs()).variances, 3)

    assert found.absolute == pytest.approx(0.639, abs=0.0005)
    assert found.relative == pytest.approx(found.absolute)  # no severity in these data
    assert found.readings_for_goal == 7


def test_dependability_at_the_ends() -> None:
    assert dependability(Variances(0.0, 0.1, 1.0), 3).readings_for_goal is None
    assert dependability(Variances(1.0, 0.0, 0.0), 3).readings_for_goal == 1
    assert dependability(Variances(1.0, 0.5, 0.5), 2, goal=0.5).readings_for_goal == 1
    with_severity = dependability(Variances(1.0, 0.5, 0.5), 1)
    assert (with_severity.relative, with_severity.absolute) == (pytest.approx(2 / 3), 0.5)


def test_numbers_that_say_nothing_are_refused_or_none() -> None:
    alone = [Rating("x", "a", 1), Rating("y", "a", 2)]
    agreed = [Rating("x", "a", 1), Rating("x", "b", 1)]

    assert alpha([], Level.NOMINAL) == Alpha(None, Level.NOMINAL, 0, 0)
    assert alpha(alone, Level.ORDINAL) == Alpha(None, Level.ORDINAL, 0, 0)
    assert alpha(agreed, Level.INTERVAL) == Alpha(None, Level.INTERVAL, 1, 2)
    same_rows = intraclass_correlations([[1, 2], [1, 2]])
    assert (same_rows.one, same_rows.three, same_rows.one_k, same_rows.three_k) == (-1.0, None, None, None)
    for table in ([], [[1, 2]], [[1], [2]], [[1, 2], [1]], [[3, 3], [3, 3]]):
        with pytest.raises(InvalidInput):
            intraclass_correlations(table)
    for variances, readings, goal in (
        (Variances(1.0, 0.0, 1.0), 0, 0.8),
        (Variances(1.0, 0.0, 1.0), 1, 1.0),
        (Variances(0.0, 0.0, 0.0), 1, 0.8),
    ):
        with pytest.raises(InvalidInput):
            dependability(variances, readings, goal)
    with pytest.raises(InvalidInput):
        alpha([*agreed, agreed[0]], Level.NOMINAL)
    with pytest.raises(InvalidInput):
        alpha([Rating("x", "a", -1), Rating("x", "b", 1)], Level.RATIO)


RATINGS = st.lists(
    st.builds(Rating, st.sampled_from("xyz"), st.sampled_from("abcd"), st.integers(1, 4)),
    unique_by=lambda one: (one.application, one.reader),
)


@given(RATINGS, st.sampled_from(Level), st.randoms(use_true_random=False))
def test_alpha_does_not_depend_on_the_order_or_the_names_of_readers(
    ratings: list[Rating], level: Level, random: Random
) -> None:
    names = list("abcd")
    random.shuffle(names)
    renamed = [replace(one, reader=names["abcd".index(one.reader)]) for one in ratings]
    random.shuffle(renamed)

    before, after = alpha(ratings, level), alpha(renamed, level)

    assert before.value == (None if after.value is None else pytest.approx(after.value))
    assert before.value is None or before.value <= 1


@given(st.lists(st.integers(1, 4), min_size=2, unique=True), st.sampled_from(Level))
def test_full_agreement_is_one(values: list[int], level: Level) -> None:
    ratings = [Rating(str(value), reader, value) for value in values for reader in "abc"]

    assert alpha(ratings, level).value == 1


@given(st.lists(st.lists(st.integers(0, 10_000), min_size=2, max_size=4), min_size=2, max_size=6))
def test_alpha_of_totals_is_that_of_all_pairs(table: list[list[int]]) -> None:
    """Krippendorff's definition, one pair after the other."""
    found = alpha(
        [
            Rating(f"a{at}", f"r{who}", Fraction(x, 100))
            for at, row in enumerate(table)
            for who, x in enumerate(row)
        ],
        Level.INTERVAL,
    )

    every = [Fraction(x, 100) for row in table for x in row]
    expected = sum((one - other) ** 2 for one in every for other in every)
    observed = sum(
        Fraction(sum((one - other) ** 2 for one in row for other in row), 10_000 * (len(row) - 1))
        for row in table
    )
    if not expected:
        assert found.value is None
    else:
        assert found.value == pytest.approx(float(1 - (len(every) - 1) * observed / expected), abs=1e-9)
