"""`fundapp allocate` on the stored problems, on hand-made ones, and on files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fundapp.award_file.read import read_award_file
from fundapp.cli import main
from scoring.exact import broken_rows
from tests.scoring.bench import AWARD_FILES
from tests.stored_data import stored


def allocate(path: Path) -> Result:
    return CliRunner().invoke(main, ["allocate", str(path)])


def answer_to(tmp_path: Path, data: dict[str, Any]) -> dict[str, Any]:
    path = tmp_path / "awards.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    result = allocate(path)
    assert result.exit_code in (0, 2), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert (result.exit_code == 2) is (found["status"] == "impossible")
    return found


def amounts(found: dict[str, Any]) -> dict[str, int]:
    return {line["id"]: line["pence"] for line in found["awards"]}


def asks(key: str, pence: int, score: int, *groups: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "request_pence": pence, "score": score, "groups": list(groups), **more}


@pytest.mark.parametrize("name", AWARD_FILES)
def test_a_stored_file_is_read_as_it_is_and_gets_its_list(name: str) -> None:
    path = stored("scoring", "award_bench", f"{name}.json")
    expected = json.loads(path.read_text())["expected"]

    result = allocate(path)

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert sorted(int(key) for key in amounts(found)) == expected["merit_order_awards"]
    assert (found["awarded_pence"], found["value"]) == (expected["spent_pence"], expected["sum_scores"])
    assert found["value"] <= found["bound"]
    assert all(rule["is_kept"] for rule in found["rules"][1:])
    problem = read_award_file(path.read_text()).problem
    places = [place for place, one in enumerate(problem.candidates) if one.id in amounts(found)]
    assert broken_rows(problem.rows(), places) == ()


def test_every_rule_of_a_file_is_kept(tmp_path: Path) -> None:
    found = answer_to(
        tmp_path,
        {
            "budget_pence": 100_000,
            "minimum_score": 20,
            "most_pence": 50_000,
            "one_per_organisation": True,
            "exclusions": [["a", "d"]],
            "must_fund": {"e": "The panel promised it."},
            "must_not_fund": {"f": "Withdrawn by phone."},
            "ring_fences": [{"key": "X", "kind": "floor", "base": "awards_total", "percent": 50}],
            "applications": [
                asks("a", 20_000, 90, "X", organisation="one"),
                asks("b", 20_000, 80, organisation="one"),
                asks("c", 30_000, 70),
                asks("d", 10_000, 60, "X"),
                asks("e", 20_000, 50, "X"),
                asks("f", 10_000, 45, "X"),
                asks("g", 60_000, 40, "X"),
                asks("h", 10_000, 10, "X"),
            ],
        },
    )

    assert amounts(found) == {"a": 20_000, "c": 30_000, "e": 20_000}
    because = {line["id"]: line["reason"] for line in found["refused"]}
    assert because["b"]["code"] == because["d"]["code"] == "excluded_by_other"
    assert because["f"]["because"] == "Withdrawn by phone."
    assert because["g"]["because"] == "outside_the_limits_of_a_grant"
    assert because["h"]["because"] == "below_minimum_score"
    assert found["rules"] == [
        {"rule": "budget", "sum": 70_000, "limit": 100_000},
        {
            "rule": "X",
            "kind": "floor",
            "measure": "value",
            "sum": 40_000,
            "required": 35_000,
            "is_kept": True,
        },
    ]


@pytest.mark.parametrize(("objective", "chosen"), [("merit_order", {"a"}), ("sum_of_scores", {"b", "c"})])
def test_another_objective_chooses_another_list(tmp_path: Path, objective: str, chosen: set[str]) -> None:
    applications = [asks("a", 90, 90), asks("b", 50, 60), asks("c", 40, 50)]

    found = answer_to(tmp_path, {"budget_pence": 100, "objective": objective, "applications": applications})

    assert (set(amounts(found)), found["objective"], found["is_best"]) == (chosen, objective, True)
    assert found["value"] == sum(one["score"] for one in applications if one["id"] in chosen)
    assert found["bound"] >= 110


def test_part_funding_gives_the_money_out_in_rank_order(tmp_path: Path) -> None:
    applications = [asks(key, 100, 9, floor_pence=50) for key in "abc"]

    found = answer_to(
        tmp_path, {"budget_pence": 200, "part_funding": "rank_topup", "applications": applications}
    )

    assert amounts(found) == {"a": 100, "b": 50, "c": 50}


def test_partners_count_by_share_and_claims_only_for_caps(tmp_path: Path) -> None:
    shares = [{"pence": 60, "groups": ["X"]}, {"pence": 40, "claimed_groups": ["X"]}]
    data = {
        "budget_pence": 1_000,
        "ring_fences": [{"key": "X", "kind": "floor", "base": "fixed", "amount": 60}],
        "applications": [asks("a", 100, 5, shares=shares)],
    }

    assert answer_to(tmp_path, data)["rules"][1]["sum"] == 60
    data["ring_fences"] = [{"key": "X", "kind": "cap", "base": "fixed", "amount": 99}]
    assert answer_to(tmp_path, data)["status"] == "awards"
    assert answer_to(tmp_path, data)["awards"] == []


def test_impossible_rules_come_back_as_the_smallest_conflict_with_its_repair(tmp_path: Path) -> None:
    found = answer_to(
        tmp_path,
        {
            "budget_pence": 1_000,
            "ring_fence_min_pence": [700, 500],
            "ring_fences": [{"key": "2", "kind": "cap", "base": "fixed", "amount": 900}],
            "applications": [asks("a", 700, 9, "0"), asks("b", 500, 8, "1"), asks("c", 100, 7, "2")],
        },
    )

    assert found["status"] == "impossible"
    assert set(found["conflict"]["rules"]) == {":budget", "group 0", "group 1"}
    assert found["conflict"]["is_smallest"]
    assert found["conflict"]["repairs"][0] == {"rule": ":budget", "by": 200, "awards": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "This is not a file in JSON"),
        ("[]", "Write names and values here."),
        ('{"budget_pence": 5}', "applications: Missing data for required field."),
        ('{"budget_pence": 1.5, "applications": []}', "budget_pence"),
        ('{"budget_pence": 5, "applications": [], "budgett": 1}', "budgett: This name is not known here."),
        ('{"budget_pence": 5, "applications": [{"request_pence": 0, "id": "a"}]}', "pence: out of range."),
        (
            '{"budget_pence": 5, "applications": [{"request_pence": 1, "id": 1},'
            '{"request_pence": 1, "id": "1"}]}',
            "applications: an id stands twice.",
        ),
        ('{"budget_pence": 5, "applications": [], "must_fund": {"x": "y"}}', "must_fund: unknown."),
        ('{"budget_pence": 5, "applications": [], "order": ["x"]}', "order: does not name"),
        ('{"budget_pence": 170141183460469231731687303715884105728, "applications": []}', "budget_pence"),
    ],
)
def test_a_wrong_file_is_told_what_to_mend(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text)

    result = allocate(path)

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_no_text_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(b"\xff\xfe\x00")

    assert "UTF-8" in allocate(path).output
