"""Who reads what on a panel: the call's readers first, then languages and experience, then an even load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scoring.reading_plan import Help, PanelReader, Place, ReadingPlan, fill_places, what_would_help

Pair = tuple[str, str]  # application, seat


@dataclass(frozen=True)
class PlanSeat:
    """`can`: what else the reader brings: languages, experience."""

    id: str
    kind: str
    capacity: int
    can: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unmet:
    """A reader that could not be found: of this kind, or of any where `kind` is None."""

    application: str
    kind: str | None


@dataclass(frozen=True)
class Plan:
    pairs: tuple[Pair, ...]  # new ones only
    unmet: tuple[Unmet, ...]
    without: tuple[tuple[str, str], ...] = ()  # application and what none of its readers brings
    seed: int = 0


def plan_readers(
    applications: Sequence[str],
    seats: Sequence[PlanSeat],
    *,
    kinds: Sequence[str],
    readers: int,
    forbidden: Collection[Pair] = (),
    given: Collection[Pair] = (),
    wanted: Mapping[str, Collection[str]] | None = None,
    seed: int = 0,
) -> Plan:
    """`given` pairs stay as they are and count; `forbidden` ones never happen. `wanted` of each application
    is looked for as long as no reader is missed for it."""
    needs = _Needs(applications, seats, kinds, readers, set(given), wanted or {})
    found: ReadingPlan = fill_places(
        needs.places, needs.readers, forbidden=frozenset(forbidden) | frozenset(given), seed=seed
    )
    order = {application: number for number, application in enumerate(applications)}
    place = {seat.id: number for number, seat in enumerate(seats)}
    return Plan(
        pairs=tuple(sorted(found.pairs, key=lambda pair: (order[pair[0]], place[pair[1]]))),
        unmet=tuple(
            Unmet(one.application, one.seat)
            for one in found.missing
            if not one.is_wanted
            for _each in range(one.number)
        ),
        without=tuple((one.application, one.seat or "") for one in found.missing if one.is_wanted),
        seed=seed,
    )


def smallest_help(
    applications: Sequence[str],
    seats: Sequence[PlanSeat],
    *,
    kinds: Sequence[str],
    readers: int,
    forbidden: Collection[Pair] = (),
    given: Collection[Pair] = (),
) -> Help:
    """The smallest change with which every application gets its readers. Ties are never lifted."""
    needs = _Needs(applications, seats, kinds, readers, set(given), {})
    return what_would_help(needs.places, needs.readers, forbidden=frozenset(forbidden) | frozenset(given))


class _Needs:
    """What is open, and how much every reader holds already."""

    def __init__(
        self,
        applications: Sequence[str],
        seats: Sequence[PlanSeat],
        kinds: Sequence[str],
        readers: int,
        given: set[Pair],
        wanted: Mapping[str, Collection[str]],
    ) -> None:
        by_id = {seat.id: seat for seat in seats}
        load = Counter(seat for _application, seat in given)
        self.readers = [
            PanelReader(seat.id, seat.capacity, load[seat.id], frozenset({seat.kind}) | seat.can)
            for seat in seats
        ]
        self.places = []
        for application in applications:
            have = [by_id[seat] for each, seat in given if each == application and seat in by_id]
            missing = Counter(kinds) - Counter(seat.kind for seat in have)
            open_places = max(readers - len(have), missing.total())
            brought = frozenset[str]().union(*(seat.can for seat in have))
            self.places.append(
                Place(
                    application,
                    open_places,
                    dict(missing),
                    {each: 1 for each in sorted(wanted.get(application, ())) if each not in brought}
                    if open_places
                    else {},
                )
            )
