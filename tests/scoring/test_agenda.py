"""The order of a meeting: tiers first, then the fewest people leaving, then what is urgent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agenda import EXACT_UP_TO, MeetingEntry, Tier, meeting_order
from scoring.records import InvalidInput

PEOPLE = st.frozensets(st.sampled_from("abcd"), max_size=3)


def times_people_leave(order: Sequence[MeetingEntry]) -> int:
    """Who is out already stays out; everybody else who has to go is counted."""
    outs = [frozenset[str](), *(one.out for one in order)]
    return sum(len(after - before) for before, after in pairwise(outs))


@st.composite
def entries(draw: st.DrawFn, tiers: int = 3, most: int = 8) -> list[MeetingEntry]:
    number = draw(st.integers(0, most))
    return [
        MeetingEntry(str(at), Tier(draw(st.integers(0, tiers - 1))), draw(st.integers(0, 3)), draw(PEOPLE))
        for at in range(number)
    ]


def keys(order: tuple[MeetingEntry, ...]) -> str:
    return "".join(one.application for one in order)


def entry(key: str, out: str = "", urgency: int = 0, tier: Tier = Tier.TO_TALK_ABOUT) -> MeetingEntry:
    return MeetingEntry(key, tier, urgency, frozenset(out))


def test_people_who_leave_stay_out_until_their_items_are_done() -> None:
    order = meeting_order(
        [entry("A", "x", 0), entry("B", "", 1), entry("C", "x", 2), entry("D", "xy", 3), entry("E", "", 4)]
    )

    assert keys(order) == "ACDBE"
    assert times_people_leave(order) == 2


def test_urgent_items_come_first_where_nobody_leaves_more_often() -> None:
    assert keys(meeting_order([entry("A", urgency=2), entry("B", urgency=0), entry("C", urgency=1)])) == "BCA"
    assert keys(meeting_order([entry("A", "x", 1), entry("B", "y", 0)])) == "BA"


def test_what_talking_can_change_comes_before_what_is_clear() -> None:
    order = meeting_order(
        [
            entry("A", tier=Tier.CLEAR),
            entry("B", "x", tier=Tier.NEAR_THE_LINE),
            entry("C", "x", tier=Tier.TO_TALK_ABOUT),
            entry("D", tier=Tier.TO_TALK_ABOUT, urgency=9),
        ]
    )

    assert keys(order) == "DCBA", "who is out at the end of a tier stays out for the next"


@given(entries(tiers=2, most=6))
def test_no_order_of_the_same_tiers_makes_fewer_people_leave(found: list[MeetingEntry]) -> None:
    ways = (
        way for way in permutations(found) if sorted(one.tier for one in way) == [one.tier for one in way]
    )
    fewest = min((times_people_leave(way) for way in ways), default=0)

    assert times_people_leave(meeting_order(found)) == fewest


@given(entries())
def test_everything_stands_once_and_tiers_stay_in_their_order(found: list[MeetingEntry]) -> None:
    order = meeting_order(found)

    assert sorted(one.application for one in order) == sorted(one.application for one in found)
    assert [one.tier for one in order] == sorted(one.tier for one in found)


@given(entries(), st.randoms(use_true_random=False))
def test_order_does_not_hang_on_the_order_of_the_input(found: list[MeetingEntry], chance: object) -> None:
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert meeting_order(mixed) == meeting_order(found)


def test_many_different_sets_still_get_an_order() -> None:
    found = [entry(str(at), "abcdefghijkl"[at]) for at in range(EXACT_UP_TO + 3)]

    assert times_people_leave(meeting_order(found)) == EXACT_UP_TO + 3


def test_application_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidInput):
        meeting_order([entry("A"), entry("A")])
