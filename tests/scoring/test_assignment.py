"""Readers to applications: proven optima, rules always kept, what is missing named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import assignment, assignment_columns
from scoring.assignment import assign
from scoring.engine import NotProved
from scoring.readers import (
    Aim,
    Assignment,
    AssignmentProblem,
    NoAssignment,
    Reader,
    Reading,
    Shortage,
    ShortageCode,
)
from scoring.records import InvalidInput
from tests.scoring.bench import read


def bench_problem(data: dict[str, Any], *, with_seats: bool) -> AssignmentProblem:
    readers = tuple(
        Reader(
            str(number),
            data["load_max"],
            data["load_min"],
            frozenset([f"speaks {one}" for one in data["speaks"][number]] + ["lived experience"] * lived),
        )
        for number, lived in enumerate(data["lived_experience"])
    )
    readings = tuple(
        Reading(
            str(number),
            dict.fromkeys(["lived experience"] + [f"speaks {language}"] * bool(language), 1)
            if with_seats
            else {},
        )
        for number, language in enumerate(data["language"])
    )
    affinity = {
        (str(application), str(reader)): value
        for application, row in enumerate(data["affinity"])
        for reader, value in enumerate(row)
    }
    conflicts = frozenset((str(application), str(reader)) for application, reader in data["conflicts"])
    return AssignmentProblem(
        readings, readers, data["reviews_per_application"], conflicts, frozenset(), affinity
    )


def readings_of(assignment: Assignment, reader: str) -> tuple[str, ...]:
    return tuple(application for application, one in assignment.pairs if one == reader)


def broken(problem: AssignmentProblem, assignment: Assignment) -> list[str]:
    """Everything wrong with an assignment, found by counting."""
    seats_of = {reader.id: reader.seats for reader in problem.readers}
    wrong = []
    for reading in problem.readings:
        readers = assignment.readers_of(reading.application)
        if len(readers) != problem.readers_each:
            wrong.append(f"{reading.application} has {len(readers)} readers")
        filled = Counter(seat for one in readers for seat in seats_of[one])
        if any(filled[seat] < number for seat, number in reading.seats.items()):
            wrong.append(f"{reading.application} misses a seat")
    for reader in problem.readers:
        if not reader.least <= len(readings_of(assignment, reader.id)) <= reader.most:
            wrong.append(f"{reader.id} reads the wrong number")
    if problem.conflicts & set(assignment.pairs) or not problem.locked <= set(assignment.pairs):
        wrong.append("a conflict is read or a locked pair is gone")
    return wrong


@pytest.mark.parametrize("name", ["a60_12_s1", "a500_30_s1"])
def test_the_stored_problems_have_exactly_their_proven_optimum(name: str) -> None:
    data = read("assign_bench", name)
    with_seats = bench_problem(data, with_seats=True)

    plain = assign(bench_problem(data, with_seats=False), Aim.SUM)
    seats = assign(with_seats, Aim.SUM)
    fair = assign(with_seats)

    expected = data["expected"]
    assert plain.total == expected["plain"]["optimum_total"]
    assert seats.total == expected["seats"]["optimum_total"]
    assert (fair.worst, fair.total) == (
        expected["seats_maximin"]["best_min_per_application"],
        expected["seats_maximin"]["total_at_that"],
    )
    assert [broken(with_seats, one) for one in (seats, fair)] == [[], []]


READERS = tuple(
    Reader(key, most, seats=frozenset(seats))
    for key, most, seats in (("u1", 2, "u"), ("u2", 1, "u"), ("l1", 3, "l"), ("l2", 1, "l"), ("x", 2, ""))
)


@st.composite
def problems(draw: st.DrawFn) -> AssignmentProblem:
    readers_each = draw(st.integers(1, 3))
    numbers = st.integers(1, min(2, readers_each))
    readings = tuple(
        Reading(key, draw(st.dictionaries(st.sampled_from("ul"), numbers)))
        for key in "abc"[: draw(st.integers(0, 3))]
    )
    pairs = [(reading.application, reader.id) for reading in readings for reader in READERS]
    some_pairs = st.sets(st.sampled_from(pairs), max_size=3) if pairs else st.just(set())
    conflicts = frozenset(draw(some_pairs))
    affinity = {pair: draw(st.integers(-3, 9)) for pair in pairs}
    least = draw(st.integers(0, 1))
    readers = tuple(replace(reader, least=least) for reader in READERS)
    return AssignmentProblem(readings, readers, readers_each, conflicts, frozenset(), affinity)


def all_assignments(problem: AssignmentProblem) -> Iterator[Assignment]:
    readers = [reader.id for reader in problem.readers]
    choices = list(combinations(readers, problem.readers_each))
    for picks in product(choices, repeat=len(problem.readings)):
        by_application = [
            [(reading.application, reader) for reader in pick]
            for reading, pick in zip(problem.readings, picks, strict=True)
        ]
        sums = [sum(problem.fit(pair) for pair in pairs) for pairs in by_application]
        pairs = tuple(pair for pairs in by_application for pair in pairs)
        assignment = Assignment(pairs, sum(sums), min(sums, default=0))
        if not broken(problem, assignment):
            yield assignment


@settings(max_examples=100, deadline=None)
@given(problems())
def test_small_problems_have_the_optimum_of_plain_enumeration(problem: AssignmentProblem) -> None:
    every = list(all_assignments(problem))
    if not every:
        with pytest.raises(NoAssignment) as none:
            assign(problem)
        assert none.value.shortages
        return

    most, fair = assign(problem, Aim.SUM), assign(problem)

    assert broken(problem, most) == broken(problem, fair) == []
    assert most.total == max(one.total for one in every)
    assert (fair.worst, fair.total) == max((one.worst, one.total) for one in every)


@settings(max_examples=50, deadline=None)
@given(problems(), st.data())
def test_one_more_conflict_never_gives_a_better_sum(problem: AssignmentProblem, data: st.DataObject) -> None:
    try:
        before = assign(problem, Aim.SUM)
    except NoAssignment:
        return
    if not before.pairs:
        return
    conflict = data.draw(st.sampled_from(before.pairs))
    try:
        after = assign(replace(problem, conflicts=problem.conflicts | {conflict}), Aim.SUM)
    except NoAssignment:
        return

    assert after.total <= before.total
    assert conflict not in after.pairs


AB = (Reading("a", {"u": 1}), Reading("b", {"u": 1}))


def test_locked_pairs_stay_and_no_affinity_is_no_obstacle() -> None:
    problem = AssignmentProblem(AB, READERS, 2, locked=frozenset({("a", "u2"), ("a", "x")}))

    assignment = assign(problem)

    assert set(assignment.readers_of("a")) == {"u2", "x"}
    assert broken(problem, assignment) == []
    assert (assignment.total, assignment.worst) == (0, 0)


def test_one_good_reader_cannot_be_divided_between_two_applications() -> None:
    readings, readers = (Reading("a"), Reading("b")), (Reader("good", 1), Reader("other", 1))
    affinity = {("a", "good"): 10, ("b", "good"): 10}

    assignment = assign(AssignmentProblem(readings, readers, 1, affinity=affinity))

    assert (assignment.worst, assignment.total) == (0, 10)


def test_worst_off_application_gains_though_all_together_lose_one() -> None:
    """a with the first reader and b with the second add up to 1 + 10; the other way round to 7 + 3."""
    readings, readers = (Reading("a"), Reading("b")), (Reader("first", 1), Reader("second", 1))
    affinity = {("a", "first"): 1, ("a", "second"): 7, ("b", "first"): 3, ("b", "second"): 10}

    assignment = assign(AssignmentProblem(readings, readers, 1, affinity=affinity))

    assert (assignment.worst, assignment.total) == (3, 10)


@pytest.mark.parametrize("aim", Aim)
def test_seats_that_only_parts_of_readers_could_fill_are_named(aim: Aim) -> None:
    """Each leaves out a line of Fano's plane, and two lines meet: two readers never fill all seats. Two
    sevenths of each reader would."""
    lines = ("abc", "ade", "afg", "bdf", "beg", "cdg", "cef")
    readers = tuple(Reader(line, 1, seats=frozenset("abcdefg") - frozenset(line)) for line in lines)
    problem = AssignmentProblem((Reading("one", dict.fromkeys("abcdefg", 1)),), readers, 2)

    with pytest.raises(NoAssignment) as none:
        assign(problem, aim)

    assert [(one.code, one.missing) for one in none.value.shortages] == [(ShortageCode.SEAT, 1)]


def test_what_cannot_be_met_is_named_and_the_nearest_assignment_is_given() -> None:
    three = (*AB, Reading("c", {"u": 1}))
    one_umbrella = (Reader("u1", 2, seats=frozenset("u")), Reader("x", 3), Reader("y", 3))
    problem = AssignmentProblem(three, one_umbrella, 2, conflicts=frozenset({("b", "u1")}))

    with pytest.raises(NoAssignment) as none:
        assign(problem)

    assert none.value.shortages == (Shortage(ShortageCode.SEAT, "b", "u", 1),)
    assert len(none.value.nearest.pairs) == 6
    assert readings_of(none.value.nearest, "u1") == ("a", "c")


def test_too_few_readers_and_idle_readers_are_named() -> None:
    nobody = AssignmentProblem((Reading("a"),), (Reader("x", 1),), 3)
    idle = AssignmentProblem((), (Reader("x", 5, least=2),), 3)

    with pytest.raises(NoAssignment) as few:
        assign(nobody)
    with pytest.raises(NoAssignment) as no_work:
        assign(idle)

    assert few.value.shortages == (Shortage(ShortageCode.READERS, "a", None, 2),)
    assert few.value.nearest == Assignment((("a", "x"),), 0, 0)
    assert no_work.value.shortages == (Shortage(ShortageCode.READER_IDLE, "x", None, 2),)


def test_nothing_to_read_needs_nobody() -> None:
    assert assign(AssignmentProblem((), (Reader("x", 1),), 3)) == Assignment((), 0, 0)
    assert assign(AssignmentProblem((), (), 1)) == Assignment((), 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"readings": (Reading("a"), Reading("a"))},
        {"readers": (Reader("x", 1), Reader("x", 1))},
        {"readers_each": 0},
        {"readers": (Reader("x", 1, least=2),)},
        {"readers": (Reader("x", -1, least=-1),)},
        {"locked": frozenset({("z", "x")})},
        {"locked": frozenset({("a", "x")}), "conflicts": frozenset({("a", "x")})},
        {"locked": frozenset({("a", "x"), ("b", "x")})},
        {"locked": frozenset({("a", "x"), ("a", "y")}), "readers_each": 1},
        {"readings": (Reading("a", {"u": 3}),)},
        {"readings": (Reading("a", {"u": 0}),)},
    ],
)
def test_problems_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        "readings": (Reading("a"), Reading("b")),
        "readers": (Reader("x", 1), Reader("y", 1)),
        "readers_each": 2,
        **wrong,
    }

    with pytest.raises(InvalidInput):
        AssignmentProblem(**values)


def test_no_time_means_no_answer() -> None:
    data = read("assign_bench", "a500_30_s1")

    with pytest.raises(NotProved):
        assign(bench_problem(data, with_seats=True), seconds=0.0)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_growing_the_pairs_gives_the_sum_of_all_pairs_at_once(problem: AssignmentProblem) -> None:
    def most() -> int | None:
        try:
            found = assign(problem, Aim.SUM)
        except NoAssignment:
            return None
        assert broken(problem, found) == []
        return found.total

    at_once = most()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "MOST_PAIRS_AT_ONCE", 0)
        patch.setattr(assignment_columns, "SPARE", 0)
        assert most() == at_once


@pytest.mark.parametrize(("name", "value"), [("WHOLE", -1.0), ("CLOSE", 1.5), ("MOST_GUESSED", 1_000)])
def test_a_large_problem_has_its_optimum_also_where_parts_have_to_be_made_whole(
    monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    data = read("assign_bench", "a60_12_s1")
    monkeypatch.setattr(assignment, "MOST_PAIRS_AT_ONCE", 0)
    monkeypatch.setattr(assignment_columns, name, value)

    found = assign(bench_problem(data, with_seats=True), Aim.SUM)

    assert found.total == data["expected"]["seats"]["optimum_total"]


def test_growing_pairs_without_time_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "MOST_PAIRS_AT_ONCE", 0)

    with pytest.raises(NotProved):
        assign(bench_problem(read("assign_bench", "a500_30_s1"), with_seats=True), Aim.SUM, seconds=0.0)


def test_growing_pairs_find_nothing_where_only_halves_of_readers_fill_the_seats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seats_of = ("ab", "bc", "ac", "de", "ef", "df")
    readers = tuple(Reader(f"r{at}", 1, seats=frozenset(seats)) for at, seats in enumerate(seats_of))
    problem = AssignmentProblem((Reading("a1", dict.fromkeys("abcdef", 1)),), readers, readers_each=3)
    monkeypatch.setattr(assignment, "MOST_PAIRS_AT_ONCE", 0)

    with pytest.raises(NoAssignment) as error:
        assign(problem, Aim.SUM)

    assert [(one.code, one.missing) for one in error.value.shortages] == [(ShortageCode.SEAT, 1)]
