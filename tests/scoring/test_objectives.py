"""Lists worth most: against every list on small cases, against the bound on the stored problems."""

from __future__ import annotations

import random

import pytest

from scoring.allocation import AwardProblem, NoList, propose
from scoring.exact import broken_rows
from scoring.objectives import PARTS_OF_A_PRICE, BestList, Objective, best_list, values_of
from tests.scoring.bench import award_problem, read
from tests.scoring.small_cases import lists_that_keep, random_problem

OTHERS = (Objective.SUM_OF_SCORES, Objective.SCORE_TIMES_POUNDS)


def scores_for(problem: AwardProblem, seed: int) -> list[int]:
    """Coarse, so that ties are frequent; falling, as a ranking has them."""
    chance = random.Random(seed)
    return sorted((chance.randint(0, 5) * 10 for _ in problem.candidates), reverse=True)


def places_of(problem: AwardProblem, awards: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, one in enumerate(problem.candidates) if one.id in awards)


@pytest.mark.parametrize("objective", OTHERS)
@pytest.mark.parametrize("block", range(5))
def test_no_list_is_worth_more_and_ties_go_by_merit_order(objective: Objective, block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        problem = random_problem(seed, must=True)
        scores = scores_for(problem, seed)
        values = values_of(problem, scores, objective).tolist()
        lists = lists_that_keep(problem)
        if not lists:
            with pytest.raises(NoList):
                best_list(problem, scores, objective)
            continue

        best = best_list(problem, scores, objective)

        worth = {chosen: sum(values[place] for place in chosen) for chosen in lists}
        most = max(worth.values())
        first = next(chosen for chosen in lists if worth[chosen] == most)
        assert (best.value, best.is_best, best.ties_decided) == (most, True, True), seed
        assert places_of(problem, best.awards) == first, seed
        assert best.bound >= most, seed


@pytest.mark.parametrize("block", range(10))
def test_merit_order_is_the_first_of_all_lists(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        problem = random_problem(seed, must=True)
        lists = lists_that_keep(problem)
        if not lists:
            with pytest.raises(NoList):
                propose(problem)
        else:
            assert places_of(problem, propose(problem).awards) == lists[0], seed


def bound_by_hand(problem: AwardProblem, values: list[int], best: BestList) -> int:
    """The bound once more, with nothing but Python's whole numbers."""
    weights = dict(best.weights)
    rows = {row.name: row for row in problem.rows()}
    total = sum(weight * rows[name].bound for name, weight in weights.items())
    for place, value in enumerate(values):
        price = sum(weight * int(rows[name].coefficients[place]) for name, weight in weights.items())
        total += max(0, PARTS_OF_A_PRICE * value - price)
    return total // PARTS_OF_A_PRICE


@pytest.mark.parametrize("objective", OTHERS)
@pytest.mark.parametrize("name", ["n50_k1_s1_abs", "n50_k3_s1_abs", "n150_k3_s1_share", "n500_k1_s1_abs"])
def test_a_stored_problem_keeps_all_rules_and_lies_within_its_bound(name: str, objective: Objective) -> None:
    data = read("award_bench", name)
    problem = award_problem(data)
    by_id = {str(one["i"]): one["score"] for one in data["applications"]}
    scores = [by_id[one.id] for one in problem.candidates]

    best = best_list(problem, scores, objective)

    values = values_of(problem, scores, objective).tolist()
    chosen = places_of(problem, best.awards)
    assert broken_rows(problem.rows(), chosen) == ()
    assert sum(values[place] for place in chosen) == best.value <= best.bound
    assert bound_by_hand(problem, values, best) == best.bound
    assert best.is_best
    if objective is Objective.SUM_OF_SCORES and name == "n150_k3_s1_share":
        assert best.value == 370_625  # CP-SAT and HiGHS agree (scoring.md 2a)
