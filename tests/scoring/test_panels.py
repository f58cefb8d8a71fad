"""Small panels with the figures that were worked out by hand, written beside them in `panels.json`.

Marks stand in the order of the criteria; null is "I can't tell". Sheets of readers in `left_out` are void.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring.aggregate import ApplicationResult, combine
from scoring.agreement import Level, alpha
from scoring.moderation import points_of
from scoring.ranking import rank
from scoring.records import Mark, RankingEntry, Rating, ScoreSheet, TieBreak, TieBreakKind
from scoring.rubric import hundredths
from tests.scoring.call import RUBRIC

PANELS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "panels.json").read_text())
TIE_BREAKS = (
    TieBreak(TieBreakKind.HIGHER_CRITERION, "c1"),
    TieBreak(TieBreakKind.LOWER_INCOME),
    TieBreak(TieBreakKind.VOTE),
)
KEYS = [criterion.key for criterion in RUBRIC.criteria]
every_panel = pytest.mark.parametrize("panel", PANELS, ids=[panel["name"] for panel in PANELS])


def sheets_of(application: str, said: dict[str, Any]) -> list[ScoreSheet]:
    return [
        ScoreSheet(
            application, reader, tuple(Mark(key, mark) for key, mark in zip(KEYS, marks, strict=False))
        )
        for reader, marks in said["sheets"].items()
        if reader not in said.get("left_out", ())
    ]


def result_of(application: str, said: dict[str, Any]) -> ApplicationResult:
    return combine(application, sheets_of(application, said), RUBRIC)


def fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def test_there_are_at_least_twenty_panels() -> None:
    assert len({panel["name"] for panel in PANELS}) == len(PANELS) >= 20


@every_panel
def test_totals_means_and_points_for_the_meeting(panel: dict[str, Any]) -> None:
    for application, said in panel["applications"].items():
        result = result_of(application, said)

        assert result.total == fraction(said["total"])
        assert said["shown"] == (None if result.total is None else hundredths(result.total))
        assert result.means == {key: Fraction(mean) for key, mean in said["means"].items()}
        assert (result.readers, result.is_read_enough) == (said["readers"], said["readers"] >= 3)
        cant_tell = {one.criterion: one.cant_tell for one in result.criteria if one.cant_tell}
        assert cant_tell == said.get("cant_tell", {})
        assert list(result.minimums_missed) == said.get("minimums_missed", [])
        points = [[one.code.value, one.criterion, one.number] for one in points_of(result, RUBRIC)]
        assert points == said["agenda"]


@every_panel
def test_order_and_what_decided_it(panel: dict[str, Any]) -> None:
    entries = []
    for application, said in panel["applications"].items():
        result = result_of(application, said)
        income = said.get("income_pence", 1000)
        entries.append(RankingEntry(application, result.total, result.means, income, said.get("vote_place")))

    ranking = rank(entries, TIE_BREAKS)

    order = [
        [one.application, one.place, None if one.decided_by is None else one.decided_by.kind.value]
        for one in ranking.ranked
    ]
    assert order == panel["order"]
    assert [list(tied) for tied in ranking.vote_needed] == panel.get("vote_needed", [])
    assert list(ranking.without_total) == panel.get("without_total", [])


@pytest.mark.parametrize(
    "panel", [one for one in PANELS if "alpha" in one], ids=[one["name"] for one in PANELS if "alpha" in one]
)
def test_agreement_about_the_first_criterion(panel: dict[str, Any]) -> None:
    ratings = [
        Rating(application, reader, marks[0])
        for application, said in panel["applications"].items()
        for reader, marks in said["sheets"].items()
    ]

    found = alpha(ratings, Level.INTERVAL).value

    assert found == (None if panel["alpha"] == "none" else pytest.approx(float(Fraction(panel["alpha"]))))
