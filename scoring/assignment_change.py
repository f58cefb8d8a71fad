"""When readers, seats and capacity do not go together: the smallest change that would make them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from scoring.assignment import SECONDS
from scoring.assignment_board import Board, Need
from scoring.program import NO_LIMIT, Program, Real
from scoring.readers import AssignmentProblem, Change, NewReadings, ShortageCode


def smallest_change(problem: AssignmentProblem, seconds: float = SECONDS) -> Change:
    """Ties are never lifted. Raises NotProved when the time is over.

    First as few as possible readings by new people or given back by those who hold them, then as few as
    possible that readers would do above or below what was agreed.
    """
    return _Relaxed(Board(problem, seconds), problem).change()


class _Relaxed:
    """The program of the assignment with a column more for each thing that may give way."""

    def __init__(self, board: Board, problem: AssignmentProblem) -> None:
        self.board, self.problem = board, problem
        self.readers, self.readings = len(problem.readers), len(problem.readings)
        self.held = np.flatnonzero(board.locked)
        self.more = len(board.pairs)
        self.fewer = self.more + self.readers
        self.new = self.fewer + self.readers
        self.freed = self.new + self.readings

    def change(self) -> Change:
        values = [round(float(value)) for value in self.board.solve(self._program()).values]
        readers = [reader.id for reader in self.problem.readers]
        return Change(
            more=_used(readers, values[self.more : self.fewer]),
            fewer=_used(readers, values[self.fewer : self.new]),
            new=tuple(self._new_readings(values)),
            unlocked=tuple(
                self.board.pairs[int(place)]
                for place, freed in zip(self.held, values[self.freed :], strict=True)
                if freed
            ),
        )

    def _program(self) -> Program:
        dear = float(len(self.board.pairs) + sum(one.least for one in self.problem.readers) + 1)
        cost = np.zeros(self.freed + len(self.held))
        cost[self.more : self.new] = 1.0
        cost[self.new :] = dear
        upper = np.ones(len(cost))
        upper[self.more : self.freed] = NO_LIMIT
        program = Program(cost, upper, whole=len(cost))
        self._add_applications(program)
        self._add_readers(program)
        for at, place in enumerate(self.held):
            program.add_row([int(place), self.freed + at], lowest=1)
        return program

    def _add_applications(self, program: Program) -> None:
        at = -1
        for need in self._needs(is_reader=False):
            at += need.code is ShortageCode.READERS  # a new application begins
            program.add_row(np.append(need.places, self.new + at), lowest=need.lowest, highest=need.highest)

    def _add_readers(self, program: Program) -> None:
        for at, need in enumerate(self._needs(is_reader=True)):
            program.add_row(np.append(need.places, self.fewer + at), lowest=need.lowest)
            factors: Real = np.append(np.ones(len(need.places)), -1.0)
            program.add_row(np.append(need.places, self.more + at), factors, highest=need.highest)

    def _needs(self, *, is_reader: bool) -> Iterable[Need]:
        return [need for need in self.board.needs if (need.code is ShortageCode.READER_IDLE) is is_reader]

    def _new_readings(self, values: list[int]) -> Iterable[NewReadings]:
        missed: dict[str, list[str]] = defaultdict(list)
        for need in self._needs(is_reader=False):
            if need.seat is not None and sum(values[int(place)] for place in need.places) < need.lowest:
                missed[need.key].append(need.seat)
        for reading, number in zip(self.problem.readings, values[self.new : self.freed], strict=True):
            if number:
                yield NewReadings(reading.application, number, tuple(missed[reading.application]))


def _used(keys: list[str], values: list[int]) -> tuple[tuple[str, int], ...]:
    return tuple((key, value) for key, value in zip(keys, values, strict=True) if value)
