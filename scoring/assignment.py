"""Readers to applications under conflicts, seats and declared capacity: the best assignment, proved."""

from __future__ import annotations

from scoring.assignment_board import Board
from scoring.assignment_columns import best_by_columns
from scoring.readers import Aim, Assignment, AssignmentProblem, NoAssignment

SECONDS = 60.0
MOST_PAIRS_AT_ONCE = 10_000


def assign(problem: AssignmentProblem, aim: Aim = Aim.WORST_THEN_SUM, seconds: float = SECONDS) -> Assignment:
    """Raises NoAssignment when something must stay unmet, NotProved when the time is over."""
    board = Board(problem, seconds)
    is_for_the_worst = aim is Aim.WORST_THEN_SUM and problem.readings
    best = board.best_for_the_worst(_best_sum) if is_for_the_worst else _best_sum(board)
    if best is None:
        raise NoAssignment(*board.nearest())
    return board.assignment(best)


def _best_sum(board: Board) -> list[int] | None:
    return best_by_columns(board) if len(board.pairs) > MOST_PAIRS_AT_ONCE else board.best()
