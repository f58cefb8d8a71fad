"""Filling up the readers of a panel: what the call needs first, what helps next, then an even load.

Like `scoring.assignment`, for a panel whose work has begun: applications miss different numbers of readers,
and an even load counts more than fit. The same input and seed give the same plan.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoring.engine import NotProved
from scoring.program import NO_LIMIT, Program, Real, Status
from scoring.readers import Pair
from scoring.records import InvalidInput

SECONDS = 20.0
EVEN = 1000.0  # what a reading more costs a reader for whom it is all they said they could read
CHANCE = 0.5  # at most; less than one reading can differ in evenness


@dataclass(frozen=True)
class Place:
    """What one application still misses: so many readers, of them so many who fill each seat.

    `wanted` seats help but leave no place open.
    """

    application: str
    readers: int
    seats: Mapping[str, int] = field(default_factory=dict)
    wanted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PanelReader:
    id: str
    capacity: int  # all in all
    load: int = 0  # of it given already
    seats: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Missing:
    """`seat` None: any reader. `is_wanted`: it would help, and no place is open for it."""

    application: str
    seat: str | None
    number: int
    is_wanted: bool = False


@dataclass(frozen=True)
class Help:
    """The smallest change that would fill every open place: readers who would read more, and new people."""

    more: tuple[tuple[str, int], ...] = ()
    new: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class ReadingPlan:
    pairs: tuple[Pair, ...]
    missing: tuple[Missing, ...]


def fill_places(
    places: Sequence[Place],
    readers: Sequence[PanelReader],
    *,
    forbidden: frozenset[Pair] = frozenset(),
    seed: int = 0,
    seconds: float = SECONDS,
) -> ReadingPlan:
    """Places that must stay open are fewest, then wanted seats that are missed, then the load is even.

    `forbidden` pairs never happen. Raises NotProved when nothing is found in time.
    """
    return _Filling(places, readers, forbidden, seconds).plan(seed)


def what_would_help(
    places: Sequence[Place],
    readers: Sequence[PanelReader],
    *,
    forbidden: frozenset[Pair] = frozenset(),
    seconds: float = SECONDS,
) -> Help:
    """First as few new people as possible, then as few readings as possible above what readers said."""
    return _Filling(places, readers, forbidden, seconds, may_stretch=True).help()


class _Filling:
    """Columns: each possible pair; readers not found, seats not found, wanted seats not found; stretching;
    the readings of each reader one by one, each dearer than the one before."""

    def __init__(
        self,
        places: Sequence[Place],
        readers: Sequence[PanelReader],
        forbidden: frozenset[Pair],
        seconds: float,
        *,
        may_stretch: bool = False,
    ) -> None:
        if len({one.application for one in places}) < len(places) or len({one.id for one in readers}) < len(
            readers
        ):
            raise InvalidInput("readers", "twice")
        self.places, self.readers, self.seconds = places, readers, seconds
        self.pairs = [
            (at, who)
            for at, place in enumerate(places)
            for who, reader in enumerate(readers)
            if (place.application, reader.id) not in forbidden and (may_stretch or _left(reader))
        ]
        self.any = range(len(self.pairs), len(self.pairs) + len(places))
        seats = [(at, seat, number) for at, one in enumerate(places) for seat, number in _listed(one.seats)]
        wanted = [(at, seat, number) for at, one in enumerate(places) for seat, number in _listed(one.wanted)]
        self.seats, self.wanted = seats, wanted
        self.of_seat = range(self.any.stop, self.any.stop + len(seats))
        self.of_wanted = range(self.of_seat.stop, self.of_seat.stop + len(wanted))
        self.stretch = range(self.of_wanted.stop, self.of_wanted.stop + len(readers))
        steps = [(who, step) for who, one in enumerate(readers) for step in range(_left(one))]
        self.steps = steps
        self.of_step = range(self.stretch.stop, self.stretch.stop + len(steps))
        self.may_stretch = may_stretch

    def plan(self, seed: int) -> ReadingPlan:
        wanted = self._cost()
        wanted[self.of_wanted.start : self.of_wanted.stop] = 1.0
        values = self._best([*self._open(), wanted, self._even_load(seed)])
        chosen = [self.pairs[place] for place in range(len(self.pairs)) if values[place] > 0.5]
        return ReadingPlan(
            tuple((self.places[at].application, self.readers[who].id) for at, who in chosen),
            self._missing(values, with_wanted=True),
        )

    def help(self) -> Help:
        more = self._cost()
        more[self.stretch.start : self.stretch.stop] = 1.0
        values = self._best([*self._open(), more])
        stretched = [round(float(values[place])) for place in self.stretch]
        return Help(
            tuple((one.id, number) for one, number in zip(self.readers, stretched, strict=True) if number),
            self._missing(values, with_wanted=False),
        )

    def _open(self) -> tuple[Real, Real]:
        """Open places; among as many, those that anybody can take are better than those of a seat."""
        places, seats = self._cost(), self._cost()
        places[self.any.start : self.of_seat.stop] = 1.0
        seats[self.of_seat.start : self.of_seat.stop] = 1.0
        return places, seats

    def _cost(self) -> Real:
        return np.zeros(self.of_step.stop)

    def _even_load(self, seed: int) -> Real:
        """The k-th reading of a reader costs (2k - 1) / capacity: least when all are equally full."""
        cost, chance = self._cost(), random.Random(seed)  # noqa: S311 - repeatable on purpose
        for place, (who, step) in zip(self.of_step, self.steps, strict=True):
            reader = self.readers[who]
            cost[place] = EVEN * (2 * (reader.load + step) + 1) / reader.capacity
        for place in range(len(self.pairs)):
            cost[place] = chance.random() * CHANCE / max(1, len(self.pairs))
        return cost

    def _best(self, aims: Sequence[Real]) -> Real:
        """One aim after the other; what an earlier one has reached, later ones keep."""
        kept: list[tuple[Real, float]] = []
        values = self._cost()
        for aim in aims:
            program = self._program(aim)
            for earlier, reached in kept:
                columns = np.flatnonzero(earlier)
                program.add_row(columns, earlier[columns], highest=reached + 1e-6)
            answer = program.solve(self.seconds)
            if answer.status is not Status.FOUND:
                raise NotProved
            values = answer.values
            kept.append((aim, float(round(float(aim @ values)))))
        return values

    def _program(self, cost: Real) -> Program:
        upper = np.full(self.of_step.stop, NO_LIMIT)
        upper[: len(self.pairs)] = 1.0
        upper[self.of_step.start :] = 1.0
        if not self.may_stretch:
            upper[self.stretch.start : self.stretch.stop] = 0.0
        program = Program(cost, upper, whole=self.of_wanted.stop)
        of_place: dict[int, list[int]] = defaultdict(list)
        of_reader: dict[int, list[int]] = defaultdict(list)
        for column, (at, who) in enumerate(self.pairs):
            of_place[at].append(column)
            of_reader[who].append(column)
        open_seats: dict[int, list[int]] = defaultdict(list)
        for column, (at, seat, number) in zip(self.of_seat, self.seats, strict=True):
            open_seats[at].append(column)
            program.add_row([*self._filling(of_place[at], seat), column], lowest=number)
        for column, (at, seat, number) in zip(self.of_wanted, self.wanted, strict=True):
            program.add_row([*self._filling(of_place[at], seat), column], lowest=number)
        for at, place in enumerate(self.places):
            columns = [*of_place[at], *open_seats[at], self.any[at]]
            program.add_row(columns, lowest=place.readers, highest=place.readers)
        self._add_loads(program, of_reader)
        return program

    def _add_loads(self, program: Program, of_reader: Mapping[int, list[int]]) -> None:
        steps: dict[int, list[int]] = defaultdict(list)
        for column, (who, _step) in zip(self.of_step, self.steps, strict=True):
            steps[who].append(column)
        for who, stretch in enumerate(self.stretch):
            columns = [*of_reader[who], stretch, *steps[who]]
            factors = np.array([1.0] * len(of_reader[who]) + [-1.0] * (1 + len(steps[who])))
            program.add_row(columns, factors, lowest=-NO_LIMIT, highest=0.0)

    def _filling(self, columns: Sequence[int], seat: str) -> list[int]:
        return [column for column in columns if seat in self.readers[self.pairs[column][1]].seats]

    def _missing(self, values: Real, *, with_wanted: bool) -> tuple[Missing, ...]:
        found = [
            Missing(self.places[at].application, seat, round(float(values[column])))
            for column, (at, seat, _number) in zip(self.of_seat, self.seats, strict=True)
        ]
        found += [
            Missing(place.application, None, round(float(values[column])))
            for column, place in zip(self.any, self.places, strict=True)
        ]
        if with_wanted:
            found += [
                Missing(self.places[at].application, seat, round(float(values[column])), is_wanted=True)
                for column, (at, seat, _number) in zip(self.of_wanted, self.wanted, strict=True)
            ]
        order = {place.application: at for at, place in enumerate(self.places)}
        missing = [one for one in found if one.number]
        return tuple(
            sorted(missing, key=lambda one: (order[one.application], one.is_wanted, one.seat or "~"))
        )


def _left(reader: PanelReader) -> int:
    return max(0, reader.capacity - reader.load)


def _listed(seats: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted((seat, number) for seat, number in seats.items() if number > 0)
