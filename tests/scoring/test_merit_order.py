"""The award rule against plain enumeration, and the promises of docs/decisions/0003-merit-order.md."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.allocation import AwardProblem, NoList, propose
from scoring.records import Base, Candidate, Counting, Kind, LedgerLine, Measure, Pot, RingFence, Share
from scoring.ringfences import would_block
from scoring.verify import unconfirmed
from tests.stored_data import stored

TAGS = ("X", "Y", "b:1", "b:2")
PENCE = st.integers(1, 60)


@st.composite
def shares(draw: st.DrawFn) -> tuple[Share, ...]:
    def some_tags() -> frozenset[str]:
        return frozenset(draw(st.sets(st.sampled_from(TAGS), max_size=3)))

    return tuple(Share(draw(PENCE), some_tags(), some_tags()) for _ in range(draw(st.integers(1, 2))))


@st.composite
def ring_fence(draw: st.DrawFn, key: str) -> RingFence:
    kind = draw(st.sampled_from(Kind))
    base = draw(st.sampled_from(Base))
    measure = draw(st.sampled_from(Measure))
    is_family = kind is Kind.CAP and draw(st.booleans())
    if kind is Kind.SET_ASIDE:
        base, measure = Base.FIXED, Measure.VALUE
    if measure is Measure.COUNT and base is Base.FUND_TOTAL:
        base = Base.AWARDS_TOTAL
    amount, percent = None, None
    if base is Base.FIXED:
        amount = draw(st.integers(0, 4 if measure is Measure.COUNT else 120))
    else:
        percent = draw(st.sampled_from([0, 10, 25, 33, 50, 60, 100]))
    tag = "b" if is_family else draw(st.sampled_from(TAGS))
    return RingFence(key, kind, measure, base, percent, amount, tag, is_family)


@st.composite
def ledger_line(draw: st.DrawFn, key: str) -> LedgerLine:
    parts = draw(shares())
    pence = sum(one.pence for one in parts)
    return LedgerLine(key, pence, parts, draw(st.sampled_from(Counting)), draw(st.integers(0, pence)))


@st.composite
def problems(draw: st.DrawFn, most: int = 7, with_extras: bool = True) -> AwardProblem:
    parts = [draw(shares()) for _ in range(draw(st.integers(0, most)))]
    candidates = tuple(
        Candidate(str(number), sum(one.pence for one in some), some) for number, some in enumerate(parts)
    )
    fences = tuple(draw(ring_fence(f"F{number}")) for number in range(draw(st.integers(0, 3))))
    grants = draw(st.integers(0, 300))
    pot = Pot(draw(st.integers(0, 200)), grants, draw(st.integers(0, grants)), draw(st.booleans()))
    if not with_extras:
        return AwardProblem(candidates, fences, pot)
    ledger = tuple(draw(ledger_line(f"L{number}")) for number in range(draw(st.integers(0, 2))))
    roles = {one.id: draw(st.sampled_from(["free"] * 6 + ["must", "never"])) for one in candidates}
    return AwardProblem(
        candidates,
        fences,
        pot,
        ledger,
        frozenset(key for key, role in roles.items() if role == "must"),
        frozenset(key for key, role in roles.items() if role == "never"),
    )


def allowed_lists(problem: AwardProblem) -> Iterator[tuple[str, ...]]:
    """Every list that may be ratified, the best in merit order first."""
    for picks in product((True, False), repeat=len(problem.candidates)):
        chosen = [one for one, picked in zip(problem.candidates, picks, strict=True) if picked]
        keys = {one.id for one in chosen}
        if not problem.must_fund <= keys or keys & problem.must_not_fund:
            continue
        awards = [one.as_award() for one in chosen]
        if not would_block(awards, problem.ring_fences, problem.ledger, problem.pot):
            yield tuple(one.id for one in chosen)


def listed(problem: AwardProblem) -> tuple[str, ...] | None:
    try:
        return propose(problem).awards
    except NoList:
        return None


def has_broken_limits(problem: AwardProblem) -> bool:
    """Awards already made have passed a limit; then the proposal only adds nothing to it."""
    limits = [
        one for one in problem.ring_fences if one.kind is not Kind.FLOOR and one.base is not Base.AWARDS_TOTAL
    ]
    return bool(would_block([], limits, problem.ledger, problem.pot))


@settings(max_examples=400, deadline=None)
@given(problems())
def test_the_list_is_the_first_allowed_one_and_every_line_can_be_checked(problem: AwardProblem) -> None:
    assume(not has_broken_limits(problem))

    best = next(allowed_lists(problem), None)
    if best is None:
        with pytest.raises(NoList) as none:
            propose(problem)
        assert none.value.reasons
        return

    proposal = propose(problem)

    assert proposal.awards == best
    assert unconfirmed(problem, proposal) == ()


@settings(max_examples=100, deadline=None)
@given(problems(), st.booleans())
def test_counting_claims_is_the_same_as_confirming_them_all(problem: AwardProblem, is_last: bool) -> None:
    def confirm(parts: tuple[Share, ...]) -> tuple[Share, ...]:
        return tuple(Share(one.pence, one.confirmed | one.claimed) for one in parts)

    problem = replace(problem, pot=replace(problem.pot, is_last=is_last))
    confirmed = replace(
        problem,
        candidates=tuple(replace(one, shares=confirm(one.shares)) for one in problem.candidates),
        ledger=tuple(replace(one, shares=confirm(one.shares)) for one in problem.ledger),
    )

    assert listed(replace(problem, count_claimed=True)) == listed(confirmed)


@settings(max_examples=150, deadline=None)
@given(problems(with_extras=False), st.data())
def test_moving_up_never_loses_an_award(problem: AwardProblem, data: st.DataObject) -> None:
    awards = listed(problem)
    assume(awards)
    assert awards is not None
    key = data.draw(st.sampled_from(awards))
    place = [one.id for one in problem.candidates].index(key)
    higher = data.draw(st.integers(0, place))
    order = list(problem.candidates)
    order.insert(higher, order.pop(place))

    assert key in (listed(replace(problem, candidates=tuple(order))) or ())


@settings(max_examples=150, deadline=None)
@given(problems(with_extras=False), st.data())
def test_taking_away_a_refused_application_changes_nothing(
    problem: AwardProblem, data: st.DataObject
) -> None:
    awards = listed(problem)
    assume(awards is not None and len(awards) < len(problem.candidates))
    key = data.draw(st.sampled_from([one.id for one in problem.candidates if one.id not in (awards or ())]))

    others = tuple(one for one in problem.candidates if one.id != key)

    assert listed(replace(problem, candidates=others)) == awards


@settings(max_examples=100, deadline=None)
@given(problems(with_extras=False))
def test_ten_times_the_money_everywhere_gives_the_same_list(problem: AwardProblem) -> None:
    def scaled(parts: tuple[Share, ...]) -> tuple[Share, ...]:
        return tuple(replace(one, pence=one.pence * 10) for one in parts)

    pot = problem.pot
    larger = replace(
        problem,
        candidates=tuple(
            replace(one, pence=one.pence * 10, shares=scaled(one.shares)) for one in problem.candidates
        ),
        ring_fences=tuple(
            replace(one, amount=one.amount * 10)
            if one.amount is not None and one.measure is Measure.VALUE
            else one
            for one in problem.ring_fences
        ),
        pot=Pot(pot.fund_pence * 10, pot.grants_pence * 10, pot.round_pence * 10, pot.is_last),
    )
    assume(all((one.percent or 0) * pot.fund_pence % 100 == 0 for one in problem.ring_fences))

    assert listed(larger) == listed(problem)


@settings(max_examples=100, deadline=None)
@given(problems(with_extras=False))
def test_asking_for_less_never_loses_an_award_outside_all_ring_fences(problem: AwardProblem) -> None:
    floors = tuple(one for one in problem.ring_fences if one.base is Base.FIXED and not one.is_family)
    problem = replace(problem, ring_fences=floors, pot=replace(problem.pot, is_last=True))
    awards = listed(problem) or ()
    tags = {one.counted_tag for one in floors}
    for place, one in enumerate(problem.candidates):
        used = {tag for part in one.shares for tag in part.confirmed | part.claimed}
        if one.id in awards and one.pence > 1 and not used & tags:
            less = Candidate(one.id, one.pence - 1, (Share(one.pence - 1),))
            order = (*problem.candidates[:place], less, *problem.candidates[place + 1 :])
            assert one.id in (listed(replace(problem, candidates=order)) or ())


SAME_BYTES = """
from tests.scoring.bench import award_problem, read
from scoring.allocation import propose
print(propose(award_problem(read("award_bench", "n150_k10_s1_abs"))).digest)
"""


def test_the_same_problem_gives_the_same_bytes_under_any_hash_seed() -> None:
    def digest(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.check_output([sys.executable, "-c", SAME_BYTES], env=environment, text=True)

    stored("scoring", "award_bench")
    first = digest("1")

    assert len(first.strip()) == 64
    assert first == digest("2") == digest("3")


AS_TEXT = (
    '{"awarded_pence":5,"left_pence":4,"lines":[{"application":"a","is_funded":true,"pence":5,"reason":'
    '{"code":"funded","numbers":{"above":0,"asked":5},"ring_fences":[],"tags":[],"weights":{}}}]}'
)


def test_a_proposal_travels_as_plain_data() -> None:
    one = Candidate("a", 5, (Share(5),))
    proposal = propose(AwardProblem((one,), (), Pot(9, 9, 9)))

    assert proposal.digest == hashlib.sha256(AS_TEXT.encode()).hexdigest()
    assert proposal.as_data() == {
        "awarded_pence": 5,
        "left_pence": 4,
        "lines": [
            {
                "application": "a",
                "is_funded": True,
                "pence": 5,
                "reason": {
                    "code": "funded",
                    "ring_fences": [],
                    "tags": [],
                    "numbers": {"above": 0, "asked": 5},
                    "weights": {},
                },
            }
        ],
    }
