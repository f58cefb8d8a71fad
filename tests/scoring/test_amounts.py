"""Part-funding in whole pence: against every way to give the money out, on tiny cases."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from scoring.allocation import AwardProblem, NoList, awards_of, propose
from scoring.amounts import Amounts, Limits, TopUp, at_floors, top_up
from scoring.conflicts import conflict_of
from scoring.engine import NotProved
from scoring.exact import Row, per_penny
from scoring.program import Answer, Program, Status
from scoring.records import Base, Candidate, InvalidInput, Kind, Measure, Pot, RingFence, Share
from scoring.ringfences import tally
from scoring.stability import Uncertain, place_needed, stability
from scoring.verify import unconfirmed


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

        assert awards_of(at_floors(problem, limits)) == first_of_all_choices(problem, limits), seed


@pytest.mark.parametrize("block", range(4))
def test_in_rank_order_each_gets_the_most_that_the_others_floors_allow(block: int) -> None:
    tried = 0
    for seed in range(block * 100, block * 100 + 100):
        problem, limits = tiny(seed)
        low = at_floors(problem, limits)
        awards = awards_of(at_floors(problem, limits))
        if not awards:
            continue
        tried += 1

        amounts = top_up(low, awards, TopUp.RANK)

        assert tuple(amounts.pence.values()) == max(every_way(problem, limits, awards)), seed
    assert tried > 50


@pytest.mark.parametrize("block", range(4))
def test_in_proportion_all_rules_and_limits_are_kept(block: int) -> None:
    done = 0
    for seed in range(block * 100, block * 100 + 100):
        problem, limits = tiny(seed)
        awards = awards_of(at_floors(problem, limits))
        amounts = top_up(at_floors(problem, limits), awards, TopUp.PROPORTIONAL)
        done += bool(awards)

        assert keeps(problem, amounts.pence), seed
        for key, pence in amounts.pence.items():
            assert limits[key].floor <= pence <= limits[key].request, seed
    assert done > 50


def test_all_of_a_small_budget_is_given_out_to_the_penny() -> None:
    candidates = tuple(Candidate(key, 10_000, (Share(10_000),)) for key in "abc")
    limits = {key: Limits(5_000, 10_000) for key in "abc"}
    problem = at_floors(AwardProblem(candidates, (), Pot(20_000, 20_000, 20_000)), limits)
    awards = propose(problem).awards

    assert top_up(problem, awards, TopUp.RANK).pence == {"a": 10_000, "b": 5_000, "c": 5_000}
    assert top_up(problem, awards, TopUp.PROPORTIONAL).pence == {"a": 6_667, "b": 6_667, "c": 6_666}


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

    awards = awards_of(at_floors(problem, limits))

    assert awards == ("a", "b")
    assert top_up(at_floors(problem, limits), awards, TopUp.RANK).pence == {"a": 10, "b": 10}


def test_a_floor_no_amounts_can_reach_leaves_no_choice() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=21), pence=40)

    with pytest.raises(NoList) as none:
        awards_of(at_floors(problem, limits))

    assert none.value.reasons


def test_awards_that_break_a_rule_are_given_no_amounts() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=12))

    for policy in TopUp:
        for awards in (("a",), ("a", "b")):
            with pytest.raises(NotProved):
                top_up(at_floors(problem, limits), awards, policy)


def test_whoever_stands_far_down_is_funded_too_while_the_money_lasts() -> None:
    candidates = tuple(Candidate(f"c{at:02}", 10, (Share(10),)) for at in range(30))
    limits = {one.id: Limits(5, 10) for one in candidates}

    awards = awards_of(at_floors(AwardProblem(candidates, (), Pot(139, 139, 139)), limits))

    assert awards == tuple(one.id for one in candidates[:27])


def test_an_answer_of_the_solver_that_breaks_a_rule_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(program: Program, seconds: float) -> Answer:
        return Answer(Status.FOUND, program.upper, np.zeros(len(program.lowest)), 0.0, is_best=True)

    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=12), pence=17)
    monkeypatch.setattr(Program, "solve", everything)

    amounts = top_up(at_floors(problem, limits), ("a", "b", "c"), TopUp.RANK)

    assert amounts.pence == {"a": 5, "b": 7, "c": 5}


def test_without_time_nobody_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(program: Program, seconds: float) -> Answer:
        return Answer(Status.NOT_KNOWN, np.zeros(0), np.zeros(0), 0.0, is_best=False)

    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=12))
    monkeypatch.setattr(Program, "solve", nothing)

    with pytest.raises(NotProved):
        awards_of(at_floors(problem, limits))


def many(seed: int, base: Base) -> AwardProblem:
    """Sixty requests of odd pence, three floors that need more than the least of their groups, caps."""
    chance = random.Random(seed)
    candidates, limits = [], {}
    for number in range(60):
        request = chance.randint(3_000_000, 12_000_000)
        tags = {tag for tag, part in (("X", 45), ("Y", 25), ("Z", 20)) if chance.random() * 100 < part}
        tags.add(f"place:{chance.randrange(6)}")
        candidates.append(Candidate(f"c{number}", request, (Share(request, frozenset(tags)),)))
        limits[f"c{number}"] = Limits(-(-request * 7 // 10), request)
    pence = sum(one.pence for one in candidates) // 4
    fences = [
        RingFence(
            tag,
            Kind.FLOOR,
            Measure.VALUE,
            base,
            percent=percent if base is Base.AWARDS_TOTAL else None,
            amount=pence * percent // 100 if base is Base.FIXED else None,
        )
        for tag, percent in (("X", 60), ("Y", 33), ("Z", 31))
    ]
    fences.append(RingFence("place", Kind.CAP, Measure.VALUE, Base.FUND_TOTAL, percent=25, is_family=True))
    return at_floors(AwardProblem(tuple(candidates), tuple(fences), Pot(pence, pence, pence)), limits)


@pytest.mark.parametrize("base", [Base.FIXED, Base.AWARDS_TOTAL])
@pytest.mark.parametrize("seed", range(4))
def test_refusals_and_amounts_of_a_long_list_are_proved_by_addition(seed: int, base: Base) -> None:
    problem = many(seed, base)
    proposal = propose(problem)
    rows = {row.name: row for row in problem.rows()}
    places = {one.id: place for place, one in enumerate(problem.candidates)}

    assert unconfirmed(problem, proposal) == ()
    for policy in TopUp:
        pence = top_up(problem, proposal.awards, policy).pence
        for name, row in rows.items():
            extra = sum(
                int(per_penny(row)[places[key]]) * (amount - problem.candidates[places[key]].pence)
                for key, amount in pence.items()
            )
            assert sum(int(row.coefficients[places[key]]) for key in pence) + extra <= row.bound, name
    found = top_up(problem, proposal.awards, TopUp.RANK)
    assert found.weights  # nearly always all that are below the request
    for at, key in enumerate(proposal.awards):
        if key in found.weights:
            assert is_too_much(problem, rows, found, at, proposal.awards), key


def is_too_much(
    problem: AwardProblem, rows: dict[str, Row], found: Amounts, at: int, awards: tuple[str, ...]
) -> bool:
    """A penny more for this award, and the best that those below can do, break the weighed rules."""
    places = {one.id: place for place, one in enumerate(problem.candidates)}
    weights = found.weights[awards[at]]
    total = -sum(weight * rows[name].bound for name, weight in weights.items())
    for number, key in enumerate(awards):
        place = places[key]
        least, room = problem.candidates[place].pence, problem.room[place]
        total += sum(weight * int(rows[name].coefficients[place]) for name, weight in weights.items())
        change = sum(weight * int(per_penny(rows[name])[place]) for name, weight in weights.items())
        if number > at:
            total += min(change, 0) * room
        else:
            total += change * (found.pence[key] + (number == at) - least)
    return total > 0


def test_list_is_found_where_the_least_of_all_would_miss_a_ring_fence() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=18), pence=30)
    low = at_floors(problem, limits)

    awards = propose(low).awards

    assert awards == ("a", "b", "c")
    assert top_up(low, awards, TopUp.RANK).pence == {"a": 10, "b": 10, "c": 10}
    assert top_up(low, awards, TopUp.PROPORTIONAL).pence == {"a": 10, "b": 10, "c": 10}


def test_even_part_leaves_what_a_ring_fence_needs_beyond_it() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=18), pence=25)
    low = at_floors(problem, limits)

    pence = top_up(low, propose(low).awards, TopUp.PROPORTIONAL).pence

    assert pence == {"a": 7, "b": 10, "c": 8}


def test_no_list_and_its_conflict_count_what_requests_could_bring() -> None:
    problem, limits = three(RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=23), pence=40)
    low = at_floors(problem, limits)

    with pytest.raises(NoList) as none:
        propose(low)
    conflict = conflict_of(low)

    assert none.value.reasons[0].number("short") == 3
    assert conflict is not None
    assert [(each.rule, each.by) for each in conflict.repairs] == [("X", 3)]


def test_chances_and_places_count_with_the_least_of_each() -> None:
    problem, limits = three(pence=12)
    low = at_floors(problem, limits)
    scores = {key: Uncertain(Fraction(50), 0.0) for key in "abc"}

    assert stability(low, scores, draws=3, seed=1).chances == {"a": 1, "b": 1, "c": 0}
    assert place_needed(low, "c") == 2


def test_room_is_given_for_each_candidate_or_for_none() -> None:
    with pytest.raises(InvalidInput):
        AwardProblem((Candidate("a", 5, (Share(5),)),), (), Pot(9, 9, 9), room=(1, 2))


def test_numbers_too_large_for_whole_number_arithmetic_are_refused() -> None:
    most = 10**12
    candidates = tuple(Candidate(str(at), 1, (Share(1),)) for at in range(2_000))
    share = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.AWARDS_TOTAL, percent=Fraction(999, 10))
    problem = AwardProblem(candidates, (share,), Pot(most, most, most), room=(most,) * 2_000)

    with pytest.raises(InvalidInput):
        propose(problem)


def test_refusal_without_a_proof_is_searched_for_again() -> None:
    problem, limits = three(pence=12)
    low = at_floors(problem, limits)
    proposal = propose(low)
    lines = tuple(replace(line, reason=replace(line.reason, weights=())) for line in proposal.lines)

    assert proposal.awards == ("a", "b")
    assert unconfirmed(low, replace(proposal, lines=lines)) == ()
    swapped = tuple(replace(line, is_funded=line.application == "c") for line in lines)
    assert "a" in unconfirmed(low, replace(proposal, lines=swapped))
