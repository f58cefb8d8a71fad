"""`fundapp assign` on the stored problems, on hand-made ones, and on files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fundapp.assignment_file.read import read_assignment_file
from fundapp.cli import main
from scoring.readers import Assignment
from tests.scoring.bench import ASSIGNMENT_FILES
from tests.scoring.test_assignment import broken
from tests.stored_data import stored


def assign(path: Path) -> Result:
    return CliRunner().invoke(main, ["assign", str(path)])


def written(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "assignment.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def answer_to(tmp_path: Path, data: dict[str, Any]) -> dict[str, Any]:
    result = assign(written(tmp_path, data))
    assert result.exit_code in (0, 2), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert (result.exit_code == 2) is (found["status"] == "not_everything")
    return found


def readers_of(found: dict[str, Any]) -> dict[str, list[str]]:
    return {line["application"]: line["readers"] for line in found["assignment"]}


@pytest.mark.parametrize("name", ASSIGNMENT_FILES)
def test_a_stored_file_is_read_as_it_is_and_gets_its_proven_optima(name: str) -> None:
    path = stored("scoring", "assign_bench", f"{name}.json")
    expected = json.loads(path.read_text())["expected"]

    result = assign(path)

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["highest_total_without_seats"] == expected["plain"]["optimum_total"]
    assert found["highest_total"] == expected["seats"]["optimum_total"]
    assert found["worst"]["total"] == expected["seats_maximin"]["best_min_per_application"]
    assert found["total"] == expected["seats_maximin"]["total_at_that"]
    problem = read_assignment_file(path.read_text()).problem
    pairs = tuple((key, reader) for key, readers in readers_of(found).items() for reader in readers)
    assert broken(problem, Assignment(pairs, 0, 0)) == []
    assert found["total"] == sum(problem.fit(pair) for pair in pairs)
    assert min(line["total"] for line in found["assignment"]) == found["worst"]["total"]


PANEL: dict[str, Any] = {
    "readers_each": 2,
    "seats": {"umbrella": 1},
    "new_with_experienced": True,
    "applications": [
        {"id": "bread", "language": "so"},
        {"id": "choir"},
        {"id": "garden", "seats": {"lived_experience": 2}},
    ],
    "readers": [
        {"id": "Amal", "most": 3, "seats": ["umbrella"], "languages": ["so"], "lived_experience": True},
        {"id": "Bo", "most": 3, "is_new": True, "lived_experience": True},
        {"id": "Cem", "most": 2, "is_new": True, "seats": ["umbrella"]},
        {"id": "Dina", "most": 2, "least": 1},
    ],
    "conflicts": [["choir", "Amal"]],
    "locked": [["bread", "Cem"]],
    "fit": [["bread", "Amal", 5], ["choir", "Dina", 7], ["garden", "Bo", 1]],
}


def test_seats_languages_capacity_ties_and_new_with_experienced_are_all_kept(tmp_path: Path) -> None:
    found = answer_to(tmp_path, PANEL)

    assert readers_of(found) == {"bread": ["Amal", "Cem"], "choir": ["Cem", "Dina"], "garden": ["Amal", "Bo"]}
    assert (found["total"], found["worst"]) == (
        13,
        {"application": "garden", "readers": ["Amal", "Bo"], "total": 1},
    )
    assert found["readers"][3] == {"reader": "Dina", "readings": 1, "least": 1, "most": 2}
    assert (found["not_met"], found["smallest_change"]) == ([], None)


def test_what_cannot_be_met_is_named_with_the_smallest_change_that_would_help(tmp_path: Path) -> None:
    readers = [{**PANEL["readers"][0], "most": 1}, *PANEL["readers"][1:]]

    found = answer_to(tmp_path, {**PANEL, "readers": readers})

    assert found["status"] == "not_everything"
    assert found["smallest_change"] == {
        "read_more": [{"reader": "Amal", "by": 1}],
        "read_less": [],
        "new_readers": [],
        "unlock": [],
    }
    (missing,) = {(one["code"], one["missing"]) for one in found["not_met"]}
    assert missing == ("seat", 1)
    assert sum(map(len, readers_of(found).values())) == 6  # the nearest assignment


def test_where_nobody_can_help_a_new_reader_is_described(tmp_path: Path) -> None:
    found = answer_to(tmp_path, {**PANEL, "conflicts": [["choir", "Amal"], ["bread", "Amal"]]})

    assert found["not_met"] == [{"code": "seat", "application": "bread", "seat": "language so", "missing": 1}]
    assert found["smallest_change"] == {
        "read_more": [],
        "read_less": [],
        "new_readers": [{"application": "bread", "readings": 1, "seats": ["experienced", "language so"]}],
        "unlock": [],
    }


def test_idle_readers_are_named_as_readers(tmp_path: Path) -> None:
    found = answer_to(
        tmp_path, {"readers_each": 1, "applications": [], "readers": [{"id": "x", "most": 2, "least": 2}]}
    )

    assert found["not_met"] == [{"code": "reader_idle", "reader": "x", "missing": 2}]
    assert found["smallest_change"]["read_less"] == [{"reader": "x", "by": 2}]
    assert found["worst"] is None


@pytest.mark.parametrize(("aim", "worst", "total"), [("sum", 0, 10), ("worst_then_sum", 4, 8)])
def test_a_call_can_choose_between_the_sum_and_the_worst(
    tmp_path: Path, aim: str, worst: int, total: int
) -> None:
    found = answer_to(
        tmp_path, {"reviews_per_application": 1, "load_max": 1, "aim": aim, "affinity": [[10, 4], [4, 0]]}
    )

    assert (found["aim"], found["worst"]["total"], found["total"]) == (aim, worst, total)


def test_the_short_form_can_leave_the_lived_experience_seat_out(tmp_path: Path) -> None:
    data = {"readers_each": 1, "load_max": 2, "lived_experience": [0, 1], "affinity": [[9, 1]]}

    assert readers_of(answer_to(tmp_path, data)) == {"0": ["1"]}
    assert readers_of(answer_to(tmp_path, {**data, "seats": {"lived_experience": 0}})) == {"0": ["0"]}


def test_every_error_of_a_file_is_told_at_once_with_what_to_write(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "reviews_per_application": 0,
            "readers_each": 2,
            "languages": ["so"],
            "speaks": [[1], [2]],
            "seats": {"umbrella": 3},
            "applications": [{"id": "a"}, {"id": "a", "seats": {"deaf": 4}}, {"id": "b"}],
            "readers": [{"id": "x", "most": 1, "least": 2}, {"id": "y"}],
            "affinity": [[1, 2], [1]],
            "fit": [["a", "x", -1]],
            "conflicts": [["b", "x"], ["c", "x"], "ab"],
            "locked": [["b", "x"], ["a", "x"], ["a", "z"]],
        },
    )

    result = assign(path)

    assert result.exit_code == 1
    lines = [line.removeprefix("assignment.json: ") for line in result.output.splitlines()]
    assert lines == [
        "conflicts.2: Write the ids of an application and a reader: [1, 4].",
        "fit.0: Write an application, a reader and a whole number from 0 to 1000000: [1, 4, 700].",
        "languages: This name is not known here.",
        "reviews_per_application: Write a whole number from 1 to 100.",
        "speaks: The readers are listed one by one. Write “languages” with each reader instead.",
        "affinity: There are 2 values here. Write 3, one for each application.",
        "affinity.1: There are 1 values here. Write 2, one for each reader.",
        "applications.0.id: “a” stands more than once. Give each application an id of its own.",
        "applications.1.id: “a” stands more than once. Give each application an id of its own.",
        "readers.0: “x” reads at least 2 and at most 1. Write a least that is not above the most.",
        "readers.1.most: Write how many applications “y” can read, or “load_max” for everybody.",
        "seats.umbrella: There are only 2 readers for each application. Write 2 or less.",
        "applications.1.seats.deaf: There are only 2 readers for each application. Write 2 or less.",
        "locked.2: There is no reader “z”. Write an id that the file has.",
        "locked: “x” has 2 applications here and can read 1. Leave 1.",
        "Error: Things to mend: 15.",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "file: Write names and values here."),
        ({}, "readers_each: Write how many readers each application gets, for example 3."),
        ({}, "applications: List the applications, or write “affinity” with a row for each."),
        ({}, "readers: List the readers, or write “affinity” with a number for each in every row."),
        ({"affinity": [[1, 2], [3, 1.5]]}, "affinity.1.1: Write a whole number from 0 to 1000000."),
        ({"affinity": [[1], 5]}, "affinity.1: Write a list of numbers, one for each reader."),
        ({"affinity": {}}, "affinity: Write a list of rows, one for each application."),
        ({"affinity": [[1]], "language": [0, 1]}, "language: There are 2 values here. Write 1"),
        ({"affinity": [[1]], "speaks": [[1], [2]]}, "speaks: There are 2 values here. Write 1"),
        ({"affinity": [[1]], "lived_experience": [2]}, "lived_experience.0: Write true or false."),
        ({"affinity": [[1]]}, "load_max: Write how many applications “0” can read"),
        ({"affinity": [[1]], "fit": []}, "fit: “affinity” says the same for all pairs."),
        ({"readers_each": 1, "reviews_per_application": 1}, "readers_each: “reviews_per_application” says"),
        ({"aim": "fair"}, "aim: Write “worst_then_sum” or “sum”."),
        ({"seats": ["umbrella"]}, "seats: Write the seat and how many readers it needs"),
        ({"applications": [{}]}, "applications.0.id: Write an id, a short text or a number."),
        (
            {"language": [1], "speaks": [[1]], "conflicts": [[0, 0]], "locked": [[0, 0]]},
            "locked.0: “0” has a tie to “0”. Take this pair out.",
        ),
        (
            {"language": [1], "speaks": [[1], [1]], "readers_each": 1, "locked": [[0, 0], [0, 1]]},
            "locked: “0” has 2 readers here. Leave 1 or less.",
        ),
        (
            {"language": [1], "speaks": [[1]], "fit": [[0, 0, 1], ["0", 0, 1]]},
            "fit.1: “0” and “0” stand more than once. Write the pair once.",
        ),
        ({"fit": [[0, 1]]}, "fit.0: Write an application, a reader and a whole number"),
    ],
)
def test_a_wrong_file_is_told_what_to_mend(tmp_path: Path, data: Any, said: str) -> None:
    result = assign(written(tmp_path, data))

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_table_without_rows_has_no_readers_either(tmp_path: Path) -> None:
    said = assign(written(tmp_path, {"affinity": [], "readers_each": 1})).output

    assert "readers: List the readers" in said


@pytest.mark.parametrize(("content", "said"), [(b"[", "not a file in JSON"), (b"\xff\xfe\x00", "UTF-8")])
def test_a_file_that_cannot_be_read_is_told_so(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(content)

    assert said in assign(path).output
