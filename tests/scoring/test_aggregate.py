"""Many sheets of one application, and what the panel should talk about first."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.aggregate import ApplicationResult, CriterionResult, combine, combine_all
from scoring.moderation import AgendaCode, AgendaItem, AgendaPoint, agenda
from scoring.records import InvalidInput, Mark, ScoreSheet
from scoring.rubric import total_of_sheet
from tests.scoring.call import RUBRIC, sheet

READERS = ("r1", "r2", "r3")


def read(application: str, *marks: tuple[int | None, ...]) -> ApplicationResult:
    return combine(application, sheets(*marks, application=application), RUBRIC)


def sheets(*marks: tuple[int | None, ...], application: str = "a") -> list[ScoreSheet]:
    return [
        sheet(*one, application=application, reader=reader)
        for one, reader in zip(marks, READERS[: len(marks)], strict=True)
    ]


def test_a_criterion_mean_is_over_the_readers_who_scored_it() -> None:
    result = combine("a", sheets((4, 3, 3, 2, 3), (2, None, 3, 2, 3), (3, 2, 3, 2, None)), RUBRIC)

    assert result == ApplicationResult(
        application="a",
        # 30 x 2/3 + 20 x 1.5/3 + 20 x 2/3 + 15 x 1/3 + 15 x 2/3
        total=Fraction(20) + 10 + Fraction(40, 3) + 5 + 10,
        readers=3,
        is_read_enough=True,
        criteria=(
            CriterionResult("c1", Fraction(3), 3, 0, 2, is_minimum_missed=False),
            CriterionResult("c2", Fraction(5, 2), 2, 1, 1, is_minimum_missed=False),
            CriterionResult("c3", Fraction(3), 3, 0, 0, is_minimum_missed=False),
            CriterionResult("c4", Fraction(2), 3, 0, 0, is_minimum_missed=False),
            CriterionResult("c5", Fraction(3), 2, 1, 0, is_minimum_missed=False),
        ),
    )


def test_a_criterion_nobody_scored_means_no_total() -> None:
    result = combine("a", sheets((4, None, 3, 2, 3), (4, None, 3, 2, 3), (4, None, 3, 2, 3)), RUBRIC)

    assert result.total is None
    assert result.criterion("c2") == CriterionResult("c2", None, 0, 3, 0, is_minimum_missed=False)
    assert set(result.means) == {"c1", "c3", "c4", "c5"}


def test_minimums_and_too_few_readers_are_reported() -> None:
    result = combine("a", sheets((2, 1, 1, 1, 1), (1, 1, 2, 1, 1)), RUBRIC)

    assert result.minimums_missed == ("c1", "c3")
    assert (result.readers, result.is_read_enough) == (2, False)
    assert combine("a", sheets((2, 1, 2, 1, 1)), RUBRIC).minimums_missed == ()


def test_an_application_nobody_read_has_no_total() -> None:
    result = combine("a", [], RUBRIC)

    assert (result.total, result.readers, result.minimums_missed) == (None, 0, ())
    with pytest.raises(KeyError):
        result.criterion("unknown")


@pytest.mark.parametrize(
    "wrong",
    [
        [sheet(1, 1, 1, 1, 1, application="b")],
        [sheet(1, 1, 1, 1, 1), sheet(1, 1, 1, 1, 1)],
        [ScoreSheet("a", "r", (Mark("c1", 9),))],
    ],
)
def test_sheets_that_do_not_belong_together_are_refused(wrong: list[ScoreSheet]) -> None:
    with pytest.raises(InvalidInput):
        combine("a", wrong, RUBRIC)


def test_an_unfinished_sheet_counts_with_what_it_has() -> None:
    result = combine("a", [ScoreSheet("a", "r1", (Mark("c1", 3),))], RUBRIC)

    assert result.means == {"c1": 3}


def test_all_applications_are_combined_in_a_repeatable_order() -> None:
    some = [*sheets((1, 1, 1, 1, 1), application="b"), *sheets((4, 4, 4, 4, 4), application="a")]

    assert [(one.application, one.total) for one in combine_all(some, RUBRIC)] == [("a", 100), ("b", 0)]


FULL_SHEETS = st.lists(st.tuples(*[st.integers(1, 4)] * 5), min_size=1, max_size=3)


@given(FULL_SHEETS)
def test_the_total_is_the_mean_of_readers_totals_when_all_could_tell(marks: list[tuple[int, ...]]) -> None:
    full = sheets(*marks)

    own = [total_of_sheet(one, RUBRIC) or Fraction(0) for one in full]

    assert combine("a", full, RUBRIC).total == sum(own, Fraction(0)) / len(own)
    assert combine("a", reversed(full), RUBRIC) == combine("a", full, RUBRIC)


def test_the_agenda_begins_with_what_weighs_most() -> None:
    results = [
        read("quiet", *[(3, 3, 3, 3, 3)] * 3),
        read("few", (3, 3, 3, 3, 3)),
        read("spread", (4, 3, 3, 3, 4), (2, 3, 3, 3, 1), (3, 3, 3, 3, 3)),
        read("asks", (3, 3, 3, None, 3), (3, 3, 3, None, 3), (3, 3, 3, 3, 3)),
        read("low", *[(1, 3, 3, 3, 3)] * 3),
        read("open", *[(3, None, 3, 3, 3)] * 3),
    ]

    items = agenda(results, RUBRIC)

    assert items == (
        AgendaItem(
            "open",
            (AgendaPoint(AgendaCode.NO_TOTAL, "c2", 0), AgendaPoint(AgendaCode.CANT_TELL_OPEN, "c2", 3)),
        ),
        AgendaItem("low", (AgendaPoint(AgendaCode.MINIMUM_MISSED, "c1", 0),)),
        AgendaItem("asks", (AgendaPoint(AgendaCode.CANT_TELL_OPEN, "c4", 2),)),
        AgendaItem(
            "spread",
            (AgendaPoint(AgendaCode.BIG_SPREAD, "c5", 3), AgendaPoint(AgendaCode.BIG_SPREAD, "c1", 2)),
        ),
        AgendaItem("few", (AgendaPoint(AgendaCode.FEW_READERS, None, 1),)),
    )
    assert agenda(reversed(results), RUBRIC) == items


def test_how_many_levels_are_a_big_spread_is_a_rule_of_the_call() -> None:
    results = [read("spread", *[(4, 3, 3, 3, 3), (2, 3, 3, 3, 3), (3, 3, 3, 3, 3)])]

    assert agenda(results, replace(RUBRIC, big_spread=3)) == ()
