"""The pairs of readers and applications that are possible, and the programs over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.engine import NotProved
from scoring.program import NO_LIMIT, Answer, Program, Status
from scoring.readers import (
    Assignment,
    AssignmentProblem,
    Shortage,
    ShortageCode,
)

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Need:
    """So many of these places; a shortage is counted when there are fewer than `lowest`."""

    code: ShortageCode
    key: str
    seat: str | None
    places: Places
    lowest: int
    highest: float


class Board:
    """The pairs that are possible, as places, and what each application and reader needs of them."""

    def __init__(self, problem: AssignmentProblem, seconds: float) -> None:
        self.seconds = seconds
        self.pairs = [
            (reading.application, reader.id)
            for reading in problem.readings
            for reader in problem.readers
            if (reading.application, reader.id) not in problem.conflicts
        ]
        fits, locked = problem.affinity or {}, problem.locked
        self.fits = np.array([fits.get(pair, 0) for pair in self.pairs], dtype=np.int64)
        self.locked = np.array([pair in locked for pair in self.pairs], dtype=np.bool_)
        applications = {one.application: at for at, one in enumerate(problem.readings)}
        readers = {one.id: at for at, one in enumerate(problem.readers)}
        self.of_application = _places([applications[one] for one, _ in self.pairs], len(applications))
        self.reader_at = np.array([readers[one] for _, one in self.pairs], dtype=np.int64)
        self.of_reader = _places(self.reader_at, len(readers))
        self.needs = [*self._needs_of_applications(problem), *self._needs_of_readers(problem)]

    def _needs_of_applications(self, problem: AssignmentProblem) -> Iterator[Need]:
        each, seats = problem.readers_each, {seat for one in problem.readings for seat in one.seats}
        fills = {
            seat: np.array([seat in one.seats for one in problem.readers], dtype=np.bool_) for seat in seats
        }
        for reading, places in zip(problem.readings, self.of_application, strict=True):
            yield Need(ShortageCode.READERS, reading.application, None, places, each, each)
            for seat, number in sorted(reading.seats.items()):
                fitting = places[fills[seat][self.reader_at[places]]]
                yield Need(ShortageCode.SEAT, reading.application, seat, fitting, number, NO_LIMIT)

    def _needs_of_readers(self, problem: AssignmentProblem) -> Iterator[Need]:
        for reader, places in zip(problem.readers, self.of_reader, strict=True):
            yield Need(ShortageCode.READER_IDLE, reader.id, None, places, reader.least, reader.most)

    def best(self, at_least: int | None = None) -> list[int] | None:
        """The places with the highest sum; with `at_least`, every application gets that much fit."""
        program = Program(-self.fits.astype(float), np.ones(len(self.pairs)), whole=len(self.pairs))
        self._add_needs(program)
        if at_least is not None:
            for places in self.of_application:
                program.add_row(places, self.fits[places].astype(float), lowest=at_least - 0.5)
        answer = self.solve(program)
        if answer.status is Status.NONE:
            return None
        return [int(place) for place in np.flatnonzero(answer.values > 0.5)]

    def solve(self, program: Program) -> Answer:
        """Raises NotProved unless the answer is the best one, or it is proved that there is none."""
        answer = program.solve(self.seconds)
        if not answer.is_best and answer.status is not Status.NONE:
            raise NotProved
        return answer

    def _add_needs(self, program: Program, first_relief: int | None = None) -> None:
        for at, need in enumerate(self.needs):
            places = need.places
            if first_relief is not None:
                places = np.append(places, first_relief + at)
            program.add_row(places, lowest=need.lowest, highest=need.highest)
        program.add_row(np.flatnonzero(self.locked), lowest=int(self.locked.sum()))

    def best_for_the_worst(self, best_sum: Callable[[Board], list[int] | None]) -> list[int] | None:
        """The worst application as well off as possible, and with that the highest sum; None: nothing is.

        Mostly all can have what parts of readers allow. Otherwise the range between that and the worst
        application of the best sum is halved until nothing is left of it.
        """
        possible = self._bound_of_the_worst()
        if possible is None:
            return None
        if (best := self.best(at_least=possible)) is not None:
            return best
        if (best := best_sum(self)) is None:
            return None
        reached = self.worst(best)
        while reached < possible - 1:
            aim = (reached + possible) // 2
            better = self.best(at_least=aim)
            if better is None:
                possible = aim
            else:
                best, reached = better, aim
        return best

    def _bound_of_the_worst(self) -> int | None:
        """With parts of readers allowed, so no whole assignment can do better; None: not even with parts."""
        program = Program(
            np.append(np.zeros(len(self.pairs)), -1.0), np.append(np.ones(len(self.pairs)), NO_LIMIT)
        )
        self._add_needs(program)
        lowest = int(np.minimum(self.fits, 0).sum())  # the column counts from here, as columns start at 0
        for places in self.of_application:
            program.add_row(
                np.append(places, len(self.pairs)),
                np.append(self.fits[places], -1).astype(float),
                lowest=float(lowest),
            )
        answer = self.solve(program)
        return None if answer.status is Status.NONE else lowest + int(-answer.cost + 1e-6)

    def nearest(self) -> tuple[tuple[Shortage, ...], Assignment]:
        """What is missing counts more than any fit; capacity and conflicts are never stretched."""
        pairs, price = len(self.pairs), float(np.abs(self.fits).sum() + 1)
        cost = np.concatenate([-self.fits.astype(float), np.full(len(self.needs), price)])
        upper = np.concatenate([np.ones(pairs), np.full(len(self.needs), NO_LIMIT)])
        program = Program(cost, upper, whole=len(cost))
        self._add_needs(program, first_relief=pairs)
        answer = self.solve(program)
        missing = [round(float(value)) for value in answer.values[pairs:]]
        shortages = tuple(
            Shortage(need.code, need.key, need.seat, number)
            for need, number in zip(self.needs, missing, strict=True)
            if number
        )
        return shortages, self.assignment(
            [int(place) for place in np.flatnonzero(answer.values[:pairs] > 0.5)]
        )

    def worst(self, places: Sequence[int]) -> int:
        chosen = np.zeros(len(self.pairs), dtype=np.int64)
        chosen[list(places)] = self.fits[list(places)]
        return min((int(chosen[one].sum()) for one in self.of_application), default=0)

    def assignment(self, places: Sequence[int]) -> Assignment:
        pairs = tuple(self.pairs[place] for place in places)
        return Assignment(pairs, int(self.fits[list(places)].sum()), self.worst(places))


def _places(keys: Sequence[int] | Places, size: int) -> list[Places]:
    """Where each number below `size` stands."""
    ends = np.cumsum(np.bincount(keys, minlength=size))
    return np.split(np.argsort(keys, kind="stable"), ends[:-1]) if size else []
