"""Every stored award problem, solved exactly and explained to the last refusal."""

from __future__ import annotations

import pytest

from scoring.allocation import propose
from scoring.verify import unconfirmed
from tests.scoring.bench import ASSIGNMENT_FILES, AWARD_FILES, award_problem, read
from tests.stored_data import stored


@pytest.mark.parametrize(
    ("folder", "names"), [("award_bench", AWARD_FILES), ("assign_bench", ASSIGNMENT_FILES)]
)
def test_all_stored_problems_are_there(folder: str, names: tuple[str, ...]) -> None:
    assert {path.stem for path in stored("scoring", folder).glob("*.json")} == set(names)


@pytest.mark.parametrize("name", AWARD_FILES)
def test_a_stored_award_problem_has_exactly_its_list_and_every_reason_stands(name: str) -> None:
    data = read("award_bench", name)
    problem = award_problem(data)

    proposal = propose(problem)

    assert sorted(int(key) for key in proposal.awards) == data["expected"]["merit_order_awards"]
    assert proposal.awarded_pence == data["expected"]["spent_pence"]
    assert proposal.left_pence == data["budget_pence"] - data["expected"]["spent_pence"]
    assert unconfirmed(problem, proposal) == ()
