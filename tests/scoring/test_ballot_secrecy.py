"""Ballots without names: cases to follow by hand, and every way to hand them out."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from scoring.ballot_secrecy import LEAST, can_be_shown
from scoring.ballots import Ballot


def yes(given_to: str, may: str = "abc") -> Ballot:
    return Ballot(frozenset(may), dict.fromkeys(given_to, 1))


def test_without_ties_three_ballots_hide_each_other() -> None:
    assert can_be_shown([yes("a"), yes("ab"), yes("c")])
    assert can_be_shown([yes("a"), yes("a"), yes("a")])
    assert not can_be_shown([yes("a"), yes("b")])


def test_blank_that_only_a_tie_explains_is_not_shown() -> None:
    # Who knows that the last one has a tie with c finds two ballots without c, and one is perhaps their own.
    assert not can_be_shown([yes("ac"), yes("bc"), yes("a"), yes("b", "ab")])
    assert can_be_shown([yes("ac"), yes("a"), yes("a"), yes("b", "ab")])


def test_of_a_member_with_ties_the_ballots_left_must_differ() -> None:
    assert not can_be_shown([yes("c"), yes("a"), yes("a"), yes("a", "ab")])


def test_ties_of_the_others_are_used_too() -> None:
    # Three have a tie with c and there are three ballots without it, so the fourth gave the one with c.
    tied = [yes("a", "ab"), yes("b", "ab"), yes("", "ab")]
    assert not can_be_shown([*tied, yes("c")])
    assert can_be_shown([*tied, yes("c"), yes("ac"), yes("bc")])


def test_pounds_are_like_votes() -> None:
    pounds = [Ballot(frozenset("ab"), {"a": 100}), Ballot(frozenset("ab"), {"b": 300})]
    assert not can_be_shown(pounds)
    assert can_be_shown([*pounds, Ballot(frozenset("ab"), {})])


@st.composite
def panels(draw: st.DrawFn) -> list[Ballot]:
    some = st.frozensets(st.sampled_from("abc"))
    found = []
    for _voter in range(draw(st.integers(1, 5))):
        may = draw(some)
        found.append(Ballot(may, dict.fromkeys(sorted(draw(some) & may), 1)))
    return found


@given(panels())
def test_it_is_what_trying_every_way_to_hand_out_the_ballots_says(panel: list[Ballot]) -> None:
    ways = [
        way
        for way in permutations(range(len(panel)))
        if all(panel[at].given.keys() <= voter.may for at, voter in zip(way, panel, strict=True))
    ]
    everything = frozenset[str]().union(*(one.may for one in panel))

    def is_hidden(voter: int) -> bool:
        left = {way[voter] for way in ways}
        kinds = {tuple(panel[at].given) for at in left}
        return len(left) >= LEAST and (panel[voter].may == everything or len(kinds) > 1)

    assert can_be_shown(panel) == all(is_hidden(voter) for voter in range(len(panel)))
