"""What would make an impossible assignment possible: it does, and nothing smaller does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings

from scoring.assignment import assign
from scoring.assignment_change import smallest_change
from scoring.engine import NotProved
from scoring.readers import AssignmentProblem, Change, NewReadings, NoAssignment, Reader, Reading
from tests.scoring.test_assignment import READERS, problems

NOTHING = Change((), (), (), ())


def is_possible(problem: AssignmentProblem) -> bool:
    try:
        assign(problem)
    except NoAssignment:
        return False
    return True


def after(problem: AssignmentProblem, change: Change) -> AssignmentProblem:
    """The problem once everybody has done what the change asks."""
    more, fewer = dict(change.more), dict(change.fewer)
    readers = [
        replace(one, most=one.most + more.get(one.id, 0), least=one.least - fewer.get(one.id, 0))
        for one in problem.readers
    ]
    conflicts = set(problem.conflicts)
    for new in change.new:
        for number in range(new.number):
            readers.append(Reader(f"new {new.application} {number}", 1, seats=frozenset(new.seats)))
            conflicts |= {
                (other.application, readers[-1].id)
                for other in problem.readings
                if other.application != new.application
            }
    locked = problem.locked - set(change.unlocked)
    return replace(problem, readers=tuple(readers), conflicts=frozenset(conflicts), locked=locked)


def with_new(problem: AssignmentProblem, number: int) -> Iterator[AssignmentProblem]:
    """Every way to add so many readings by people who fill every seat."""
    seats = tuple({seat for reading in problem.readings for seat in reading.seats})
    for places in combinations_with_replacement([one.application for one in problem.readings], number):
        new = tuple(NewReadings(key, places.count(key), seats) for key in sorted(set(places)))
        yield after(problem, replace(NOTHING, new=new))


def with_changes(problem: AssignmentProblem, number: int) -> Iterator[AssignmentProblem]:
    steps = [("more", one.id) for one in problem.readers]
    steps += [("fewer", one.id) for one in problem.readers if one.least]
    for taken in combinations_with_replacement(steps, number):
        more = [(key, taken.count(("more", key))) for kind, key in set(taken) if kind == "more"]
        fewer = [(key, taken.count(("fewer", key))) for kind, key in set(taken) if kind == "fewer"]
        least = {one.id: one.least for one in problem.readers}
        if all(by <= least[key] for key, by in fewer):
            yield after(problem, replace(NOTHING, more=tuple(more), fewer=tuple(fewer)))


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_change_helps_and_no_smaller_one_does(problem: AssignmentProblem) -> None:
    change = smallest_change(problem)

    assert is_possible(after(problem, change))
    assert (change == NOTHING) is is_possible(problem)
    new = sum(one.number for one in change.new)
    steps = sum(by for _, by in (*change.more, *change.fewer))
    if new:
        ever = replace(problem, readers=tuple(replace(one, most=9, least=0) for one in problem.readers))
        assert not any(is_possible(one) for one in with_new(ever, new - 1))
    elif steps:
        assert not any(is_possible(one) for one in with_changes(problem, steps - 1))


def test_a_reader_who_could_read_one_more_is_asked_before_anybody_new() -> None:
    three = tuple(Reading(key, {"u": 1}) for key in "abc")
    readers = (Reader("u1", 2, seats=frozenset("u")), Reader("x", 3), Reader("y", 3))

    assert smallest_change(AssignmentProblem(three, readers, 2)) == Change((("u1", 1),), (), (), ())


def test_where_everybody_has_a_tie_somebody_new_is_needed_who_fills_the_seat() -> None:
    three = tuple(Reading(key, {"u": 1}) for key in "abc")
    readers = (Reader("u1", 3, seats=frozenset("u")), Reader("x", 3), Reader("y", 3))
    problem = AssignmentProblem(three, readers, 2, frozenset({("b", "u1")}))

    assert smallest_change(problem) == Change((), (), (NewReadings("b", 1, ("u",)),), ())


def test_a_least_nobody_can_keep_is_lowered() -> None:
    problem = AssignmentProblem((Reading("a"),), (Reader("x", 5, least=3),), 1)

    assert smallest_change(problem) == Change((), (("x", 2),), (), ())


def test_seats_that_agreed_readers_block_are_freed_by_one_of_them() -> None:
    agreed = frozenset({("a", "l1"), ("a", "x")})
    problem = AssignmentProblem((Reading("a", {"u": 1}),), READERS, 2, locked=agreed)

    (freed,) = smallest_change(problem).unlocked

    assert freed in agreed
    assert is_possible(replace(problem, locked=agreed - {freed}))


def test_no_time_means_no_change_is_named() -> None:
    problem = AssignmentProblem(tuple(Reading(str(number)) for number in range(40)), READERS, 3)

    with pytest.raises(NotProved):
        smallest_change(problem, seconds=0.0)
