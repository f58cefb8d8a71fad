"""How sure a place on the list is, and how far up it would take."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from scoring.allocation import AwardProblem, NoList, awards_of, is_funded, propose
from scoring.reasons import Reason
from scoring.records import Base, Candidate, Kind, Measure, Pot, RingFence, Share
from scoring.stability import Uncertain, place_needed, stability
from tests.scoring.small_cases import lists_that_keep, random_problem


def asks(key: str, pence: int, *tags: str) -> Candidate:
    return Candidate(key, pence, (Share(pence, frozenset(tags)),))


def pot(pence: int) -> Pot:
    return Pot(pence, pence, pence)


def test_without_uncertainty_every_draw_is_the_list() -> None:
    problem = AwardProblem((asks("a", 60), asks("b", 50), asks("c", 40)), (), pot(100))
    scores = {key: Uncertain(Fraction(value), 0.0) for key, value in (("a", 9), ("b", 8), ("c", 7))}

    found = stability(problem, scores, draws=20, seed=1)

    assert found.chances == {"a": 1, "b": 0, "c": 1}
    assert found.draws == 20
    assert not any(found.is_grey(key) for key in "abc")


def test_two_alike_for_one_place_have_about_even_chances() -> None:
    problem = AwardProblem((asks("a", 60), asks("b", 60), asks("c", 40)), (), pot(100))
    scores = {key: Uncertain(Fraction(value), 3.0) for key, value in (("a", 50), ("b", 50), ("c", 90))}

    found = stability(problem, scores, draws=400, seed=7)

    assert found.chances["c"] == 1
    assert found.chances["a"] + found.chances["b"] == 1
    assert Fraction(40, 100) < found.chances["a"] < Fraction(60, 100)
    assert found.is_grey("a")
    assert stability(problem, scores, draws=400, seed=7) == found
    assert stability(problem, scores, draws=400, seed=8) != found


def test_chances_keep_the_ring_fence_in_every_draw() -> None:
    floor = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=50)
    problem = AwardProblem((asks("a", 60), asks("b", 50, "X"), asks("c", 40)), (floor,), pot(100))
    scores = {key: Uncertain(Fraction(value), 1.0) for key, value in (("a", 9), ("b", 1), ("c", 7))}

    found = stability(problem, scores, draws=50, seed=3)

    assert (found.chances["b"], found.chances["a"]) == (1, 0)


def test_rules_that_exclude_each_other_leave_no_draw() -> None:
    floor = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=50)
    problem = AwardProblem((asks("a", 60),), (floor,), pot(100))

    found = stability(problem, {"a": Uncertain(Fraction(5), 1.0)}, draws=5, seed=3)

    assert (found.draws, found.chances["a"]) == (0, 0)


def test_place_needed_is_the_lowest_that_works() -> None:
    tried = 0
    for seed in range(120):
        problem = random_problem(seed)
        if not lists_that_keep(problem):
            continue
        awards = propose(problem).awards
        for at, one in enumerate(problem.candidates):
            found = place_needed(problem, one.id)
            others = [each for each in problem.candidates if each.id != one.id]
            works = [
                place
                for place in range(1, at + 2)
                if one.id
                in propose(
                    AwardProblem(
                        (*others[: place - 1], one, *others[place - 1 :]),
                        problem.ring_fences,
                        problem.pot,
                        exclusions=problem.exclusions,
                    )
                ).awards
            ]
            assert found == (max(works) if works else None), (seed, one.id)
            assert (found == at + 1) is (one.id in awards)
            tried += 1
    assert tried > 100


@pytest.mark.parametrize("seed", range(60))
def test_short_questions_give_the_answers_of_the_whole_proposal(seed: int) -> None:
    problem = random_problem(seed, must=True)
    whole, whole_reasons = answer_of(lambda: propose(problem).awards)
    short, short_reasons = answer_of(lambda: awards_of(problem))

    assert (short, short_reasons) == (whole, whole_reasons)
    if whole is not None:
        assert {one.id for one in problem.candidates if is_funded(problem, one.id)} == set(whole)


def answer_of(question: Callable[[], tuple[str, ...]]) -> tuple[tuple[str, ...] | None, tuple[Reason, ...]]:
    """The awards, or why there is no list."""
    try:
        return question(), ()
    except NoList as nothing:
        return None, nothing.reasons
