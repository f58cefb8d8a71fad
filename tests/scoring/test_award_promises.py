"""More promises of the award rule, each shown without the rule's own arithmetic where that is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring import completing
from scoring.allocation import AwardProblem, NoList, propose
from scoring.engine import Best, Highs, NotProved, Real
from scoring.exact import Proof, Whole, broken_rows
from scoring.objectives import Objective, best_list, bound_of, values_of
from scoring.records import Base, Candidate, InvalidInput, Kind, Measure, Pot, RingFence, Share
from scoring.stability import Uncertain, stability
from tests.scoring.small_cases import lists_that_keep, random_problem
from tests.scoring.test_merit_order import listed, problems


@settings(max_examples=100, deadline=None)
@given(problems(with_extras=False), st.integers(0, 7))
def test_names_and_a_request_above_the_budget_change_nothing(problem: AwardProblem, place: int) -> None:
    renamed = tuple(replace(one, id=f"z{9 - number}") for number, one in enumerate(problem.candidates))
    most = problem.pot.grants_pence + 1
    dear = Candidate("dear", most, (Share(most, frozenset({"X", "Y"})),))
    others = problem.candidates
    awards = listed(problem)

    new_names = {one.id: new.id for one, new in zip(others, renamed, strict=True)}
    assert listed(replace(problem, candidates=renamed)) == (
        None if awards is None else tuple(new_names[key] for key in awards)
    )
    with_dear = replace(problem, candidates=(*others[:place], dear, *others[place:]))
    assert listed(with_dear) == awards


@pytest.mark.parametrize("block", range(3))
def test_what_is_impossible_by_arithmetic_is_proved_by_the_weights_it_names(block: int) -> None:
    proved = 0
    for seed in range(block * 150, block * 150 + 150):
        problem = random_problem(seed, must=True)
        try:
            propose(problem)
        except NoList as error:
            rows = problem.rows()
            locked = np.array(problem.locked, dtype=np.int64)
            still_open = np.setdiff1d(np.arange(len(problem.candidates)), locked)
            for reason in error.reasons:
                if reason.weights:
                    proved += 1
                    assert Proof(rows, dict(reason.weights)).slack(locked, still_open) < 0, seed
    assert proved > 20


@pytest.mark.parametrize("block", range(3))
def test_no_refused_one_fits_beside_all_awards(block: int) -> None:
    """So money is only left where a rule stands against everybody who could have it."""
    for seed in range(block * 100, block * 100 + 100):
        problem = random_problem(seed)
        if not lists_that_keep(problem):
            continue
        awards = propose(problem).awards
        chosen = [at for at, one in enumerate(problem.candidates) if one.id in awards]
        for at in range(len(problem.candidates)):
            assert at in chosen or broken_rows(problem.rows(), sorted([*chosen, at])), (seed, at)


def first_by_tables(money: list[int], is_member: list[bool], budget: int, floor: int) -> list[int]:
    """Merit order for one floor and one budget, by tables of what sums the rest can still reach."""

    @cache
    def reaches(place: int, left: int, missing: int) -> bool:
        if left < 0:
            return False
        if missing <= 0:
            return True
        if place == len(money):
            return False
        with_it = reaches(place + 1, left - money[place], missing - money[place] * is_member[place])
        return with_it or reaches(place + 1, left, missing)

    chosen, left, missing = [], budget, floor
    for place, pence in enumerate(money):
        after = missing - pence * is_member[place]
        if reaches(place + 1, left - pence, after):
            chosen.append(place)
            left, missing = left - pence, after
    return chosen


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=10, max_size=24),
    st.integers(40, 150),
    st.integers(0, 60),
)
def test_one_ring_fence_agrees_with_tables_of_reachable_sums(
    asked: list[tuple[int, bool]], budget: int, floor: int
) -> None:
    candidates = tuple(
        Candidate(str(at), pence, (Share(pence, frozenset("X" * is_member)),))
        for at, (pence, is_member) in enumerate(asked)
    )
    fence = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=floor)
    found = listed(AwardProblem(candidates, (fence,), Pot(budget, budget, budget)))
    assume(found is not None)

    by_tables = first_by_tables([one for one, _ in asked], [one for _, one in asked], budget, floor)

    assert found == tuple(str(at) for at in by_tables)


@pytest.mark.parametrize(("percent", "awards"), [(0, ("a", "b")), (100, ("b",))])
def test_a_share_of_nothing_and_of_everything(percent: int, awards: tuple[str, ...]) -> None:
    fence = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.AWARDS_TOTAL, percent=percent)
    candidates = (Candidate("a", 5, (Share(5),)), Candidate("b", 5, (Share(5, frozenset("X")),)))

    assert propose(AwardProblem(candidates, (fence,), Pot(10, 10, 10))).awards == awards


@pytest.mark.parametrize("budget", [0, 4])
def test_when_everybody_asks_for_too_much_nobody_is_funded(budget: int) -> None:
    candidates = tuple(Candidate(key, 5, (Share(5),)) for key in "abc")
    pot = Pot(budget, budget, budget)

    for some in (candidates, candidates[:1]):
        assert propose(AwardProblem(some, (), pot)).awards == ()


class WithPrices(Highs):
    """Prices that have nothing to do with the problem."""

    def __init__(self, numbers: Sequence[float]) -> None:
        super().__init__()
        object.__setattr__(self, "numbers", numbers)

    def prices(self, coefficients: Whole, bounds: Whole, values: Whole) -> Real:
        return np.resize(np.array(self.numbers), len(bounds))  # type: ignore[attr-defined]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(0, 50), min_size=1, max_size=4))
def test_a_bound_is_sound_for_any_prices(seed: int, prices: list[float]) -> None:
    problem = random_problem(seed, must=True)
    scores = [(7 * seed + 13 * at) % 60 for at in range(len(problem.candidates))]
    values = values_of(problem, scores, Objective.SUM_OF_SCORES).tolist()
    lists = lists_that_keep(problem)
    assume(lists)

    most = max(sum(values[place] for place in chosen) for chosen in lists)

    assert bound_of(problem, scores, WithPrices(prices)) >= most
    assert most <= bound_of(problem, scores)


class Liar(Highs):
    """A solver that funds everybody, or has no time for what ties need."""

    def best(self, coefficients: Whole, bounds: Whole, values: Whole) -> Best | None:
        return Best(list(range(coefficients.shape[1])), is_proved=True)


def test_a_wrong_best_list_is_never_used() -> None:
    candidates = tuple(Candidate(key, 5, (Share(5),)) for key in "abc")
    problem = AwardProblem(candidates, (), Pot(9, 9, 9))

    with pytest.raises(NotProved):
        best_list(problem, [1, 1, 1], Objective.SUM_OF_SCORES, Liar())
    with pytest.raises(NotProved):
        best_list(problem, [1, 1, 1], Objective.SUM_OF_SCORES, Highs(seconds=0.0))


class NoTimeForTies(Highs):
    """Finds the best list and then nothing more."""

    def choice(self, coefficients: Whole, bounds: Whole, parts: int = 0) -> list[int] | None:
        raise NotProved

    def weights(self, coefficients: Whole, bounds: Whole) -> Real | None:
        return None


class TiesImpossible(NoTimeForTies):
    def choice(self, coefficients: Whole, bounds: Whole, parts: int = 0) -> list[int] | None:
        return None


@pytest.mark.parametrize("search", [NoTimeForTies(), TiesImpossible()])
def test_without_time_for_ties_the_best_list_is_given_and_says_so(
    search: Highs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The floor of the value can only be kept by leaving out the first, which no simple proof sees."""
    monkeypatch.setattr(completing, "MOST_SCANNED", 0)  # as with many candidates
    requests = {"a": 6, "b": 5, "c": 5}
    candidates = tuple(Candidate(key, pence, (Share(pence),)) for key, pence in requests.items())
    problem = AwardProblem(candidates, (), Pot(10, 10, 10))

    best = best_list(problem, [10, 9, 9], Objective.SUM_OF_SCORES, search)

    assert (best.value, best.is_best) == (18, True)
    assert not best.ties_decided


def test_exclusions_name_two_who_exist() -> None:
    one = Candidate("a", 5, (Share(5),))
    for exclusion in (frozenset("a"), frozenset("ax")):
        with pytest.raises(InvalidInput):
            AwardProblem((one,), (), Pot(9, 9, 9), exclusions=(exclusion,))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2_000), st.integers(0, 50))
def test_chances_add_up_to_the_lists_that_were_drawn(seed: int, chance: int) -> None:
    problem = random_problem(seed, must=True)
    scores = {one.id: Uncertain(Fraction(10), 2.0) for one in problem.candidates}

    found = stability(problem, scores, draws=6, seed=chance)

    assert all((one * max(found.draws, 1)).denominator == 1 for one in found.chances.values())
    assert all(found.chances[key] == (1 if found.draws else 0) for key in problem.must_fund)
    if lists := lists_that_keep(problem):
        sizes = [len(chosen) for chosen in lists]
        assert found.draws == 6
        assert min(sizes) <= sum(found.chances.values()) <= max(sizes)
    else:
        assert found.draws == 0
