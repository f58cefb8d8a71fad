"""From ballots to an order: cases to follow by hand, and what must hold for every panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ballots import (
    Ballot,
    Place,
    PlaceCode,
    Protected,
    by_equal_shares,
    by_pounds,
    by_two_steps,
    by_votes,
    shortlist,
    votes_of,
)
from scoring.records import InvalidInput
from scoring.voting import Completion, Election, Project, Utility, equal_shares

ALL = frozenset("abcd")


def yes(given_to: str, may: str = "abcd") -> Ballot:
    return Ballot(frozenset(may), dict.fromkeys(given_to, 1))


def order_of(places: Sequence[Place]) -> str:
    return "".join(one.id for one in places)


def test_who_may_not_vote_is_not_counted_as_a_no() -> None:
    # a: 2 of 3; b: 1 of 1, because two have a tie with it.
    places = by_votes([yes("ab"), yes("a", "acd"), yes("", "acd")], "abcd")

    assert order_of(places) == "bacd"
    assert places[0] == Place("b", 1, PlaceCode.VOTES, (("of", 1), ("votes", 1)))
    assert places[1].as_data() == {"code": "votes", "numbers": {"votes": 2, "of": 3}}
    assert places[1].number("of") == 3
    assert [one.drawn_from for one in places] == [0, 0, 3, 3]


def test_equal_results_stand_as_drawn_and_say_so() -> None:
    places = by_votes([yes("ac"), yes("ca")], "dcba")

    assert order_of(places) == "cadb"
    assert places[0].as_data() == {"code": "votes", "numbers": {"votes": 2, "of": 2}, "drawn_from": 1}


def test_what_nobody_may_vote_on_has_no_place() -> None:
    assert order_of(by_votes([yes("a", "a")], "ab")) == "a"
    assert by_votes([], "ab") == ()
    assert by_pounds([], [Project("a", 10)], 100) == ()


def test_pounds_are_measured_by_what_could_have_been_given() -> None:
    projects = [Project("a", 100), Project("b", 20)]
    ballots = [Ballot(frozenset("ab"), {"a": 60, "b": 20}), Ballot(frozenset("a"), {"a": 80})]

    places = by_pounds(ballots, projects, 100)

    # b got all it could get: 20 of 20 from the one who may vote; a 140 of 200.
    assert order_of(places) == "ba"
    assert places[1].numbers == (("of", 200), ("votes", 140))


@pytest.mark.parametrize(
    ("given_to", "why"),
    [({"a": 101}, "more_than_asked"), ({"a": 90, "b": 20}, "more_than_the_pot")],
)
def test_nobody_gives_more_than_there_is_or_than_was_asked(given_to: dict[str, int], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        by_pounds([Ballot(frozenset("ab"), given_to)], [Project("a", 100), Project("b", 20)], 105)


@pytest.mark.parametrize(("may", "given_to"), [("a", {"b": 1}), ("ab", {"b": 0})])
def test_a_ballot_is_about_what_its_voter_may_vote_on(may: str, given_to: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        Ballot(frozenset(may), given_to)


def test_the_shortlist_looks_at_each_application_alone() -> None:
    # a: 3 of 3; b: 2 of 3; c: 1 of 2, because one has a tie with it.
    ballots = [yes("abc"), yes("ab"), yes("a", "abd")]

    assert shortlist(votes_of(ballots, "abcd"), Fraction(1, 2)) == {"a", "b", "c"}
    assert shortlist(votes_of(ballots, "abcd"), Fraction(2, 3)) == {"a", "b"}
    assert shortlist(votes_of([], "abcd"), Fraction(1, 2)) == frozenset()
    with pytest.raises(InvalidInput):
        shortlist(votes_of(ballots, "abcd"), Fraction(0))


def test_the_second_step_decides_and_the_first_comes_before_the_lot() -> None:
    first = [yes("abc"), yes("ab"), yes("ac"), yes("bd")]
    second = [yes("bc", "abc"), yes("bc", "abc"), yes("ab", "abc")]

    places = by_two_steps(votes_of(first, "dcba"), second, frozenset("abc"), "dcba")

    assert order_of(places) == "bcad"
    assert places[0].as_data() == {
        "code": "on_shortlist",
        "numbers": {"votes": 3, "of": 3, "first": 3, "first_of": 4},
    }
    assert places[3].as_data() == {"code": "not_on_shortlist", "numbers": {"votes": 1, "of": 4}}
    # Nobody of the second step may vote on c: the panel talks about it.
    assert (
        order_of(by_two_steps(votes_of(first, "dcba"), [yes("b", "ab")], frozenset("abc"), "dcba")) == "bad"
    )


def test_place_says_when_a_draw_between_others_changed_what_was_left_for_it() -> None:
    place = Place("a", 2, PlaceCode.NOT_ENOUGH_LEFT, (("left", 5),), after_draw=True)

    assert place.as_data() == {"code": "not_enough_left", "numbers": {"left": 5}, "after_draw": True}


PROJECTS = (Project("a", 60), Project("b", 30), Project("c", 30), Project("d", 40))


def test_equal_shares_come_in_the_order_of_buying_and_each_place_says_why() -> None:
    # Three have 40 each: two buy a with 30 each and keep 10; one buys d with 40. b would need 30, and its
    # supporters have 20. Either costs two voters one half of what it is worth, so a lot put a first.
    ballots = [yes("ab"), yes("ab"), yes("d")]

    places = by_equal_shares(ballots, PROJECTS, 120, Completion.MOST_VOTES)

    assert order_of(places) == "adbc"
    assert [one.as_data() for one in places] == [
        {"code": "bought", "numbers": {"votes": 2, "of": 3, "most_paid": 30}, "drawn_from": 1},
        {"code": "bought", "numbers": {"votes": 1, "of": 3, "most_paid": 40}},
        {"code": "not_enough_left", "numbers": {"votes": 2, "of": 3, "left": 20}, "drawn_from": 1},
        {"code": "not_enough_left", "numbers": {"votes": 0, "of": 3, "left": 0}},
    ]


def test_what_is_added_by_votes_says_so() -> None:
    places = by_equal_shares([yes("ab"), yes("ab"), yes("d")], PROJECTS, 150, Completion.MOST_VOTES)

    # Each has 50: a leaves two with 20 each; together 40, enough for b at 15 each. Then d.
    assert order_of(places) == "abdc"
    few = by_equal_shares([yes("a"), yes("d")], (PROJECTS[0], PROJECTS[3]), 100, Completion.MOST_VOTES)
    assert [(one.id, one.code) for one in few] == [("d", PlaceCode.BOUGHT), ("a", PlaceCode.ADDED_BY_VOTES)]


def test_the_protected_pot_comes_first_and_what_is_unspent_goes_on() -> None:
    ballots = [yes("ab"), yes("ab"), yes("c", "bcd")]
    pot = Protected("G", frozenset("c"), 45)

    places = by_equal_shares(ballots, PROJECTS, 120, Completion.RAISE_SHARES, protected=[pot])

    # Of the pot each has 15; that is raised until c is bought by its only supporter.
    assert places[0].as_data() == {
        "code": "bought_in_ring_fence",
        "numbers": {"votes": 1, "of": 3, "most_paid": 30},
        "ring_fence": "G",
    }
    # 90 are left: a is bought with 30 each, and b with what raising adds.
    assert order_of(places) == "cabd"


def test_a_pot_inside_another_one_counts_what_that_one_bought() -> None:
    ballots = [yes("c"), yes("cd"), yes("b")]
    pots = [Protected("WIDE", frozenset("cd"), 90), Protected("NARROW", frozenset("bc"), 40)]

    places = by_equal_shares(ballots, PROJECTS, 120, Completion.MOST_VOTES, protected=pots)

    # 90 for c and d: c is bought, d added. Of the 40 for b and c 30 are used, too little for b; it comes from
    # the rest, where one supporter alone has too little, by votes.
    assert [(one.id, one.ring_fence) for one in places] == [
        ("c", "WIDE"),
        ("d", "WIDE"),
        ("b", ""),
        ("a", ""),
    ]


@st.composite
def panels(draw: st.DrawFn) -> list[Ballot]:
    ballots = []
    for _voter in range(draw(st.integers(0, 5))):
        may = draw(st.frozensets(st.sampled_from("abcd")))
        ballots.append(
            Ballot(
                may,
                dict.fromkeys(
                    sorted(draw(st.frozensets(st.sampled_from(sorted(may) or "x")))) if may else (), 1
                ),
            )
        )
    return ballots


def all_rules(ballots: list[Ballot], order: str = "abcd") -> list[tuple[Place, ...]]:
    projects = sorted(PROJECTS, key=lambda one: order.index(one.id))
    chosen = shortlist(votes_of(ballots, order), Fraction(1, 2))
    second = [Ballot(one.may & chosen, {key: 1 for key in one.given if key in chosen}) for one in ballots]
    pots = [Protected("G", frozenset("cd"), 40)]
    return [
        by_votes(ballots, order),
        by_pounds(ballots, projects, 10),
        by_two_steps(votes_of(ballots, order), second, chosen, order),
        by_equal_shares(ballots, projects, 100, Completion.MOST_VOTES),
        by_equal_shares(ballots, projects, 100, Completion.RAISE_SHARES, protected=pots),
    ]


@settings(max_examples=60, deadline=None)
@given(panels(), st.randoms(use_true_random=False))
def test_voters_are_equal_and_everybody_has_one_place(ballots: list[Ballot], random: object) -> None:
    votable = sorted({key for one in ballots for key in one.may})

    for places, mirrored in zip(all_rules(ballots), all_rules(ballots[::-1]), strict=True):
        assert places == mirrored
        assert sorted(one.id for one in places) == votable
        assert [one.place for one in places] == list(range(1, len(places) + 1))


def test_money_for_one_of_two_that_cost_their_voters_the_same_is_drawn_and_both_say_so() -> None:
    twins, ballots = (Project("b", 30), Project("c", 30)), [yes("bc"), yes("bc")]

    places = by_equal_shares(ballots, twins, 40, Completion.MOST_VOTES)

    assert [(one.id, one.code, one.drawn_from) for one in places] == [
        ("b", PlaceCode.BOUGHT, 1),
        ("c", PlaceCode.NOT_ENOUGH_LEFT, 1),
    ]
    other = by_equal_shares(ballots, twins[::-1], 40, Completion.MOST_VOTES)
    assert [(one.id, one.drawn_from) for one in other] == [("c", 1), ("b", 1)]


def test_what_a_draw_between_others_changes_says_so() -> None:
    # Each has 20; b and c cost three of them 13.33 each. The third supporter of b has too little for d then.
    projects = (Project("b", 40), Project("c", 40), Project("d", 15))
    ballots = [yes("bc"), yes("bc"), yes("bd"), yes("c")]

    found = [
        by_equal_shares(ballots, order, 80, Completion.MOST_VOTES) for order in (projects, projects[::-1])
    ]

    assert [order_of(places) for places in found] == ["bcd", "cdb"]
    assert [{one.id: (one.drawn_from, one.after_draw) for one in places} for places in found] == [
        {"b": (1, False), "c": (1, False), "d": (0, True)}
    ] * 2


@settings(max_examples=60, deadline=None)
@given(panels())
def test_other_seed_changes_only_what_says_that_it_was_drawn(ballots: list[Ballot]) -> None:
    for places, turned in zip(all_rules(ballots), all_rules(ballots, "dcba"), strict=True):
        other = {one.id: one for one in turned}
        for one in places:
            if not (one.drawn_from or one.after_draw):
                assert one == replace(other[one.id], drawn_from=0, after_draw=False)


@settings(max_examples=60, deadline=None)
@given(panels())
def test_who_is_first_among_those_drawn_together_was_drawn_first(ballots: list[Ballot]) -> None:
    for places in all_rules(ballots):
        at = {one.place: one.id for one in places}
        assert all(at[one.drawn_from] <= one.id for one in places if one.drawn_from)


@settings(max_examples=60, deadline=None)
@given(panels())
def test_somebody_with_a_tie_changes_nothing_where_they_have_no_vote(ballots: list[Ballot]) -> None:
    """Votes for an application are the same with and without a voter who may not vote on it."""
    before = {one.id: one.numbers for one in by_votes(ballots, "abcd")}
    after = {one.id: one.numbers for one in by_votes([*ballots, yes("b", "bcd")], "abcd")}

    assert before.get("a") == after.get("a")


@settings(max_examples=60, deadline=None)
@given(panels(), st.sampled_from("abcd"))
def test_one_more_vote_never_makes_a_place_worse(ballots: list[Ballot], key: str) -> None:
    voters = [at for at, one in enumerate(ballots) if key in one.may and key not in one.given]
    if not voters:
        return
    more = [*ballots]
    more[voters[0]] = Ballot(more[voters[0]].may, {**more[voters[0]].given, key: 1})

    def place(found: Sequence[Place]) -> int:
        return next(one.place for one in found if one.id == key)

    for rule in (0, 1):
        assert place(all_rules(more)[rule]) <= place(all_rules(ballots)[rule])
    before, after = (shortlist(votes_of(one, "abcd"), Fraction(1, 2)) for one in (ballots, more))
    assert before <= after <= before | {key}


@settings(max_examples=60, deadline=None)
@given(panels())
def test_without_ring_fences_those_who_buy_are_those_of_the_rule(ballots: list[Ballot]) -> None:
    votable = [one for one in PROJECTS if any(one.id in ballot.may for ballot in ballots)]
    election = Election(
        tuple(votable), {str(at): frozenset(one.given) for at, one in enumerate(ballots)}, 100
    )

    places = by_equal_shares(ballots, PROJECTS, 100, Completion.MOST_VOTES)

    bought = tuple(one.id for one in places if one.code is PlaceCode.BOUGHT)
    assert bought == equal_shares(election, Utility.COST).winners
    cost = {one.id: one.pence for one in PROJECTS}
    funded = [one.id for one in places if one.code is not PlaceCode.NOT_ENOUGH_LEFT]
    assert sum(cost[key] for key in funded) <= 100
