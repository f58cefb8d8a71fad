"""The order of a meeting: first what talking can change, and people leave the room as seldom as possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from scoring.records import InvalidInput

EXACT_UP_TO = 9  # so many different sets of people who are out are ordered with proof, more by nearest step

People = frozenset[str]
Way = tuple[int, tuple[int, ...]]  # how many people had to leave, and the numbers of the blocks
Ends = dict[People, Way]  # by who is out at the end
NOBODY: People = frozenset()


class Tier(IntEnum):
    """In this order on the agenda."""

    TO_TALK_ABOUT = 0  # the readers leave something open
    NEAR_THE_LINE = 1  # another day, or without one reader, it would be decided otherwise
    CLEAR = 2


@dataclass(frozen=True)
class MeetingEntry:
    """`urgency`: 0 first, within its tier. `out`: who must leave the room."""

    application: str
    tier: Tier
    urgency: int
    out: People = NOBODY


def meeting_order(entries: Iterable[MeetingEntry]) -> tuple[MeetingEntry, ...]:
    """Tier after tier. Within one, entries with the same people out stand together, the most urgent first;
    these blocks stand so that the fewest people have to leave, and among equally good ways the urgent first.
    """
    listed = sorted(entries, key=lambda one: (one.tier, one.urgency, one.application))
    if len({one.application for one in listed}) < len(listed):
        raise InvalidInput("application", "twice")
    blocks: list[list[MeetingEntry]] = []
    ends: Ends = {NOBODY: (0, ())}
    for _tier, found in groupby(listed, key=lambda one: one.tier):
        by_people: dict[People, list[MeetingEntry]] = {}
        for one in found:
            by_people.setdefault(one.out, []).append(one)
        ends = _fewest_leave(list(by_people), len(blocks), ends)
        blocks += by_people.values()
    return tuple(one for at in min(ends.values())[1] for one in blocks[at])


def _leaving(before: People, after: People) -> int:
    return len(after - before)


def _fewest_leave(sets: Sequence[People], first: int, starts: Ends) -> Ends:
    """The best way through all sets for each set that can be the last. They are numbered from `first`."""
    if len(sets) > EXACT_UP_TO:
        return _nearest_next(sets, first, starts)
    best: dict[tuple[int, int], Way] = {
        (1 << at, at): min(
            (cost + _leaving(before, out), (*way, first + at)) for before, (cost, way) in starts.items()
        )
        for at, out in enumerate(sets)
    }
    for _step in range(len(sets) - 1):
        longer: dict[tuple[int, int], Way] = {}
        for (done, last), (cost, way) in best.items():
            for at, out in enumerate(sets):
                if done & 1 << at:
                    continue
                key, found = (done | 1 << at, at), (cost + _leaving(sets[last], out), (*way, first + at))
                if key not in longer or found < longer[key]:
                    longer[key] = found
        best = longer
    return {sets[last]: way for (_done, last), way in best.items()}


def _nearest_next(sets: Sequence[People], first: int, starts: Ends) -> Ends:
    before, (cost, way) = min(starts.items(), key=lambda start: start[1])
    left = list(range(len(sets)))
    while left:
        at = min(left, key=lambda one: (_leaving(before, sets[one]), one))
        left.remove(at)
        cost, way, before = cost + _leaving(before, sets[at]), (*way, first + at), sets[at]
    return {before: (cost, way)}
