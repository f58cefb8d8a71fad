"""Where ballots or a draw gave the order, anybody counts and draws again, and no change goes unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import fundapp.decision_pack.verify
from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.decision_pack.verify import digest_of, not_counted, problems_of
from fundapp.queries.awards import get_board
from fundapp.queries.draws import zone_of
from fundapp.services.decisions import take_over_proposal
from fundapp.services.ratification import ratify
from fundapp.services.votes import count_ballots, draw_lots, give_ballot, open_vote, prepare_draw
from tests.board import (
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
    with_rules,
)
from tests.factories import ConflictFactory

pytestmark = pytest.mark.usefixtures("db_session")

MOST_VOTES = {"way": "approvals", "count": "most_votes"}
SHARES = {"way": "approvals", "count": "equal_shares", "left_over": "most_votes"}
RAISED = SHARES | {"left_over": "raise_shares"}
POUNDS = {"way": "pounds"}
TWO_STEPS = {"way": "two_steps", "shortlist_percent": 50}
LOTTERY = {"way": "lottery"}
WAYS = [MOST_VOTES, SHARES, RAISED, POUNDS, TWO_STEPS, LOTTERY]
VOTES = WAYS[:-1]


def name_of(decides_by: Json) -> str:
    return " ".join(map(str, decides_by.values()))


def decided_pack(
    decides_by: Json,
    chosen: Sequence[Sequence[int]] = ((2,), (2,), ()),
    *,
    tied: bool = False,
    tied_later: bool = False,
) -> Json:
    """Three groups with the same marks, chosen by members: two want one of them. The money is for two.

    `tied`: the last member has a tie with the third group; or it comes up after the count.
    """
    call = with_rules(with_money(call_at_panel(), round_1=80_000), "assessment", decides_by=decides_by)
    panel, manager = panel_of(call), manager_of(call)
    by: dict[str, Any] = {"actor": manager, "now": utcnow()}
    prepare_draw(round_of(call), **by)
    groups = [read_application(panel, FAIR) for _number in range(3)]
    tie = {"user": panel.seats[2].user, "call_id": call.id, "organisation": groups[2].organisation}
    if tied:
        panel.quorum = 2
        ConflictFactory(**tie)
    if decides_by["way"] == "lottery":
        draw_lots(round_of(call), zone_of(get_board(round_of(call), reader=manager)), panel=panel, **by)
    for _step in range(decides_by["way"] != "lottery" and 1 + (decides_by["way"] == "two_steps")):
        vote = open_vote(panel, **by)
        if not vote.is_open:  # nobody reached the shortlist
            break
        for seat, numbers in zip(panel.seats, chosen, strict=True):
            given = {
                groups[at].id: Decimal(30_000) if decides_by["way"] == "pounds" else None for at in numbers
            }
            on_it = {key: one for key, one in given.items() if str(key) in vote.candidates}
            give_ballot(vote, on_it, actor=seat.user, now=utcnow())
        count_ballots(vote, **by)
    if tied_later:
        ConflictFactory(**tie)
    take_over_proposal(round_of(call), **by)
    return json.loads(json.dumps(ratify(round_of(call), **by).decision_pack))


def changed(pack: Json) -> list[str]:
    """What is wrong with it under a digest that fits."""
    return problems_of(pack | {"digest": digest_of(pack)})


@pytest.mark.parametrize("decides_by", WAYS, ids=name_of)
def test_order_of_ballots_and_draws_is_counted_again_with_python_alone(
    decides_by: Json, tmp_path: Path
) -> None:
    pack = decided_pack(decides_by)
    file, program = tmp_path / "pack.json", tmp_path / "verify.py"
    file.write_text(json.dumps(pack), encoding="utf-8")
    program.write_bytes(Path(str(fundapp.decision_pack.verify.__file__)).read_bytes())

    result = subprocess.run(
        [sys.executable, "-I", "-S", str(program), str(file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )

    is_lottery = decides_by is LOTTERY
    assert (result.returncode, result.stderr) == (3 if is_lottery else 0, ""), result.stdout
    assert ("estimated from a thousand lists" in result.stdout) is is_lottery
    assert sum("ticket" in one for one in pack["decided"]["places"]) >= 2


def test_ballots_stand_in_no_order_and_with_no_name() -> None:
    pack = decided_pack(MOST_VOTES, chosen=((2,), (0, 2), (0,)))

    (step,) = pack["decided"]["steps"]
    by_name = {one["id"] for one in pack["decided"]["places"]}
    assert step["voters"] == 3
    assert step["ballots"] == sorted(step["ballots"], key=lambda ballot: sorted(ballot.items()))
    assert {len(ballot) for ballot in step["ballots"]} == {1, 2}
    assert {key for ballot in step["ballots"] for key in ballot} < by_name  # and no "may not" anywhere


@pytest.mark.parametrize("decides_by", VOTES, ids=name_of)
def test_ballots_that_would_say_who_has_a_tie_are_left_out_and_it_is_said(decides_by: Json) -> None:
    # The only ballot without the third group is that of the member who may not vote on it.
    pack = decided_pack(decides_by, chosen=((0, 2), (2,), (0,)), tied=True)

    assert problems_of(pack) == []
    assert {one["ballots"] is None for one in pack["decided"]["steps"]} == {True}
    assert "what they could tell about ties" in not_counted(pack)[0]
    assert {one["voters"] for one in pack["decided"]["steps"]} == {3}


@pytest.mark.parametrize("decides_by", VOTES, ids=name_of)
def test_tie_that_comes_up_after_the_count_makes_no_honest_pack_wrong(decides_by: Json) -> None:
    pack = decided_pack(decides_by, chosen=((2,), (2,), (0, 2)), tied_later=True)

    assert problems_of(pack) == []
    assert {one["ballots"] is None for one in pack["decided"]["steps"]} == {True}


def vote_moved(pack: Json) -> None:
    """From one group to another, on one ballot of the first step."""
    step = pack["decided"]["steps"][0]
    ballot = next(each for each in step["ballots"] if len(each) == 1)
    (key,) = ballot
    other = next(each for each in step["counts"] if each != key)
    ballot[other] = ballot.pop(key)


def vote_moved_with_its_count(pack: Json) -> None:
    step = pack["decided"]["steps"][0]
    vote_moved(pack)
    for key, counted in step["counts"].items():
        counted[0] = sum(ballot.get(key, 0) for ballot in step["ballots"])


def ballot_added(pack: Json) -> None:
    pack["decided"]["steps"][0]["ballots"].append({})


def votes_at_a_place_lowered(pack: Json) -> None:
    pack["decided"]["places"][0]["numbers"]["votes"] -= 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (vote_moved, "the ballots of step"),
        (vote_moved_with_its_count, "are not those that were counted"),
        (ballot_added, "ballots of 3 members"),
        (votes_at_a_place_lowered, "are not those that were counted"),
    ],
)
@pytest.mark.parametrize("decides_by", VOTES, ids=name_of)
def test_changed_ballots_and_counts_are_found(
    decides_by: Json, change: Callable[[Json], None], said: str
) -> None:
    pack = decided_pack(decides_by, chosen=((1, 2), (2,), ()))
    assert changed(pack) == []

    change(pack)

    assert any(said in each for each in changed(pack)), changed(pack)


def swap_last_two(pack: Json) -> None:
    for order in (pack["ranking"], pack["decided"]["places"]):
        order[-2:] = order[:-3:-1]
    for number, one in enumerate(pack["decided"]["places"], start=1):
        one["place"] = number


def swap_first_and_last(pack: Json) -> None:
    """With everything that goes with the place, but the votes."""
    pack["ranking"].reverse()
    places = pack["decided"]["places"]
    first, last = places[0], places[-1]
    for name in ("code", "place", "from"):
        first[name], last[name] = last[name], first[name]
    places[0], places[-1] = last, first


def other_seed(pack: Json) -> None:
    pack["decided"]["seed"] = "00" * 32


def swap_ranking_alone(pack: Json) -> None:
    pack["ranking"][-2:] = pack["ranking"][:-3:-1]


@pytest.mark.parametrize("change", [swap_last_two, other_seed, swap_ranking_alone])
@pytest.mark.parametrize("decides_by", WAYS, ids=name_of)
def test_changed_draw_is_found_even_with_a_new_digest(
    decides_by: Json, change: Callable[[Json], None]
) -> None:
    pack = decided_pack(decides_by)

    change(pack)

    assert any("order" in one or "seed" in one or "Counted again" in one for one in changed(pack))


@pytest.mark.parametrize("decides_by", VOTES, ids=name_of)
def test_winner_who_was_swapped_is_found(decides_by: Json) -> None:
    pack = decided_pack(decides_by)

    swap_first_and_last(pack)

    known = ("belongs above", "Counted again", "on the shortlist")
    assert any(each in one for one in changed(pack) for each in known), changed(pack)


def test_lot_between_two_that_cost_their_voters_the_same_is_checked() -> None:
    # Two members have 53,333 together, enough for one of the two that both want.
    pack = decided_pack(SHARES, chosen=((0, 1), (0, 1), (2,)))
    assert problems_of(pack) == []
    first, *others = [one for one in pack["decided"]["places"] if one["from"] == 1]
    assert [one["from"] for one in others] == [first["place"]]

    first["ticket"], others[0]["ticket"] = others[0]["ticket"], first["ticket"]

    assert any("belongs above" in one for one in changed(pack))


def test_level_places_need_their_lot() -> None:
    pack = decided_pack(MOST_VOTES)

    for one in pack["decided"]["places"]:
        one.pop("ticket", None)

    assert any("no lot says which comes first" in one for one in changed(pack))


def test_above_and_below_the_draw_the_order_is_that_of_the_marks() -> None:
    pack = decided_pack(LOTTERY)
    best, *others = pack["decided"]["places"]
    best["code"] = others[0]["code"] = "above_draw"
    strong = next(one for one in pack["applications"] if one["id"] == others[0]["id"])
    strong["sheets"] = [dict(zip(sheet, GOOD, strict=True)) for sheet in strong["sheets"]]

    assert any(f"{strong['id']} belongs above {best['id']}" in one for one in changed(pack))


def test_part_of_the_votes_that_a_shortlist_needs_is_checked() -> None:
    pack = decided_pack(TWO_STEPS)
    pack["decided"]["shortlist_percent"] = 70

    assert any("it is not on the shortlist" in one for one in changed(pack))
