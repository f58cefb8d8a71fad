"""Severity of readers: known variances of real data, and what the model promises."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.calibration import AdjustedScore, Method, Severity, Why, calibrate
from scoring.records import InvalidInput, Rating
from scoring.reml import Variances
from tests.stored_data import stored


def rows(path: str) -> Iterator[dict[str, str]]:
    with stored("scoring", path).open() as file:
        yield from csv.DictReader(file)


def aibs() -> list[Rating]:
    return [Rating(row["ID"], row["RevID"], Fraction(row["Score"])) for row in rows("aibs/AIBS.csv")]


def sirt() -> list[Rating]:
    keys = [f"k{number}" for number in range(1, 6)]
    return [
        Rating(row["idstud"], row["rater"], sum((Fraction(row[key]) for key in keys), Fraction(0)) / 5)
        for row in rows("sirt_ratings2/data.ratings2.csv")
    ]


def jrt() -> list[Rating]:
    return [
        Rating(str(number), judge, Fraction(value))
        for number, row in enumerate(rows("jrt_ratings/ratings.csv"))
        for judge, value in row.items()
    ]


@pytest.mark.parametrize(
    ("ratings", "application", "reader", "error", "ratio"),
    [
        (aibs, 0.23624, 0.0, 0.40028, 0.00),
        (sirt, 0.38898, 0.04543, 0.10655, 126.57),
        # The stored figure is 327.34; the full matrix, inverted once by hand, gives 327.4218.
        (jrt, 0.65733, 0.13621, 0.51945, 327.42),
    ],
    ids=["aibs", "sirt", "jrt"],
)
def test_real_data_have_their_known_variances(
    ratings: Callable[[], list[Rating]], application: float, reader: float, error: float, ratio: float
) -> None:
    result = calibrate(ratings())

    found = result.variances
    assert (found.application, found.reader, found.error) == pytest.approx(
        (application, reader, error), abs=1e-5
    )
    assert result.likelihood_ratio == pytest.approx(ratio, abs=0.005)
    assert result.method is (Method.SEVERITY if reader else Method.SHRUNK)
    assert abs(sum(one.effect for one in result.severities)) < 1e-9


def test_severity_is_taken_out_and_both_scores_are_shown() -> None:
    strict_and_mild = [
        Rating(str(item), reader, Fraction(item % 5) + effect + Fraction((item * turn) % 3, 10))
        for turn, (reader, effect) in enumerate((("mild", 1), ("middle", 0), ("strict", -1)), start=1)
        for item in range(30)
        if (item + turn) % 3
    ]

    result = calibrate(strict_and_mild)

    effects = {one.reader: one.effect for one in result.severities}
    first = result.scores[0]
    assert (result.method, result.why) == (Method.SEVERITY, Why.SEVERITY_SHOWN)
    assert effects["mild"] > 0.9
    assert effects["strict"] < -0.9
    assert first.raw == np.mean([one.value for one in strict_and_mild if one.application == "0"])
    assert abs(first.adjusted - Fraction(1, 10)) < abs(first.raw)
    assert 0 < (first.standard_error or 0) < 1
    assert (first.adjusted * 10**6).denominator == 1


def complete(values: list[list[int]], readers: str = "abc") -> list[Rating]:
    return [
        Rating(str(item), reader, value)
        for item, row in enumerate(values)
        for reader, value in zip(readers, row, strict=False)
    ]


def test_readers_who_share_nothing_are_named_and_not_compared() -> None:
    apart = [
        replace(one, application=half + one.application, reader=half + one.reader)
        for half in ("x", "y")
        for one in complete([[1, 2, 4], [2, 3, 4], [4, 3, 2]])
    ]

    result = calibrate(apart)

    assert result.components == (("xa", "xb", "xc"), ("ya", "yb", "yc"))
    assert (result.method, result.why) == (Method.SHRUNK, Why.NOT_CONNECTED)
    assert {one.effect for one in result.severities} == {0.0}


def test_two_readers_are_too_few_to_speak_of_severity() -> None:
    result = calibrate(complete([[1, 2], [2, 4], [1, 3]], "ab"))

    assert (result.method, result.why) == (Method.SHRUNK, Why.FEW_READINGS)


def test_where_nothing_can_be_estimated_the_mean_stays() -> None:
    one_each = calibrate([Rating("x", "a", 1), Rating("y", "b", 3)])
    all_agree = calibrate(complete([[2, 2, 2], [3, 3, 3]]))
    nobody = calibrate([])

    assert (one_each.method, one_each.why) == (Method.RAW, Why.FEW_READINGS)
    assert [(one.raw, one.adjusted) for one in one_each.scores] == [(1, 1), (3, 3)]
    assert (all_agree.method, all_agree.why) == (Method.RAW, Why.NO_SPREAD)
    assert all_agree.severities == tuple(Severity(key, 0.0, 0.0, 2) for key in "abc")
    assert (nobody.scores, nobody.severities, nobody.variances) == ((), (), Variances(0.0, 0.0, 0.0))
    with pytest.raises(InvalidInput):
        calibrate([Rating("x", "a", 1), Rating("x", "a", 2)])


def close(left: tuple[AdjustedScore, ...], right: tuple[AdjustedScore, ...]) -> bool:
    return all(
        abs(one.adjusted - other.adjusted) < Fraction(1, 10_000)
        for one, other in zip(left, right, strict=True)
    )


VALUES = st.lists(st.lists(st.integers(1, 4), min_size=3, max_size=3), min_size=3, max_size=6)


@settings(max_examples=40, deadline=None)
@given(VALUES, st.randoms(use_true_random=False), st.integers(-3, 3))
def test_order_never_matters_and_a_constant_for_all_shifts_all(
    values: list[list[int]], random: Random, constant: int
) -> None:
    ratings = complete(values)
    shuffled = list(ratings)
    random.shuffle(shuffled)
    moved = [replace(one, value=one.value + constant) for one in ratings]

    before, after = calibrate(ratings), calibrate(moved)

    assert calibrate(shuffled).scores == before.scores
    assert before.method is after.method
    shifted = tuple(replace(one, adjusted=one.adjusted - constant) for one in after.scores)
    assert close(before.scores, shifted)


def test_twice_the_scores_have_four_times_the_variances() -> None:
    once = calibrate(sirt())
    twice = calibrate([replace(one, value=one.value * 2) for one in sirt()])

    assert [twice.variances.application, twice.variances.reader, twice.variances.error] == pytest.approx(
        [4 * once.variances.application, 4 * once.variances.reader, 4 * once.variances.error], rel=1e-5
    )
    assert close(tuple(replace(one, adjusted=2 * one.adjusted) for one in once.scores), twice.scores)


def simulate(seed: int, severity: float) -> tuple[list[Rating], list[float]]:
    """100 applications with three of ten readers each; the truth beside it."""
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, 100)
    effects = random.normal(0, 1, 10) * severity
    ratings = []
    for item, quality in enumerate(truth):
        for reader in random.choice(10, 3, replace=False):
            value = Fraction(round(float(quality + effects[reader] + random.normal(0, 0.7)) * 1000), 1000)
            ratings.append(Rating(f"{item:03}", f"{reader:02}", value))
    return ratings, truth.tolist()


def agreement_with(truth: list[float], scores: list[float]) -> float:
    better = np.sign(np.subtract.outer(truth, truth)) * np.sign(np.subtract.outer(scores, scores))
    return float(better.sum())


def test_without_severity_it_is_seldom_claimed_and_with_it_the_order_gets_better() -> None:
    claimed = [calibrate(simulate(seed, 0.0)[0]).method is Method.SEVERITY for seed in range(60)]
    gains = []
    for seed in range(40):
        ratings, truth = simulate(seed, 0.7)
        scores = calibrate(ratings).scores
        adjusted = agreement_with(truth, [float(one.adjusted) for one in scores])
        gains.append(adjusted > agreement_with(truth, [float(one.raw) for one in scores]))

    assert sum(claimed) <= 8  # 5 % of 60 is 3
    assert sum(gains) >= 38


def test_a_hidden_rating_is_foretold_better_than_by_the_plain_mean() -> None:
    by_text = defaultdict(list)
    for rating in sirt():
        by_text[rating.application].append(rating)
    hidden = [some[0] for some in by_text.values() if len(some) >= 3]
    seen = [one for one in sirt() if one not in hidden]

    result = calibrate(seen)

    severity = {one.reader: one.effect for one in result.severities}
    score = {one.application: one for one in result.scores}
    raw = [float(score[one.application].raw - one.value) for one in hidden]
    adjusted = [float(score[one.application].adjusted - one.value) + severity[one.reader] for one in hidden]
    assert len(hidden) == 19
    assert np.mean(np.square(adjusted)) < np.mean(np.square(raw))
