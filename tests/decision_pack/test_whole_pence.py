"""The pack's checker proves part-funded awards in whole numbers, against every way on tiny cases."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundapp.decision_pack import verify
from scoring.allocation import AwardProblem, NoList, propose
from scoring.amounts import Limits, TopUp, at_floors, top_up
from scoring.engine import NotProved
from scoring.records import Base, Candidate, Kind, Measure, Pot, RingFence, Share

Rows = list[tuple[list[int], int]]


@given(
    st.lists(st.tuples(st.lists(st.integers(-5, 5), min_size=3, max_size=3), st.integers(-8, 8)), max_size=4)
)
def test_whole_point_is_found_exactly_when_there_is_one(some: Rows) -> None:
    rows = [*some, ([1, 0, 0], 6), ([0, 1, 0], 6), ([0, 0, 1], 1)]
    points = product(range(7), range(7), range(2))
    is_one = any(
        all(sum(a * x for a, x in zip(adds, point, strict=True)) <= bound for adds, bound in rows)
        for point in points
    )

    assert verify.has_whole_point(rows, 3) == is_one


@st.composite
def problems(draw: st.DrawFn) -> tuple[AwardProblem, dict[str, Limits]]:
    """Requests of hundreds of pounds, floors and caps in percent of what is awarded, and not enough money."""
    limits, candidates = {}, []
    for number in range(draw(st.integers(1, 7))):
        request = draw(st.integers(2, 60_000))
        limits[f"c{number}"] = Limits(draw(st.integers(1, request)), request)
        tags = frozenset(draw(st.sets(st.sampled_from("XY"))))
        candidates.append(Candidate(f"c{number}", request, (Share(request, tags),)))
    fences = tuple(
        RingFence(
            f"R{number}",
            draw(st.sampled_from([Kind.FLOOR, Kind.CAP])),
            Measure.VALUE,
            Base.AWARDS_TOTAL,
            percent=draw(st.integers(1, 99)),
            tag=draw(st.sampled_from("XY")),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    pence = draw(st.integers(2, 150_000))
    return AwardProblem(tuple(candidates), fences, Pot(pence, pence, pence)), limits


def pack_of(problem: AwardProblem, limits: dict[str, Limits], policy: TopUp) -> dict[str, Any] | None:
    """The rule's list alone, without any weights; None where there is none."""
    low = at_floors(problem, limits)
    try:
        proposal = propose(low)
        amounts = (
            top_up(low, proposal.awards, policy).pence
            if low.room_pence is not None
            else {one.id: one.pence for one in low.candidates}
        )
    except (NoList, NotProved):
        return None
    return {
        "applications": [
            {
                "id": one.id,
                "pence": limits[one.id].request,
                "least_pence": limits[one.id].floor,
                "shares": [{"pence": one.pence, "confirmed": sorted(one.shares[0].confirmed), "claimed": []}],
            }
            for one in problem.candidates
        ],
        "ledger": [],
        "ranking": [one.id for one in problem.candidates],
        "part_funding": {"top_up": "by_rank" if policy is TopUp.RANK else "evenly"},
        "pot": {
            "fund_pence": problem.pot.fund_pence,
            "grants_pence": problem.pot.grants_pence,
            "round_pence": problem.pot.round_pence,
            "is_last": True,
        },
        "ring_fences": [
            {
                "key": one.key,
                "kind": one.kind.value,
                "measure": one.measure.value,
                "base": one.base.value,
                "percent": str(one.percent),
                "amount": None,
                "tag": one.counted_tag,
                "is_family": False,
                "enforcement": "block",
            }
            for one in problem.ring_fences
        ],
        "rule": {
            "lines": [
                {
                    "id": line.application,
                    "pence": amounts[line.application]
                    if line.is_funded
                    else limits[line.application].request,
                    "is_funded": line.is_funded,
                    "weights": {},
                    "amount_weights": {},
                }
                for line in proposal.lines
            ]
        },
    }


@settings(max_examples=250)
@given(problems(), st.sampled_from(TopUp))
def test_every_list_of_the_rule_is_proved_and_a_penny_less_is_found(
    known: tuple[AwardProblem, dict[str, Limits]], policy: TopUp
) -> None:
    pack = pack_of(*known, policy)
    if pack is None:
        return

    assert verify.check_rule(pack) == []
    assert policy is TopUp.PROPORTIONAL or verify.not_proved(pack) == []

    first = next((line for line in pack["rule"]["lines"] if line["is_funded"]), None)
    if first and policy is TopUp.RANK and first["pence"] > known[1][first["id"]].floor:
        first["pence"] -= 1
        assert any("a penny more" in each or "broken" in each for each in verify.check_rule(pack))


def test_what_takes_too_long_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_STEPS", 0)

    with pytest.raises(verify.TooMuch):
        verify.has_whole_point([([-1], -1)], 1)
