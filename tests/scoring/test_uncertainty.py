"""Rank intervals and the uncertainty of agreement."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.agreement import Level, alpha
from scoring.records import InvalidInput, Rating
from scoring.stability import Uncertain
from scoring.uncertainty import RankInterval, alpha_interval, rank_intervals

SCORES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(Uncertain, st.integers(0, 100).map(Fraction), st.sampled_from([0.0, 1.0, 10.0])),
    max_size=6,
)


def sure(**scores: int) -> dict[str, Uncertain]:
    return {key: Uncertain(Fraction(score), 0.0) for key, score in scores.items()}


def test_sure_scores_have_one_place() -> None:
    found = rank_intervals(sure(a=50, b=70, c=60), draws=20, seed=1)

    assert found == {
        "a": RankInterval(Fraction(3), 3, 3),
        "b": RankInterval(Fraction(1), 1, 1),
        "c": RankInterval(Fraction(2), 2, 2),
    }


def test_close_and_unsure_scores_can_change_places_and_far_ones_cannot() -> None:
    scores = {key: Uncertain(Fraction(score), 5.0) for key, score in (("a", 60), ("b", 61), ("c", 0))}

    found = rank_intervals(scores, draws=200, seed=1)

    assert (found["a"].first, found["a"].last) == (found["b"].first, found["b"].last) == (1, 2)
    assert (found["c"].first, found["c"].last) == (3, 3)


@settings(max_examples=50)
@given(SCORES, st.integers(0, 5))
def test_places_are_places_and_repeat_with_the_seed(scores: dict[str, Uncertain], seed: int) -> None:
    found = rank_intervals(scores, draws=30, seed=seed)

    assert found == rank_intervals(dict(reversed(scores.items())), draws=30, seed=seed)
    assert sum((one.expected for one in found.values()), Fraction(0)) == Fraction(
        len(scores) * (len(scores) + 1), 2
    )
    assert all(1 <= one.first <= one.last <= len(scores) for one in found.values())


def ratings(*rows: tuple[int, ...]) -> list[Rating]:
    return [
        Rating(f"a{at}", f"r{reader}", Fraction(value))
        for at, row in enumerate(rows)
        for reader, value in enumerate(row)
    ]


def test_full_agreement_is_sure() -> None:
    assert alpha_interval(ratings((1, 1), (2, 2), (4, 4)), Level.ORDINAL, draws=50, seed=1) == (1.0, 1.0)


def test_interval_lies_around_the_value_of_mixed_readers() -> None:
    found = ratings((1, 2), (3, 3), (4, 3), (2, 2), (1, 1), (4, 4), (2, 4))
    value = alpha(found, Level.ORDINAL).value

    interval = alpha_interval(found, Level.ORDINAL, draws=200, seed=1)

    assert value is not None
    assert interval is not None
    assert interval[0] < value < interval[1]


def test_one_application_or_no_spread_says_nothing() -> None:
    assert alpha_interval(ratings((1, 2)), Level.ORDINAL, draws=10, seed=1) is None
    assert alpha_interval(ratings((2, 2), (2, 2)), Level.ORDINAL, draws=10, seed=1) is None


@pytest.mark.parametrize(("draws", "cover"), [(0, Fraction(1, 2)), (5, Fraction(0)), (5, Fraction(2))])
def test_senseless_questions_are_refused(draws: int, cover: Fraction) -> None:
    with pytest.raises(InvalidInput):
        rank_intervals({}, draws=draws, seed=1, cover=cover)
