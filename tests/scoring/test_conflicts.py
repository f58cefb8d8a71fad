"""Rules that exclude each other: really minimal, and really repaired by what is proposed."""

from __future__ import annotations

import numpy as np
import pytest

from scoring import conflicts
from scoring.allocation import AwardProblem
from scoring.conflicts import conflict_of
from scoring.exact import Role, Row, broken_rows
from scoring.records import Base, Candidate, Kind, Measure, Pot, RingFence, Share
from tests.scoring.small_cases import lists_that_keep, random_problem


def rows_named(problem: AwardProblem, names: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(row for row in problem.rows() if row.name in names)


@pytest.mark.parametrize("block", range(10))
def test_no_rule_of_a_conflict_can_be_spared(block: int) -> None:
    conflicts = 0
    for seed in range(block * 100, block * 100 + 100):
        problem = random_problem(seed, must=True)
        conflict = conflict_of(problem)
        if conflict is None:
            assert lists_that_keep(problem), seed
            continue
        conflicts += 1
        assert lists_that_keep(problem, rows_named(problem, conflict.rules)) == [], seed
        for spared in conflict.rules:
            rest = tuple(name for name in conflict.rules if name != spared)
            assert lists_that_keep(problem, rows_named(problem, rest)), (seed, spared)
    assert conflicts > 10


def relaxed(row: Row, by: int) -> int:
    unit = row.part if row.role is not Role.FLOOR else (row.part - row.whole) or row.part
    return row.bound + by * unit


def lists_after(problem: AwardProblem, rule: str, by: int) -> bool:
    """Whether any list keeps all rules when one gives way."""
    rows = problem.rows()
    coefficients = np.array([row.coefficients for row in rows])
    bounds = np.array([relaxed(row, by) if row.name == rule else row.bound for row in rows])
    every = lists_that_keep(problem, ())
    return any((coefficients[:, list(chosen)].sum(axis=1) <= bounds).all() for chosen in every)


@pytest.mark.parametrize("block", range(4))
def test_a_repair_is_the_smallest_change_of_its_rule(block: int) -> None:
    repairs = 0
    for seed in range(block * 100, block * 100 + 100):
        problem = random_problem(seed, most=6)
        if (conflict := conflict_of(problem)) is None:
            continue
        for repair in conflict.repairs:
            repairs += 1
            assert lists_after(problem, repair.rule, repair.by), (seed, repair)
            assert not lists_after(problem, repair.rule, repair.by - 1), (seed, repair)
            places = [place for place, one in enumerate(problem.candidates) if one.id in repair.awards]
            assert set(broken_rows(problem.rows(), places)) == {repair.rule}, (seed, repair)
        assert [each.by for each in conflict.repairs] == sorted(each.by for each in conflict.repairs)
    assert repairs > 5


def test_a_floor_above_everything_asked_for_is_a_conflict_of_that_rule_alone() -> None:
    candidates = (
        Candidate("a", 5_000, (Share(5_000, frozenset({"X"})),)),
        Candidate("b", 9_000, (Share(9_000),)),
    )
    floor = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=8_000)
    problem = AwardProblem(candidates, (floor,), Pot(20_000, 20_000, 20_000))

    conflict = conflict_of(problem)

    assert conflict is not None
    assert (conflict.rules, conflict.is_smallest) == (("X",), True)
    (repair,) = conflict.repairs
    assert (repair.rule, repair.by) == ("X", 3_000)


def test_what_must_be_funded_can_be_in_conflict_with_the_money() -> None:
    candidates = (Candidate("a", 5_000, (Share(5_000),)), Candidate("b", 9_000, (Share(9_000),)))
    problem = AwardProblem(candidates, (), Pot(10_000, 10_000, 10_000), must_fund=frozenset({"a", "b"}))

    conflict = conflict_of(problem)

    assert conflict is not None
    assert [(each.rule, each.by) for each in conflict.repairs] == [(":budget", 4_000)]


def test_one_of_two_that_exclude_each_other_is_funded() -> None:
    from scoring.allocation import propose
    from scoring.reasons import ReasonCode

    candidates = tuple(Candidate(key, 1_000, (Share(1_000),)) for key in "abc")
    problem = AwardProblem(candidates, (), Pot(9_000, 9_000, 9_000), exclusions=(frozenset("ac"),))

    proposal = propose(problem)

    assert proposal.awards == ("a", "b")
    assert proposal.line("c").reason.code is ReasonCode.EXCLUDED_BY_OTHER


def marked(must_fund: str = "", must_not_fund: str = "", *, floor: int = 0) -> AwardProblem:
    """Three requests of £50 for £100; only the last two count for the floor."""
    tags = {"a": "", "b": "X", "c": "X"}
    candidates = tuple(Candidate(key, 5_000, (Share(5_000, frozenset(tag)),)) for key, tag in tags.items())
    fences = (RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=floor),)
    pot = Pot(10_000, 10_000, 10_000)
    return AwardProblem(
        candidates, fences, pot, must_fund=frozenset(must_fund), must_not_fund=frozenset(must_not_fund)
    )


def test_mark_that_excludes_a_ring_fence_is_named_with_it_and_taking_it_away_helps() -> None:
    conflict = conflict_of(marked("a", floor=10_000), marks={"a"})

    assert conflict is not None
    assert (conflict.rules, conflict.is_smallest) == ((":budget", "X", ":must_fund/a"), True)
    assert [(each.rule, each.by) for each in conflict.repairs] == [
        (":budget", 5_000),
        ("X", 5_000),
        (":must_fund/a", 0),
    ]
    assert conflict.repairs[-1].awards == ("b", "c")


def test_marks_against_the_only_ones_that_count_are_named() -> None:
    conflict = conflict_of(marked("", "bc", floor=10_000), marks={"b", "c"})

    assert conflict is not None
    assert (conflict.rules, conflict.is_smallest) == (("X", ":must_not_fund/c"), True)
    assert [each.rule for each in conflict.repairs] == ["X"]  # one mark less is not enough


def test_too_many_sets_to_try_leave_open_whether_there_is_a_smaller_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflicts, "MOST_SETS", 0)

    conflict = conflict_of(marked("a", floor=10_000), marks={"a"})

    assert conflict is not None
    assert not conflict.is_smallest
