"""Who could read what: readers, applications, and what an assignment must keep.

A seat is whatever an application needs some of its readers for: an umbrella organisation, lived experience, a
language. One reader may fill several seats of the same application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scoring.records import InvalidInput

Pair = tuple[str, str]  # application, reader


class Aim(StrEnum):
    SUM = "sum"
    WORST_THEN_SUM = "worst_then_sum"  # first the application that fares worst, then all together


@dataclass(frozen=True)
class Reader:
    id: str
    most: int
    least: int = 0
    seats: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """An application to be read, and the seats it needs."""

    application: str
    seats: Mapping[str, int] = field(default_factory=dict)  # so many of its readers must fill this seat


@dataclass(frozen=True)
class AssignmentProblem:
    readings: tuple[Reading, ...]
    readers: tuple[Reader, ...]
    readers_each: int
    conflicts: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()  # already agreed, stays
    affinity: Mapping[Pair, int] | None = None  # how well they fit; 0 where nothing is said

    def __post_init__(self) -> None:
        applications = {reading.application for reading in self.readings}
        readers = {reader.id for reader in self.readers}
        if len(applications) < len(self.readings) or len(readers) < len(self.readers):
            raise InvalidInput("readers", "twice")
        if self.readers_each < 1 or any(not 0 <= one.least <= one.most for one in self.readers):
            raise InvalidInput("readers", "out_of_range")
        if not all(one in applications and other in readers for one, other in self.locked):
            raise InvalidInput("locked", "unknown")
        if self.locked & self.conflicts:
            raise InvalidInput("locked", "conflict")
        if any(not 1 <= one <= self.readers_each for each in self.readings for one in each.seats.values()):
            raise InvalidInput("seats", "out_of_range")
        taken = Counter(reader for _, reader in self.locked)
        given = Counter(application for application, _ in self.locked)
        if (
            any(taken[one.id] > one.most for one in self.readers)
            or max(given.values(), default=0) > self.readers_each
        ):
            raise InvalidInput("locked", "too_many")

    def fit(self, pair: Pair) -> int:
        return (self.affinity or {}).get(pair, 0)


@dataclass(frozen=True)
class Assignment:
    pairs: tuple[Pair, ...]  # by application, then reader, in the order given
    total: int
    worst: int  # the lowest sum of fit of one application

    def readers_of(self, application: str) -> tuple[str, ...]:
        return tuple(reader for one, reader in self.pairs if one == application)


class ShortageCode(StrEnum):
    READERS = "readers"  # not enough readers without a conflict who still have time
    SEAT = "seat"  # nobody for this seat without a conflict who still has time
    READER_IDLE = "reader_idle"  # cannot be given as many as the least agreed


@dataclass(frozen=True)
class Shortage:
    code: ShortageCode
    key: str  # application, or reader for reader_idle
    seat: str | None
    missing: int


@dataclass(frozen=True)
class NewReadings:
    """So many readings of an application by somebody new, without a tie to it, who fills these seats."""

    application: str
    number: int
    seats: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """The least that would make everything possible; new people only where nobody else can help."""

    more: tuple[tuple[str, int], ...]  # readers who would read so many more than they said
    fewer: tuple[tuple[str, int], ...]  # readers who would get so many fewer than agreed
    new: tuple[NewReadings, ...]
    unlocked: tuple[Pair, ...]


class NoAssignment(Exception):
    """Not everything can be met. `nearest` misses as little as possible, `shortages` say what."""

    def __init__(self, shortages: tuple[Shortage, ...], nearest: Assignment) -> None:
        self.shortages, self.nearest = shortages, nearest
        super().__init__(f"{len(shortages)} shortages")
