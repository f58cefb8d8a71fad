"""Part-funding in whole pence: against every way to give the money out, on tiny cases."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from scoring.allocation import AwardProblem, NoList, propose
from scoring.amounts import Limits, TopUp, at_floors, top_up
from scoring.engine import NotProved
from scoring.part_funding import choose
from scoring.program import Answer, Program, Status
from scoring.records import Base, Candidate, InvalidInput, Kind, Measure, Pot, RingFence, Share
from scoring.ringfences import tally


def tiny(seed: int) -> tuple[AwardProblem, dict[str, Limits]]:
    chance = random.Random(seed)
    limits = {}
    candidates = []
    for number in range(chance.randint(1, 4)):
        request = chance.randint(2, 9)
        limits[f"c{number}"] = Limits(chance.randint(1, request), request)
        tags = frozenset(tag for tag in "XY" if chance.random() < 0.5)
        candidates.append(Candidate(f"c{number}", request, (Share(request, tags),)))
    fences = []
    for number in range(chance.randint(0, 2)):
        kind = chance.choice([Kind.FLOOR, Kind.CAP])
        percent = chance.choice([20, 50, 60, 75])
        fences.append(
            RingFence(
                f"R{number}", kind, Measure.VALUE, Base.AWARDS_TOTAL, percent=percent, tag=chance.choice("XY")
            )
        )
    pence = chance.randint(2, 25)
    return AwardProblem(tuple(candidates), tuple(fences), Pot(pence, pence, pence)), limits


def keeps(problem: AwardProblem, amounts: dict[str, int]) -> bool:
    """The rules once more, from the amounts themselves."""
    if sum(amounts.values()) > problem.pot.round_pence:
        return False
    tags = {one.id: one.shares[0].confirmed for one in problem.candidates}
    lines = [Candidate(key, pence, (Share(pence, tags[key]),)).as_award() for key, pence in amounts.items()]
    for fence in problem.ring_fences:
        counted = tally(lines, fence, with_claimed=False)
        required = fence.required(problem.pot.fund_pence, counted.total)
        if fence.kind is Kind.CAP and counted.reached > required:
            return False
        if fence.kind is Kind.FLOOR and counted.reached < required:
            return False
    return True


def every_way(
    problem: AwardProblem, limits: dict[str, Limits], awards: tuple[str, ...]
) -> list[tuple[int, ...]]:
    ranges = [range(limits[key].floor, limits[key].request + 1) for key in awards]
    return [
        amounts for amounts in product(*ranges) if keeps(problem, dict(zip(awards, amounts, strict=True)))
    ]


def first_of_all_choices(problem: AwardProblem, limits: dict[str, Limits]) -> tuple[str, ...]:
    """The choice that comes first in merit order among those for which some amounts keep the rules."""
    ids = [one.id for one in problem.candidates]
    choices = product((True, False), repeat=len(ids))  # already in merit order
    for choice in choices:
        awards = tuple(key for key, is_in in zip(ids, choice, strict=True) if is_in)
        if every_way(problem, limits, awards):
            return awards
    raise AssertionError("funding nobody keeps every share")


@pytest.mark.parametrize("block", range(4))
def test_who_is_chosen_is_the_first_choice_that_some_amounts_allow(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        problem, limits = tiny(seed)

        assert choose(problem, limits) == first_of_all_choices(problem, limits), seed


@pytest.mark.parametrize("block", range(4))
def test_in_rank_order_each_gets_the_most_that_the_others_floors_allow(block: int) -> None:
    tried = 0
    for seed in range(block * 100, block * 100 + 100):
        problem, limits = tiny(seed)
        low = at_floors(problem, limits)
        awards = choose(problem, limits)
        if not awards:
            continue
        tried += 1

        amounts = top_up(low, awards, limits, TopUp.RANK)

        assert tuple(amounts.values()) == max(every_way(problem, limits, awards)), seed
    assert tried > 50


@pytest.mark.parametrize("block", range(4))
def test_in_proportion_all_rules_and_limits_are_kept(block: int) -> None:
    done = 0
    for seed in range(block * 100, block * 100 + 100):
        problem, limits = tiny(seed)
        awards = choose(problem, limits)
        try:
            amounts = top_up(at_floors(problem, limits), awards, limits, TopUp.PROPORTIONAL)
        except NotProved:
            continue  # no common part keeps the rules
        done += 1

        assert keeps(problem, amounts), seed
        assert all(limits[key].floor <= pence <= limits[key].request for key, pence in amounts.items()), seed
    assert done > 30


def test_all_of_a_small_budget_is_given_out_to_the_penny() -> None:
    candidates = tuple(Candidate(key, 10_000, (Share(10_000),)) for key in "abc")
    limits = {key: Limits(5_000, 10_000) for key in "abc"}
    problem = at_floors(AwardProblem(candidates, (), Pot(20_000, 20_000, 20_000)), limits)
    awards = propose(problem).awards

    assert top_up(problem, awards, limits, TopUp.RANK) == {"a": 10_000, "b": 5_000, "c": 5_000}
    assert top_up(problem, awards, limits, TopUp.PROPORTIONAL) == {"a": 6_667, "b": 6_667, "c": 6_666}


@pytest.mark.parametrize("limit", [Limits(0, 5), Limits(6, 5)])
def test_a_floor_lies_between_one_penny_and_the_request(limit: Limits) -> None:
    problem = AwardProblem((Candidate("a", 5, (Share(5),)),), (), Pot(9, 9, 9))

    with pytest.raises(InvalidInput):
        at_floors(problem, {"a": limit})


def test_partners_who_agreed_on_shares_are_funded_in_full_or_not() -> None:
    both = Candidate("a", 5, (Share(3), Share(2)))
    problem = AwardProblem((both,), (), Pot(9, 9, 9))

    with pytest.raises(InvalidInput):
        at_floors(problem, {"a": Limits(2, 5)})
    assert at_floors(problem, {}).candidates == (both,)


def three(*fences: RingFence, pence: int = 20) -> tuple[AwardProblem, dict[str, Limits]]:
    tags = {"a": "", "b": "X", "c": "X"}
    candidates = tuple(Candidate(key, 10, (Share(10, frozenset(tag)),)) for key, tag in tags.items())
    return AwardProblem(candidates, fences, Pot(pence, pence, pence)), dict.fromkeys("abc", Limits(5, 10))


def test_a_ring_fence_by_number_counts_awards_however_small() -> None:
    one_each = RingFence("X", Kind.CAP, Measure.COUNT, Base.FIXED, amount=1)
    problem, limits = three(one_each)

    awards = choose(problem, limits)

    assert awards == ("a", "b")
    assert top_up(at_floors(problem, limits), awards, limits, TopUp.RANK) == {"a": 10, "b": 10}


def test_a_floor_no_amounts_can_reach_leaves_no_choice() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=21), pence=40)

    with pytest.raises(NoList) as none:
        choose(problem, limits)

    assert none.value.reasons


def test_awards_that_break_a_rule_are_given_no_amounts() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=12))

    for policy in TopUp:
        for awards in (("a",), ("a", "b")):
            with pytest.raises(NotProved):
                top_up(at_floors(problem, limits), awards, limits, policy)


def test_whoever_stands_far_down_is_funded_too_while_the_money_lasts() -> None:
    candidates = tuple(Candidate(f"c{at:02}", 10, (Share(10),)) for at in range(30))
    limits = {one.id: Limits(5, 10) for one in candidates}

    awards = choose(AwardProblem(candidates, (), Pot(139, 139, 139)), limits)

    assert awards == tuple(one.id for one in candidates[:27])


def test_an_answer_of_the_solver_that_breaks_a_rule_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(program: Program, seconds: float) -> Answer:
        return Answer(Status.FOUND, program.upper, np.zeros(0), 0.0, is_best=True)

    problem, limits = three(pence=16)
    monkeypatch.setattr(Program, "solve", everything)

    with pytest.raises(NotProved):
        top_up(at_floors(problem, limits), ("a", "b", "c"), limits, TopUp.RANK)


def test_without_time_nobody_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(program: Program, seconds: float) -> Answer:
        return Answer(Status.NOT_KNOWN, np.zeros(0), np.zeros(0), 0.0, is_best=False)

    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=12))
    monkeypatch.setattr(Program, "solve", nothing)

    with pytest.raises(NotProved):
        choose(problem, limits)
