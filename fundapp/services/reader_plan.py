"""Who reads what: one reader of each wanted kind, no conflicts, within everybody's capacity, evenly.

Values in, values out; the same input gives the same plan. Readers are placed where the choice is smallest
first; when all who could read are full, room is made by moving earlier ones along a chain.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

Pair = tuple[str, str]  # application, seat


@dataclass(frozen=True)
class PlanSeat:
    id: str
    kind: str
    capacity: int


@dataclass(frozen=True)
class Unmet:
    """A reader that could not be found: of this kind, or of any where `kind` is None."""

    application: str
    kind: str | None


@dataclass(frozen=True)
class Plan:
    pairs: tuple[Pair, ...]  # new ones only
    unmet: tuple[Unmet, ...]


@dataclass
class _Place:
    application: str
    kind: str | None
    seat: str = ""


def plan_readers(
    applications: Sequence[str],
    seats: Sequence[PlanSeat],
    *,
    kinds: Sequence[str],
    readers: int,
    forbidden: Collection[Pair] = (),
    given: Collection[Pair] = (),
) -> Plan:
    """`given` pairs stay as they are and count; `forbidden` ones never happen."""
    planner = _Planner(seats, set(forbidden), set(given))
    places = [place for each in applications for place in planner.open_places(each, kinds, readers)]
    places.sort(key=lambda place: (place.kind is None, len(planner.could_take(place))))
    unmet = [Unmet(place.application, place.kind) for place in places if not planner.fill(place)]
    planner.balance()
    order = {application: number for number, application in enumerate(applications)}
    pairs = sorted(
        ((place.application, place.seat) for place in planner.filled),
        key=lambda pair: (order[pair[0]], planner.number[pair[1]]),
    )
    unmet.sort(key=lambda each: (order[each.application], each.kind or "~"))
    return Plan(tuple(pairs), tuple(unmet))


class _Planner:
    def __init__(self, seats: Sequence[PlanSeat], forbidden: set[Pair], given: set[Pair]) -> None:
        self.seats = {seat.id: seat for seat in seats}
        self.number = {seat.id: number for number, seat in enumerate(seats)}
        self.forbidden = forbidden
        self.held = set(given)
        self.load = {seat.id: sum(pair[1] == seat.id for pair in given) for seat in seats}
        self.filled: list[_Place] = []

    def open_places(self, application: str, kinds: Sequence[str], readers: int) -> list[_Place]:
        """What this application still needs besides the readers it has."""
        have = [self.seats[seat].kind for each, seat in sorted(self.held) if each == application]
        wanted, others = [], len(have)
        for kind in kinds:
            if kind in have:
                have.remove(kind)
            else:
                wanted.append(_Place(application, kind))
        free = max(0, readers - others - len(wanted))
        return wanted + [_Place(application, None) for _number in range(free)]

    def could_take(self, place: _Place) -> list[str]:
        """Seats that may read this, full or not, those with the most room first."""
        found = [
            seat.id
            for seat in self.seats.values()
            if (place.kind is None or seat.kind == place.kind)
            and seat.capacity > 0
            and (place.application, seat.id) not in self.forbidden
            and (place.application, seat.id) not in self.held
        ]
        return sorted(found, key=lambda seat: (self._fullness(seat), self.number[seat]))

    def fill(self, place: _Place) -> bool:
        for seat in self.could_take(place):
            if self._has_room(seat) or self._make_room(seat, {seat}):
                self._put(place, seat)
                self.filled.append(place)
                return True
        return False

    def balance(self) -> None:
        """Move readings from the fuller to the emptier while that makes the load more even."""
        is_moving = True
        while is_moving:
            is_moving = False
            for place in self.filled:
                for seat in self.could_take(place)[:1]:
                    if self._fullness(seat, 1) < self._fullness(place.seat):
                        self._move(place, seat)
                        is_moving = True

    def _make_room(self, seat: str, seen: set[str]) -> bool:
        for place in [each for each in self.filled if each.seat == seat]:
            for other in self.could_take(place):
                if other in seen:
                    continue
                seen.add(other)
                if self._has_room(other) or self._make_room(other, seen):
                    self._move(place, other)
                    return True
        return False

    def _has_room(self, seat: str) -> bool:
        return self.load[seat] < self.seats[seat].capacity

    def _fullness(self, seat: str, more: int = 0) -> Fraction:
        return Fraction(self.load[seat] + more, self.seats[seat].capacity)

    def _put(self, place: _Place, seat: str) -> None:
        place.seat = seat
        self.held.add((place.application, seat))
        self.load[seat] += 1

    def _move(self, place: _Place, seat: str) -> None:
        self.held.remove((place.application, place.seat))
        self.load[place.seat] -= 1
        self._put(place, seat)
