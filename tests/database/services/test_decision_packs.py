"""A signed round leaves a pack that anybody can check, and no change to it goes unseen."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fundapp.decision_pack.verify
from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.decision_pack.verify import digest_of, not_proved, problems_of
from fundapp.models.award import Outcome
from fundapp.models.fund import FundRoleKind
from fundapp.queries.awards import get_board
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.ratification import ratify
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
from tests.factories import PartnerShareFactory
from tests.ledger import group

pytestmark = pytest.mark.usefixtures("db_session")
CHECKER = Path(str(fundapp.decision_pack.verify.__file__))


def signed_pack(**choices: Any) -> Json:
    """A round of seven groups, two of them partners, with more good requests than money."""
    call = with_money(call_at_panel(), round_1=230_000)
    panel, manager = panel_of(call), manager_of(call)
    best = read_application(panel, GOOD, strand="B", pounds=90_000)
    partner = group(call, None)
    PartnerShareFactory(application=best, organisation=best.organisation, amount=60_000, is_lead=True)
    PartnerShareFactory(application=best, organisation=partner, amount=30_000)
    read_application(panel, (4, 4, 3, 3, 3), pounds=60_000, by_and_for=None, migrant=None, borough="Camden")
    third = read_application(panel, (4, 3, 3, 3, 3), pounds=50_000, borough="Newham", income=90_000)
    read_application(panel, FAIR, pounds=40_000, income=300_000)
    read_application(panel, FAIR, pounds=30_000, borough="Brent")
    read_application(panel, (2, 3, 2, 2, 2), pounds=30_000)
    read_application(panel, (1, 2, 1, 1, 1), pounds=30_000)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    if reason := choices.get("moved_out"):
        line = get_board(round_of(call), reader=manager).line_of(third.id)
        choice = Choice(Outcome.DECLINE, reason=reason)
        decide(third, choice, seen_version=line.decision.version, actor=manager, now=utcnow())
        take_over_proposal(round_of(call), actor=manager, now=utcnow())
    board = get_board(round_of(call), reader=manager)
    for each in board.undecided:  # what has no total or follows from a move by hand needs the panel's word
        if each.decision is None or (each.departs and not each.decision.reason):
            wanted = each.decision.outcome if each.decision else Outcome.DECLINE
            choice = Choice(wanted, reason="Follows from the other change.")
            version = each.decision.version if each.decision else 0
            decide(each.application, choice, seen_version=version, actor=manager, now=utcnow())
    pack = ratify(round_of(call), actor=manager, now=utcnow()).decision_pack
    assert pack is not None
    return json.loads(json.dumps(pack))  # as it comes out of a file


_made: dict[str, Json] = {}


@pytest.fixture
def good(engine_name: str) -> Json:
    """The same pack for all tests of one engine; each may change its copy."""
    if engine_name not in _made:
        _made[engine_name] = signed_pack()
    return copy.deepcopy(_made[engine_name])


def checked_elsewhere(pack: Json, folder: Path) -> subprocess.CompletedProcess[str]:
    """By the one file of the checker, in a Python that sees no installed package and nothing of ours."""
    file, program = folder / "pack.json", folder / "verify.py"
    file.write_text(json.dumps(pack), encoding="utf-8")
    program.write_bytes(CHECKER.read_bytes())
    return subprocess.run(
        [sys.executable, "-I", "-S", str(program), str(file)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.parametrize("choices", [{}, {"moved_out": "The group is closing."}], ids=["rule", "by hand"])
def test_pack_of_a_signed_round_holds_with_python_alone(choices: dict[str, str], tmp_path: Path) -> None:
    pack = signed_pack(**choices)

    result = checked_elsewhere(pack, tmp_path)

    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    assert result.stdout.startswith("GOOD: ")
    assert pack["rule"] is not None
    assert sum(line["outcome"] == "award" for line in pack["list"]) >= 3


def test_pack_names_nobody() -> None:
    pack = signed_pack(moved_out="Amina Example told us that the group is closing.")

    text = json.dumps(pack, ensure_ascii=False)

    assert "Amina" not in text
    assert "Group" not in text
    assert "sentence" not in text


Change = Callable[[Json], None]


def penny_moved(pack: Json) -> None:
    award = next(line for line in pack["list"] if line["outcome"] == "award")
    award["pence"] += 1
    award["shares"][0]["pence"] += 1


def penny_taken_from_one_share(pack: Json) -> None:
    next(line for line in pack["list"] if line["outcome"] == "award")["shares"][0]["pence"] -= 1


def claim_flipped(pack: Json) -> None:
    """Of somebody who got money: in the input and in the award, so that the pack agrees with itself."""
    for award in pack["list"]:
        if award["outcome"] == "award" and "BYFOR" in award["shares"][0]["confirmed"]:
            one = next(each for each in pack["applications"] if each["id"] == award["id"])
            award["shares"][0]["confirmed"].remove("BYFOR")
            one["shares"][0]["confirmed"].remove("BYFOR")
            return


def better_award_swapped_out(pack: Json) -> None:
    """The best gives way to the first one that was refused, everywhere, with its figures."""
    rule = pack["rule"]["lines"]
    first_in = next(line for line in rule if line["is_funded"])
    first_out = next(line for line in rule if not line["is_funded"])
    first_in["is_funded"], first_out["is_funded"] = False, True
    first_in["weights"], first_out["weights"] = {":budget": 1}, {}


def mark_raised(pack: Json) -> None:
    pack["applications"][-1]["sheets"][0]["C1"] = 4


def order_changed(pack: Json) -> None:
    pack["ranking"].reverse()
    pack["rule"]["lines"].reverse()


def floor_lowered_in_the_figures(pack: Json) -> None:
    pack["figures"][0]["required"] -= 1


def reason_taken_away(pack: Json) -> None:
    for line in pack["list"]:
        line["reason"] = ""


def pot_made_larger(pack: Json) -> None:
    pack["pot"]["round_pence"] += 10_000_000
    pack["pot"]["grants_pence"] += 10_000_000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (penny_moved, "more than was asked"),
        (penny_taken_from_one_share, "do not add up"),
        (claim_flipped, "Rule BYFOR: the pack says"),
        (better_award_swapped_out, "could have been funded in its turn"),
        (mark_raised, "the marks give"),
        (order_changed, "belongs above"),
        (floor_lowered_in_the_figures, "Rule BYFOR: the pack says"),
        (pot_made_larger, "could have been funded in its turn"),
    ],
)
def test_changed_pack_says_which_rule_broke_even_with_a_new_digest(
    good: Json, change: Change, said: str
) -> None:
    assert problems_of(good) == []

    change(good)
    assert any("digest" in problem for problem in problems_of(good))
    good["digest"] = digest_of(good)

    assert any(said in problem for problem in problems_of(good)), problems_of(good)


def test_departure_without_its_reason_is_found() -> None:
    pack = signed_pack(moved_out="The group is closing.")
    reason_taken_away(pack)
    pack["digest"] = digest_of(pack)

    assert any("does not say why" in problem for problem in problems_of(pack))


@pytest.mark.parametrize("junk", [[], {}, {"format": "fundapp decision pack 1"}, "x", None, 5])
def test_junk_is_no_pack_and_no_traceback(junk: object, tmp_path: Path) -> None:
    result = checked_elsewhere(junk, tmp_path)  # type: ignore[arg-type]

    assert (result.returncode, result.stderr) == (1, "")
    assert "WRONG" in result.stdout


def test_missed_floor_passed_in_public_is_told() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    admin = manager_of(call, FundRoleKind.ADMIN)
    application = read_application(panel, GOOD, migrant=None)
    decide(
        application,
        Choice(Outcome.AWARD, reason="The only one."),
        seen_version=0,
        actor=manager,
        now=utcnow(),
    )

    pack = ratify(
        round_of(call), actor=admin, now=utcnow(), override_reason="Nobody else works there."
    ).decision_pack

    assert pack is not None
    assert pack["override_reason"] == "Nobody else works there."
    assert problems_of(pack) == []
    assert any("MIGRANT" in problem for problem in problems_of(pack | {"override_reason": None}))


def part_funded_pack(top_up: str) -> Json:
    """A ring-fence of the awards binds: the least of all would miss it."""
    call = with_rules(
        with_money(call_at_panel(), round_1=150_000),
        "awards",
        part_funding={"least_percent": 60, "top_up": top_up},
    )
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, GOOD, pounds=80_000, by_and_for=None, migrant=None, income=200_000)
    read_application(panel, (4, 4, 3, 3, 3), pounds=70_000, income=200_000)
    read_application(panel, FAIR, pounds=60_000, borough="Brent", income=20_000)
    read_application(panel, (3, 3, 2, 2, 2), pounds=50_000, borough="Camden")
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    pack = ratify(round_of(call), actor=manager, now=utcnow()).decision_pack
    assert pack is not None
    return json.loads(json.dumps(pack))


def test_pack_of_part_funded_awards_holds_and_proves_each_amount(tmp_path: Path) -> None:
    pack = part_funded_pack("by_rank")

    result = checked_elsewhere(pack, tmp_path)

    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    assert "The rule's list is the best." in result.stdout
    lines = pack["rule"]["lines"]
    asked = {one["id"]: one["pence"] for one in pack["applications"]}
    short = [one for one in lines if one["is_funded"] and one["pence"] < asked[one["id"]]]
    assert short
    assert all(one["amount_weights"] for one in short)


def less_for_the_first(pack: Json) -> None:
    """A pound less than the rule gives, in the rule's list and on the signed one."""
    for lines in (pack["rule"]["lines"], pack["list"]):
        line = max((one for one in lines if one.get("pence")), key=lambda one: one["pence"])
        line["pence"] -= 100
        if "shares" in line:
            line["shares"][0]["pence"] -= 100


