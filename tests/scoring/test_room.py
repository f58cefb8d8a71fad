"""Extras above the least: what the solver says is only used where whole numbers confirm it."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.allocation import AwardProblem
from scoring.amounts import TopUp, top_up
from scoring.engine import NotProved
from scoring.exact import Whole
from scoring.program import Answer, Program, Status
from scoring.records import Base, Candidate, InvalidInput, Kind, Measure, Pot, RingFence, Share
from scoring.room import Most, Room


def whole(*numbers: int) -> Whole:
    return np.array(numbers, dtype=np.int64)


def room_for(*pence: int, tag: str = "X") -> Room:
    """Requests of ten pence each; the first counts for the floor."""
    candidates = tuple(
        Candidate(str(at), 10, (Share(10, frozenset(tag) if at == 0 else frozenset()),))
        for at in range(len(pence))
    )
    floor = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=12)
    problem = AwardProblem(candidates, (floor,), Pot(100, 100, 100), room=pence)
    return Room(problem.rows(), whole(*pence))


def answers(monkeypatch: pytest.MonkeyPatch, status: Status) -> None:
    def solve(program: Program, seconds: float) -> Answer:
        return Answer(status, program.upper, np.zeros(len(program.lowest)), 0.0, is_best=True)

    monkeypatch.setattr(Program, "solve", solve)


BOTH = whole(0, 1)


def test_extras_fill_what_a_floor_still_needs_and_no_more_than_there_is() -> None:
    room = room_for(5, 5)

    assert room.extras(whole(10, -2), BOTH) is not None
    assert room.extras(whole(1, -2), BOTH) is None


def test_without_time_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, Status.NOT_KNOWN)
    room, columns = room_for(5, 5), np.zeros((2, 0), dtype=np.int64)

    for question in (
        lambda: room.extras(whole(1, -2), BOTH),
        lambda: room.choice_in_pence(columns, whole(1, -2), whole(), BOTH),
        lambda: room.missed(whole(1, -2), BOTH, whole(1)),
    ):
        with pytest.raises(NotProved):
            question()


def test_no_answer_about_misses_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, Status.NONE)

    with pytest.raises(NotProved):
        room_for(5, 5).missed(whole(1, -2), BOTH, whole(1))


def test_amount_that_is_known_to_fit_stands_when_the_solver_finds_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers(monkeypatch, Status.NONE)
    room = room_for(5, 5)

    found = room.most(whole(1, 0), whole(1, -2), 5, (0, whole(0, 0)))

    assert (found.pence, found.weights) == (0, ())


def test_wrong_answer_in_pence_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, Status.FOUND)

    with pytest.raises(NotProved):
        room_for(5, 5).choice_in_pence(np.zeros((2, 0), dtype=np.int64), whole(1, -2), whole(), BOTH)


def test_pence_are_not_looked_for_where_the_solver_is_too_coarse() -> None:
    with pytest.raises(NotProved):
        room_for(10_000_000, 5).choice_in_pence(np.zeros((2, 0), dtype=np.int64), whole(1, -2), whole(), BOTH)


def test_nobody_has_room_in_an_empty_list() -> None:
    with pytest.raises(InvalidInput):
        AwardProblem((), (), Pot(1, 1, 1), room=(1,))
    nobody = AwardProblem((), (), Pot(1, 1, 1))
    assert Room(nobody.rows(), whole()).extras(whole(1), whole()) is not None


def test_amounts_that_break_a_rule_are_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    candidates = tuple(Candidate(key, 5, (Share(5),)) for key in "ab")
    problem = AwardProblem(candidates, (), Pot(12, 12, 12), room=(5, 5))
    monkeypatch.setattr(Room, "most", lambda room, change, left, limit, known: Most(limit, known[1]))

    with pytest.raises(NotProved):
        top_up(problem, ("a", "b"), TopUp.RANK)
