"""Filling up the readers of a panel: open places fewest, wanted seats, an even load; the smallest help."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine import NotProved
from scoring.program import Answer, Program, Status
from scoring.reading_plan import (
    Help,
    Missing,
    PanelReader,
    Place,
    ReadingPlan,
    fill_places,
    what_would_help,
)
from scoring.records import InvalidInput

SEATS = ("u", "l")


def reader(key: str, capacity: int = 2, *seats: str, load: int = 0) -> PanelReader:
    return PanelReader(key, capacity, load, frozenset(seats))


@st.composite
def panels(draw: st.DrawFn) -> tuple[list[Place], list[PanelReader], frozenset[tuple[str, str]]]:
    readers = [
        reader(f"r{at}", draw(st.integers(0, 2)), *draw(st.sets(st.sampled_from(SEATS))))
        for at in range(draw(st.integers(0, 3)))
    ]
    places = [
        Place(f"a{at}", 2, dict.fromkeys(draw(st.sets(st.sampled_from(SEATS), max_size=2)), 1))
        for at in range(draw(st.integers(0, 2)))
    ]
    pairs = [(place.application, one.id) for place, one in product(places, readers)]
    return places, readers, frozenset(draw(st.sets(st.sampled_from(pairs)) if pairs else st.just(set())))


def opened(places: list[Place], readers: list[PanelReader], chosen: dict[str, tuple[str, ...]]) -> int | None:
    """Places that stay open with these readers of each application; None: somebody reads too much."""
    load = Counter(one for found in chosen.values() for one in found)
    seats = {one.id: one.seats for one in readers}
    if any(load[one.id] > one.capacity for one in readers):
        return None
    total = 0
    for place in places:
        found = chosen[place.application]
        missing = sum(max(0, n - sum(s in seats[r] for r in found)) for s, n in place.seats.items())
        if len(found) + missing > place.readers:
            return None
        total += place.readers - len(found)
    return total


@settings(max_examples=60)
@given(panels())
def test_no_other_plan_leaves_fewer_places_open(
    found: tuple[list[Place], list[PanelReader], frozenset[tuple[str, str]]],
) -> None:
    places, readers, forbidden = found
    choices = []
    for place in places:
        able = [one.id for one in readers if (place.application, one.id) not in forbidden]
        choices.append([some for size in range(3) for some in combinations(able, size)])
    best = min(
        number
        for way in product(*choices)
        if (number := opened(places, readers, dict(zip((p.application for p in places), way, strict=True))))
        is not None
    )

    plan = fill_places(places, readers, forbidden=forbidden)

    assert sum(one.number for one in plan.missing) == best
    assert not set(plan.pairs) & forbidden
    assert opened(places, readers, _by_application(places, plan)) == best


@given(panels())
def test_help_is_nothing_exactly_when_nothing_is_missing(
    found: tuple[list[Place], list[PanelReader], frozenset[tuple[str, str]]],
) -> None:
    places, readers, forbidden = found

    plan = fill_places(places, readers, forbidden=forbidden)

    assert (what_would_help(places, readers, forbidden=forbidden) == Help()) == (not plan.missing)


def _by_application(places: list[Place], plan: ReadingPlan) -> dict[str, tuple[str, ...]]:
    return {p.application: tuple(one for key, one in plan.pairs if key == p.application) for p in places}


def test_wanted_seats_never_cost_a_place() -> None:
    readers = [reader("a", 1, "u"), reader("b", 1, "language")]

    plan = fill_places([Place("x", 1, {"u": 1}, {"language": 1})], readers)

    assert plan == ReadingPlan((("x", "a"),), (Missing("x", "language", 1, is_wanted=True),))


def test_who_is_full_reads_no_more_and_who_has_room_comes_first() -> None:
    readers = [reader("full", 2, load=2), reader("half", 4, load=2), reader("free", 4)]

    plan = fill_places([Place("x", 1), Place("y", 1)], readers)

    assert {one for _key, one in plan.pairs} == {"free"}


def test_new_people_are_asked_for_only_where_nobody_can_read_more() -> None:
    places = [Place("x", 2, {"u": 1}), Place("y", 1)]

    assert what_would_help(places, [reader("a", 1), reader("b", 0, "u")]) == Help(more=(("a", 1), ("b", 1)))
    assert what_would_help(places, [reader("a", 3)]) == Help(new=(Missing("x", "u", 1),))


def test_nobody_and_nothing() -> None:
    assert fill_places([], []) == ReadingPlan((), ())
    assert fill_places([Place("x", 2, {"u": 1})], []).missing == (Missing("x", "u", 1), Missing("x", None, 1))


def test_without_time_there_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(program: Program, seconds: float) -> Answer:
        return Answer(Status.NOT_KNOWN, np.zeros(0), np.zeros(0), 0.0, is_best=False)

    monkeypatch.setattr(Program, "solve", nothing)

    with pytest.raises(NotProved):
        fill_places([Place("x", 1)], [reader("a")])


def test_same_key_twice_is_refused() -> None:
    with pytest.raises(InvalidInput):
        fill_places([Place("x", 1), Place("x", 1)], [])