def first_is_left_out(pack: Json) -> None:
    line = next(one for one in pack["rule"]["lines"] if one["is_funded"])
    least = next(one for one in pack["applications"] if one["id"] == line["id"])
    line |= {"is_funded": False, "weights": {":budget": 1}, "pence": least["pence"], "amount_weights": {}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (less_for_the_first, "a penny more"),
        (first_is_left_out, "it could have been funded in its turn"),
    ],
)
def test_changed_amounts_are_noticed(change: Change, said: str) -> None:
    pack = part_funded_pack("by_rank")
    change(pack)

    problems = problems_of(pack | {"digest": digest_of(pack)})

    assert any(said in each for each in problems), problems


def test_amounts_are_proved_without_weights_too_and_what_takes_too_long_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evenly, bare = part_funded_pack("evenly"), part_funded_pack("by_rank")
    for line in bare["rule"]["lines"]:
        line["weights"] = line["amount_weights"] = {}
    bare["digest"] = digest_of(bare)

    results = [checked_elsewhere(pack, tmp_path) for pack in (evenly, bare)]

    assert [result.returncode for result in results] == [0, 0], [result.stdout for result in results]
    monkeypatch.setattr(fundapp.decision_pack.verify, "MOST_STEPS", 0)
    assert problems_of(bare) == []
    assert any("that it could not get more than this." in each for each in not_proved(bare))


@pytest.mark.parametrize("top_up", ["by_rank", "evenly"])
def test_penny_moved_from_one_award_to_another_is_found_without_weights(top_up: str) -> None:
    pack = part_funded_pack(top_up)
    for line in pack["rule"]["lines"]:
        line["weights"] = line["amount_weights"] = {}
    first = next(one for one in pack["rule"]["lines"] if one["is_funded"])
    first["pence"] -= 1

    found = problems_of(pack | {"digest": digest_of(pack)})

    assert any("a penny more in its turn" in each or "not given out evenly" in each for each in found), found
