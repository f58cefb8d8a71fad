"""The pack's checker counts equal shares as the fund does, with code of its own, for every panel."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundapp.decision_pack import verify
from scoring.ballots import Ballot, Place, Protected, by_equal_shares
from scoring.lottery import drawn_order
from scoring.voting import Completion, Project

SEED = b"a seed for tests"
KEYS = "abcdefg"


@st.composite
def votes(draw: st.DrawFn) -> dict[str, Any]:
    keys = KEYS[: draw(st.integers(1, len(KEYS)))]
    some = st.sets(st.sampled_from(keys))
    ballots = []
    for _voter in range(draw(st.integers(1, 6))):
        may = frozenset(draw(some))
        ballots.append(Ballot(may, dict.fromkeys(sorted(draw(some) & may), 1)))
    return {
        "costs": {key: draw(st.integers(1, 40)) for key in keys},
        "ballots": ballots,
        "budget": draw(st.integers(0, 120)),
        "kept": draw(st.integers(0, 60)),
        "members": draw(some),
        "completion": draw(st.sampled_from(Completion)),
        "step": draw(st.integers(1, 3)),
    }


def places_of(vote: dict[str, Any]) -> tuple[Place, ...]:
    order = drawn_order(SEED, vote["costs"])
    return by_equal_shares(
        vote["ballots"],
        [Project(key, vote["costs"][key]) for key in order],
        vote["budget"],
        vote["completion"],
        protected=[Protected("R", frozenset(vote["members"]), vote["kept"])] if vote["kept"] else [],
        step_pence=vote["step"],
    )


def pack_of(vote: dict[str, Any]) -> dict[str, Any]:
    places = places_of(vote)
    known = {one.id for one in places}
    fence = {"key": "R", "kind": "floor", "measure": "value", "base": "fixed", "enforcement": "block"}
    return {
        "applications": [
            {
                "id": key,
                "pence": pence,
                "shares": [
                    {"pence": pence, "confirmed": ["R"] if key in vote["members"] else [], "claimed": []}
                ],
            }
            for key, pence in vote["costs"].items()
        ],
        "ledger": [],
        "ring_fences": [
            fence
            | {"amount": vote["kept"], "percent": None, "tag": "R", "is_family": False, "of_round": False}
        ],
        "pot": {
            "fund_pence": vote["budget"],
            "grants_pence": vote["budget"],
            "round_pence": vote["budget"],
            "is_last": True,
        },
        "decided": {
            "way": "approvals",
            "count": "equal_shares",
            "left_over": vote["completion"].value,
            "step_pence": vote["step"],
            "seed": SEED.hex(),
            "places": [
                {
                    "id": one.id,
                    "place": one.place,
                    "code": one.code.value,
                    "numbers": dict(one.numbers),
                    "from": one.drawn_from or one.place,
                    "ticket": one.id,
                }
                for one in places
            ],
            "steps": [
                {
                    "voters": len(vote["ballots"]),
                    "counts": {
                        key: [
                            sum(key in one.given for one in vote["ballots"]),
                            sum(key in one.may for one in vote["ballots"]),
                        ]
                        for key in vote["costs"]
                        if key in known
                    },
                    "ballots": [{key: 1 for key in one.given if key in known} for one in vote["ballots"]],
                }
            ],
        },
    }


@settings(max_examples=400)
@given(votes())
def test_equal_shares_are_counted_alike_by_two_programs(vote: dict[str, Any]) -> None:
    pack = pack_of(vote)

    assert verify.check_votes(pack) == []
    assert verify.check_equal_ones(pack["decided"]["places"], SEED) == []


@settings(max_examples=200)
@given(votes(), st.data())
def test_one_ballot_changed_is_always_found(vote: dict[str, Any], data: st.DataObject) -> None:
    pack = pack_of(vote)
    (step,) = pack["decided"]["steps"]
    if not step["counts"]:
        return
    ballot = step["ballots"][data.draw(st.integers(0, len(step["ballots"]) - 1))]
    key = data.draw(st.sampled_from(sorted(step["counts"])))

    if ballot.pop(key, None) is None:
        ballot[key] = 1

    assert any(each.startswith(f"{key}: the ballots of step 1 give") for each in verify.check_votes(pack))


@settings(max_examples=200)
@given(votes(), st.data())
def test_two_places_swapped_are_always_found(vote: dict[str, Any], data: st.DataObject) -> None:
    pack = pack_of(vote)
    places = pack["decided"]["places"]
    if len(places) < 2:
        return
    at = data.draw(st.integers(0, len(places) - 2))

    places[at], places[at + 1] = places[at + 1], places[at]

    assert any("Counted again" in each for each in verify.check_votes(pack))


def test_shares_that_take_too_long_to_raise_are_said_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_STEPS", 3)
    ballots = [Ballot(frozenset("ab"), {"a": 1}), Ballot(frozenset("ab"), {"b": 1})]
    vote = {
        "costs": {"a": 6, "b": 6},
        "ballots": ballots,
        "budget": 10,
        "kept": 0,
        "members": set(),
        "completion": Completion.RAISE_SHARES,
        "step": 1,
    }

    with pytest.raises(verify.TooMuch):
        verify.check_votes(pack_of(vote))
