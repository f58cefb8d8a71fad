"""Votes: real elections with known outcomes, and accounts that add up."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.records import InvalidInput
from scoring.voting import (
    Completion,
    Election,
    Outcome,
    Payment,
    Project,
    Utility,
    completed,
    equal_shares,
    greedy,
    phragmen,
)
from tests.stored_data import stored

REAL = (
    "poland_warszawa_2017_grochow-polnocny.pb",
    "poland_warszawa_2018_rejon-9.pb",
    "poland_warszawa_2019_obszar-i-nowa-praga-z-pelcowizna.pb",
    "poland_warszawa_2019_rembertow.pb",
)


def pabulib(name: str) -> Election:
    """The parts of a .pb file that a rule needs. No outcome there depends on a tie."""
    parts: dict[str, list[list[str]]] = {}
    for row in csv.reader(stored("scoring", "pabulib", name).read_text().splitlines(), delimiter=";"):
        if len(row) == 1 and row[0] in ("META", "PROJECTS", "VOTES"):
            rows = parts.setdefault(row[0], [])
        else:
            rows.append(row)
    meta = dict(row[:2] for row in parts["META"])
    projects = tuple(Project(row[0], pence(row[1])) for row in parts["PROJECTS"][1:])
    place = parts["VOTES"][0].index("vote")
    ballots = {row[0]: frozenset(row[place].split(",")) for row in parts["VOTES"][1:]}
    return Election(projects, ballots, pence(meta["budget"]))


def pence(amount: str) -> int:
    return int(Decimal(amount) * 100)


@pytest.mark.parametrize("name", REAL)
def test_real_elections_have_exactly_their_known_outcomes(name: str) -> None:
    election = pabulib(name)
    expected = json.loads(stored("scoring", "pabulib", "expected_outcomes.json").read_text())[name]

    outcomes = {
        "greedy_cost_sat": greedy(election, Utility.COST),
        "greedy_cardinality_sat": greedy(election, Utility.COUNT),
        "mes_cost_sat_nocompletion": equal_shares(election, Utility.COST),
        "mes_cardinality_sat_nocompletion": equal_shares(election, Utility.COUNT),
        "phragmen": phragmen(election),
    }

    assert (len(election.projects), len(election.ballots)) == (
        expected["projects"],
        expected["votes"],
    )
    assert {rule: sorted(outcome.winners) for rule, outcome in outcomes.items()} == expected["outcomes"]


BOTH, ONLY_A = frozenset("ab"), frozenset("a")
SMALL = Election(
    (Project("a", 60), Project("b", 30)), {"v1": ONLY_A, "v2": BOTH, "v3": BOTH, "v4": frozenset()}, 120
)


def test_equal_shares_in_a_case_to_follow_by_hand() -> None:
    # Each has 30. For b two pay 15; for a three pay 20, but two of them have only 15 left: 15 + 15 + 30.
    assert equal_shares(SMALL, Utility.COUNT) == Outcome(
        ("b", "a"),
        90,
        (
            Payment(BOTH, "b", Fraction(15)),
            Payment(ONLY_A, "a", Fraction(30)),
            Payment(BOTH, "a", Fraction(15)),
        ),
        Fraction(30),
    )
    # By cost, a pound for a costs its three supporters less than a pound for b its two.
    assert equal_shares(SMALL, Utility.COST).winners == ("a",)


def test_phragmen_in_a_case_to_follow_by_hand() -> None:
    # b is paid at time 15 by two; a at (15 + 15 + 0 + 60) / 3 = 30.
    assert phragmen(SMALL) == Outcome(("b", "a"), 90)
    assert phragmen(Election(SMALL.projects, SMALL.ballots, 80)) == Outcome(("b",), 30)


def test_ties_go_to_the_project_named_first() -> None:
    ballots = {"v1": frozenset("a"), "v2": frozenset("b")}
    first = Election((Project("a", 10), Project("b", 10)), ballots, 10)
    second = Election((Project("b", 10), Project("a", 10)), ballots, 10)

    assert [greedy(one, Utility.COUNT).winners for one in (first, second)] == [("a",), ("b",)]
    rich = Election(first.projects, {**ballots, "v3": BOTH}, 40)
    assert equal_shares(rich, Utility.COST).winners == ("a", "b")


def test_nobody_votes_and_nothing_is_offered() -> None:
    nobody = Election((Project("a", 10),), {}, 100)
    nothing = Election((), {"v": frozenset()}, 100)

    assert [equal_shares(one, Utility.COST).winners for one in (nobody, nothing)] == [(), ()]
    assert [phragmen(one).winners for one in (nobody, nothing)] == [(), ()]
    assert greedy(nothing, Utility.COST) == Outcome((), 0)


@pytest.mark.parametrize(
    ("projects", "ballot", "budget"),
    [
        ((Project("a", 1), Project("a", 2)), frozenset(), 1),
        ((Project("a", 0),), frozenset(), 1),
        ((Project("a", 1),), frozenset(), -1),
        ((Project("a", 1),), frozenset("z"), 1),
    ],
)
def test_elections_that_mean_nothing_are_refused(
    projects: tuple[Project, ...], ballot: frozenset[str], budget: int
) -> None:
    with pytest.raises(InvalidInput):
        Election(projects, {"v": ballot}, budget)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    keys = "abcd"[: draw(st.integers(1, 4))]
    projects = tuple(Project(key, draw(st.integers(1, 50))) for key in keys)
    ballots = draw(st.lists(st.frozensets(st.sampled_from(keys)), max_size=6))
    return Election(
        projects, {str(number): one for number, one in enumerate(ballots)}, draw(st.integers(0, 120))
    )


@settings(max_examples=200, deadline=None)
@given(elections(), st.sampled_from(Utility))
def test_payments_equal_the_cost_and_nobody_overspends(election: Election, utility: Utility) -> None:
    outcome = equal_shares(election, utility)
    alike = Counter(election.ballots.values())
    cost = {project.id: project.pence for project in election.projects}

    for winner in outcome.winners:
        paid = [one.pence * alike[one.ballot] for one in outcome.payments if one.project == winner]
        assert sum(paid) == cost[winner]
    for ballot in alike:
        spent = sum(one.pence for one in outcome.payments if one.ballot == ballot)
        assert spent <= Fraction(election.budget_pence, len(election.ballots))
    assert all(one.project in one.ballot for one in outcome.payments)
    assert outcome.spent_pence == sum(cost[winner] for winner in outcome.winners) <= election.budget_pence


@settings(max_examples=100, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_the_voters_never_matters(election: Election, random: Any) -> None:
    voters = list(election.ballots.items())
    random.shuffle(voters)
    shuffled = Election(election.projects, dict(voters), election.budget_pence)

    for rule in (
        phragmen,
        lambda one: equal_shares(one, Utility.COST),
        lambda one: greedy(one, Utility.COUNT),
    ):
        assert rule(election) == rule(shuffled)


def plain_equal_shares(election: Election, utility: Utility) -> list[str]:
    """Voter by voter, asking every project in every round."""
    purse = dict.fromkeys(election.ballots, Fraction(election.budget_pence, max(1, len(election.ballots))))
    winners: list[str] = []
    while True:
        offers = []
        for place, project in enumerate(election.projects):
            fans = sorted(
                (purse[one], one) for one, ballot in election.ballots.items() if project.id in ballot
            )
            if project.id in winners or sum(money for money, _ in fans) < project.pence:
                continue
            missing, share = Fraction(project.pence), Fraction(0)
            for at, (money, _) in enumerate(fans):
                share = missing / (len(fans) - at)
                if money >= share:
                    break
                missing -= money
            worth = project.pence if utility is Utility.COST else 1
            offers.append((share / worth, place, share, [one for _, one in fans]))
        if not offers:
            return winners
        _, place, share, fans_of_it = min(offers)
        for one in fans_of_it:
            purse[one] -= min(share, purse[one])
        winners.append(election.projects[place].id)


def plain_phragmen(election: Election) -> list[str]:
    """Voter by voter, with what each has earned since she last paid."""
    last = dict.fromkeys(election.ballots, Fraction(0))
    winners: list[str] = []
    left = election.budget_pence
    while True:
        times = []
        for place, project in enumerate(election.projects):
            fans = [one for one, ballot in election.ballots.items() if project.id in ballot]
            if fans and project.id not in winners and project.pence <= election.budget_pence:
                times.append(((project.pence + sum(last[one] for one in fans)) / len(fans), place, fans))
        first = min((one[0] for one in times), default=None)
        if first is None or any(election.projects[at].pence > left for when, at, _ in times if when == first):
            return winners
        _, place, fans = min(times)
        last.update(dict.fromkeys(fans, first))
        left -= election.projects[place].pence
        winners.append(election.projects[place].id)


@settings(max_examples=300, deadline=None)
@given(elections(), st.sampled_from(Utility))
def test_the_rules_give_what_counting_voter_by_voter_gives(election: Election, utility: Utility) -> None:
    assert list(equal_shares(election, utility).winners) == plain_equal_shares(election, utility)
    assert list(phragmen(election).winners) == plain_phragmen(election)


RAISED = {  # pabutools 1.2.3, method_of_equal_shares with voter_budget_increment=1
    "poland_warszawa_2017_grochow-polnocny.pb": {"1976", "2069", "22", "385", "454", "866", "908", "909"},
}


@pytest.mark.parametrize("name", sorted(RAISED))
def test_raising_the_shares_ends_where_it_is_known_to_end(name: str) -> None:
    outcome = completed(pabulib(name), Utility.COST, Completion.RAISE_SHARES, step_pence=100)

    assert set(outcome.winners) == RAISED[name]


def test_what_is_left_is_used_in_the_way_that_was_chosen() -> None:
    # Each has 30: a (40) is bought by two with 20 each, b (50) by nobody. 50 is left, and that is b's cost.
    ballots = {"v1": ONLY_A, "v2": ONLY_A, "v3": frozenset("b")}
    election = Election((Project("a", 40), Project("b", 50)), ballots, 90)

    assert equal_shares(election, Utility.COST).winners == ("a",)
    by_votes = completed(election, Utility.COST, Completion.MOST_VOTES)
    raised = completed(election, Utility.COST, Completion.RAISE_SHARES, step_pence=7)
    assert (by_votes.winners, by_votes.spent_pence, by_votes.purse) == (("a", "b"), 90, 30)
    assert (raised.winners, raised.purse) == (("a", "b"), 51)


def test_shares_are_not_raised_beyond_the_money() -> None:
    ballots = {"v1": frozenset("a"), "v2": frozenset("b"), "v3": frozenset("c")}
    election = Election((Project("a", 50), Project("b", 50), Project("c", 10)), ballots, 90)

    outcome = completed(election, Utility.COST, Completion.RAISE_SHARES)

    # With 50 each both a and b would be bought, together too much: nobody is preferred to the other.
    assert (outcome.winners, outcome.purse) == (("c",), 49)
    with pytest.raises(InvalidInput):
        completed(election, Utility.COST, Completion.RAISE_SHARES, step_pence=0)


@settings(max_examples=100, deadline=None)
@given(elections(), st.sampled_from(Completion))
def test_completing_keeps_to_the_money_and_to_what_somebody_approved(
    election: Election, completion: Completion
) -> None:
    outcome = completed(election, Utility.COST, completion)
    cost = {project.id: project.pence for project in election.projects}

    assert outcome.spent_pence == sum(cost[winner] for winner in outcome.winners) <= election.budget_pence
    assert set(outcome.winners) <= {one for ballot in election.ballots.values() for one in ballot}
    if completion is Completion.MOST_VOTES:
        assert set(equal_shares(election, Utility.COST).winners) <= set(outcome.winners)
