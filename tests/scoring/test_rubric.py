"""Rules of marking, the check of a sheet and its total."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.records import Criterion, InvalidInput, Mark, Rubric, Scale, ScoreSheet
from scoring.rubric import (
    RubricProblem,
    SheetProblem,
    SheetProblemCode,
    check_rubric,
    check_sheet,
    hundredths,
    total_of_sheet,
)
from tests.scoring.call import RUBRIC, sheet


def test_the_example_of_the_reference_call_totals_71_67() -> None:
    total = total_of_sheet(sheet(4, 3, 3, 2, 3), RUBRIC)

    assert total == Fraction(215, 3)
    assert hundredths(total) == 7167


@pytest.mark.parametrize(("level", "total"), [(1, 0), (4, 100)])
def test_the_ends_of_the_scale_are_0_and_100(level: int, total: int) -> None:
    assert total_of_sheet(sheet(level, level, level, level, level), RUBRIC) == total


def test_a_sheet_with_cant_tell_is_complete_but_has_no_total() -> None:
    assert check_sheet(sheet(4, None, 3, 2, 3), RUBRIC) == ()
    assert total_of_sheet(sheet(4, None, 3, 2, 3), RUBRIC) is None


def test_an_unfinished_sheet_has_no_total_and_names_what_is_missing() -> None:
    unfinished = ScoreSheet("a", "r", (Mark("c1", 3), Mark("c3", 3)))

    assert total_of_sheet(unfinished, RUBRIC) is None
    assert check_sheet(unfinished, RUBRIC) == tuple(
        SheetProblem(SheetProblemCode.MARK_MISSING, key) for key in ("c2", "c4", "c5")
    )


def test_a_wrong_sheet_gets_every_problem_at_once_and_no_total() -> None:
    wrong = ScoreSheet(
        "a",
        "r",
        (Mark("c1", 5), Mark("c1", 2), Mark("c2", 0), Mark("c4", 2**70), Mark("x", 1), Mark("c5", 1)),
    )

    assert check_sheet(wrong, RUBRIC) == (
        SheetProblem(SheetProblemCode.MARK_MISSING, "c3"),
        SheetProblem(SheetProblemCode.MARK_TWICE, "c1"),
        SheetProblem(SheetProblemCode.OUTSIDE_SCALE, "c1"),
        SheetProblem(SheetProblemCode.OUTSIDE_SCALE, "c2"),
        SheetProblem(SheetProblemCode.OUTSIDE_SCALE, "c4"),
        SheetProblem(SheetProblemCode.CRITERION_UNKNOWN, "x"),
    )
    with pytest.raises(InvalidInput):
        total_of_sheet(wrong, RUBRIC)


def test_the_rules_of_the_reference_call_are_sound() -> None:
    assert check_rubric(RUBRIC) == ()


def test_wrong_rules_are_named_all_at_once() -> None:
    wrong = Rubric(Scale(4, 4), (Criterion("c1", 0), Criterion("c1", 99, Fraction(9, 2))))

    assert check_rubric(wrong) == (
        RubricProblem.CRITERION_TWICE,
        RubricProblem.WEIGHT_NOT_POSITIVE,
        RubricProblem.WEIGHTS_NOT_100,
        RubricProblem.SCALE_EMPTY,
        RubricProblem.MINIMUM_OUTSIDE_SCALE,
    )
    assert check_rubric(Rubric(Scale(1, 4), ())) == (RubricProblem.NO_CRITERIA,)


def test_weights_may_be_fractions() -> None:
    thirds = tuple(Criterion(key, Fraction(100, 3)) for key in "abc")

    assert check_rubric(replace(RUBRIC, criteria=thirds)) == ()


@given(st.lists(st.integers(1, 4), min_size=5, max_size=5), st.integers(0, 4))
def test_a_higher_mark_always_gives_a_higher_total(marks: list[int], which: int) -> None:
    better = [mark + (place == which) for place, mark in enumerate(marks)]
    if better[which] > 4:
        return
    lower, higher = total_of_sheet(sheet(*marks), RUBRIC), total_of_sheet(sheet(*better), RUBRIC)

    assert lower is not None
    assert higher is not None
    assert 0 <= lower < higher <= 100
