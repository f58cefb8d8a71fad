"""Who reads what on a panel: the call's readers first, then languages and experience, then an even load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field

from scoring.reading_plan import Help, PanelReader, Place, fill_places, what_would_help

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


@dataclass(frozen=True)
class PanelToFill:
    """`given` pairs stay as they are and count; `forbidden` ones never happen. `wanted` of each application
    is looked for as long as no reader is missed for it."""

    applications: Sequence[str]
    seats: Sequence[PlanSeat]
    _: KW_ONLY
    kinds: Sequence[str]
    readers: int
    forbidden: Collection[Pair] = ()
    given: Collection[Pair] = ()
    wanted: Mapping[str, Collection[str]] = field(default_factory=dict)

    def plan(self, *, seed: int = 0) -> Plan:
        found = fill_places(self._places(self.wanted), self._readers, forbidden=self._closed, seed=seed)
        order = {application: number for number, application in enumerate(self.applications)}
        place = {seat.id: number for number, seat in enumerate(self.seats)}
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

    def smallest_help(self) -> Help:
        """The smallest change with which every application gets its readers. Ties are never lifted."""
        return what_would_help(self._places({}), self._readers, forbidden=self._closed)

    @property
    def _closed(self) -> frozenset[Pair]:
        return frozenset(self.forbidden) | frozenset(self.given)

    @property
    def _readers(self) -> list[PanelReader]:
        """How much every reader holds already."""
        load = Counter(seat for _application, seat in set(self.given))
        return [
            PanelReader(seat.id, seat.capacity, load[seat.id], frozenset({seat.kind}) | seat.can)
            for seat in self.seats
        ]

    def _places(self, wanted: Mapping[str, Collection[str]]) -> list[Place]:
        """What is open."""
        return [self._place(application, wanted.get(application, ())) for application in self.applications]

    def _place(self, application: str, wanted: Collection[str]) -> Place:
        readers = {seat for each, seat in self.given if each == application}
        have = [seat for seat in self.seats if seat.id in readers]
        missing = Counter(self.kinds) - Counter(seat.kind for seat in have)
        open_places = max(self.readers - len(have), missing.total())
        brought = frozenset[str]().union(*(seat.can for seat in have))
        looked_for = {each: 1 for each in sorted(wanted) if each not in brought} if open_places else {}
        return Place(application, open_places, dict(missing), looked_for)
