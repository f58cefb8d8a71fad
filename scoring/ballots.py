"""From a panel's ballots to an order, each place with its reason. Ring-fences bind when the order is awarded.

Who has a tie with an application has no vote on it, so it is measured by those who may vote: 4 of 6 is as
good as 6 of 9. Applications that nobody may vote on have no place; the panel talks about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from scoring.records import InvalidInput
from scoring.voting import Completion, Election, Lot, Outcome, Project, Utility, completed


class PlaceCode(StrEnum):
    """Why it stands where it stands."""

    BOUGHT = "bought"
    BOUGHT_IN_RING_FENCE = "bought_in_ring_fence"
    ADDED_BY_VOTES = "added_by_votes"
    NOT_ENOUGH_LEFT = "not_enough_left"
    VOTES = "votes"
    POUNDS = "pounds"
    ON_SHORTLIST = "on_shortlist"
    NOT_ON_SHORTLIST = "not_on_shortlist"


@dataclass(frozen=True)
class Place:
    """`numbers`: votes, or pence. `drawn_from`: it was level with who has this place (drawn first); 0: none.

    `after_draw`: level with nobody, but a draw between others changed what was left for it.
    """

    id: str
    place: int
    code: PlaceCode
    numbers: tuple[tuple[str, int], ...] = ()
    ring_fence: str = ""
    drawn_from: int = 0
    after_draw: bool = False

    def number(self, name: str) -> int:
        """Raises KeyError when the reason has no such number."""
        return dict(self.numbers)[name]

    def as_data(self) -> dict[str, object]:
        data: dict[str, object] = {"code": self.code.value, "numbers": dict(self.numbers)}
        if self.ring_fence:
            data["ring_fence"] = self.ring_fence
        if self.drawn_from:
            data["drawn_from"] = self.drawn_from
        if self.after_draw:
            data["after_draw"] = True
        return data


@dataclass(frozen=True)
class Ballot:
    """`may`: what the voter has no tie with. `given`: 1 for an approval, or pence."""

    may: frozenset[str]
    given: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.given.keys() <= self.may:
            raise InvalidInput("ballot", "unknown")
        if any(number < 1 for number in self.given.values()):
            raise InvalidInput("ballot", "out_of_range")


@dataclass(frozen=True)
class Protected:
    """Money that is for these projects first."""

    key: str  # of a ring-fence; never empty
    members: frozenset[str]
    pence: int


@dataclass(frozen=True)
class Support:
    """What it was given, of what those who may vote on it could have given: votes, or pence."""

    given: int
    possible: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.given, self.possible)


def support_of(ballots: Sequence[Ballot], most: Mapping[str, int]) -> dict[str, Support]:
    """`most`: what one voter could give it: 1 vote, or pence. In this order."""
    return {
        each: Support(
            sum(one.given.get(each, 0) for one in ballots), worth * sum(each in one.may for one in ballots)
        )
        for each, worth in most.items()
    }


def votes_of(ballots: Sequence[Ballot], ids: Iterable[str]) -> dict[str, Support]:
    """Of what somebody may vote on, in this order."""
    return _supported(ballots, dict.fromkeys(ids, 1))


def _supported(ballots: Sequence[Ballot], most: Mapping[str, int]) -> dict[str, Support]:
    """Of what somebody may vote on, in this order."""
    return {each: one for each, one in support_of(ballots, most).items() if one.possible}


def by_votes(ballots: Sequence[Ballot], order: Sequence[str]) -> tuple[Place, ...]:
    """Most approved of those who may vote first. `order`: as drawn, for equal ones."""
    support = votes_of(ballots, order)
    return _placed(support, lambda each: (support[each].share,), _voted(PlaceCode.VOTES, support))


def by_pounds(ballots: Sequence[Ballot], projects: Sequence[Project], pot_pence: int) -> tuple[Place, ...]:
    """What they gave, of what those who may vote could have given: so large requests have no advantage."""
    cost = {one.id: one.pence for one in projects}
    for ballot in ballots:
        if sum(ballot.given.values()) > pot_pence:
            raise InvalidInput("ballot", "more_than_the_pot")
        if any(pence > cost.get(each, 0) for each, pence in ballot.given.items()):
            raise InvalidInput("ballot", "more_than_asked")
    support = _supported(ballots, cost)
    return _placed(support, lambda each: (support[each].share,), _voted(PlaceCode.POUNDS, support))


def shortlist(votes: Mapping[str, Support], least: Fraction) -> frozenset[str]:
    """Those approved by at least this part of those who may vote.

    A number of places would tell somebody with a tie that one of them is taken; this rule looks at each
    application alone.
    """
    if not 0 < least <= 1:
        raise InvalidInput("least", "out_of_range")
    return frozenset(each for each, one in votes.items() if one.share >= least)


def by_two_steps(
    first: Mapping[str, Support], second: Sequence[Ballot], chosen: frozenset[str], order: Sequence[str]
) -> tuple[Place, ...]:
    """The shortlist by votes of the second step, then of the first; the others below by the first.

    `first`: votes of the first step, of what somebody may vote on.
    """
    before = {each: first[each] for each in order if each in first}
    after = votes_of(second, [each for each in order if each in chosen])

    def key(each: str) -> tuple[Fraction, ...]:
        if each in after:
            return Fraction(1), after[each].share, before[each].share
        return Fraction(0), before[each].share

    def reason(each: str) -> tuple[PlaceCode, dict[str, int], str]:
        votes = {"votes": before[each].given, "of": before[each].possible}
        if each not in after:
            return PlaceCode.NOT_ON_SHORTLIST, votes, ""
        now = {"votes": after[each].given, "of": after[each].possible}
        return PlaceCode.ON_SHORTLIST, now | {"first": votes["votes"], "first_of": votes["of"]}, ""

    known = {each: one for each, one in before.items() if each not in chosen or each in after}
    return _placed(known, key, reason)


def by_equal_shares(
    ballots: Sequence[Ballot],
    projects: Sequence[Project],
    budget_pence: int,
    completion: Completion,
    *,
    protected: Sequence[Protected] = (),
    step_pence: int = 1,
) -> tuple[Place, ...]:
    """What the voters buy, in the order of buying; then the others by votes. `projects`: as drawn.

    The rule runs on each protected pot with its members first, less what earlier pots bought for them; then
    on the rest with what is unspent. All of it runs again with the order turned: what differs was drawn.
    """
    known = tuple(protected)
    places = _by_equal_shares(ballots, projects, budget_pence, completion, known, step_pence)
    turned = _by_equal_shares(ballots, projects[::-1], budget_pence, completion, known, step_pence)
    other = {one.id: one for one in turned}
    return tuple(
        one if one.drawn_from or _is_same(one, other[one.id]) else replace(one, after_draw=True)
        for one in places
    )


def _is_same(one: Place, other: Place) -> bool:
    """`drawn_from` is the place of another one."""
    return replace(one, drawn_from=0) == replace(other, drawn_from=0)


def _by_equal_shares(
    ballots: Sequence[Ballot],
    projects: Sequence[Project],
    budget_pence: int,
    completion: Completion,
    protected: tuple[Protected, ...],
    step_pence: int,
) -> tuple[Place, ...]:
    cost = {one.id: one.pence for one in projects}
    support = votes_of(ballots, [one.id for one in projects])
    open_ones = [one for one in projects if one.id in support]
    approved = {str(number): frozenset(one.given) for number, one in enumerate(ballots)}
    bought: dict[str, tuple[PlaceCode, dict[str, int], str]] = {}
    left, last, lots = budget_pence, Outcome((), 0), list[Lot]()
    for pot in (*protected, Protected("", frozenset(support), 0)):
        inside = [one for one in open_ones if one.id in pot.members and one.id not in bought]
        names = {one.id for one in inside}
        votes = {voter: ballot & names for voter, ballot in approved.items()}
        has = sum(cost[each] for each in bought if each in pot.members)
        election = Election(tuple(inside), votes, max(0, min(pot.pence - has, left) if pot.key else left))
        last = completed(election, Utility.COST, completion, step_pence)
        left -= last.spent_pence
        lots += last.lots
        bought |= {each: _bought(each, last, support, pot.key) for each in last.winners}

    places = {each: at for at, each in enumerate(bought)}
    purses = _left_over(ballots, last, bought)

    def key(each: str) -> tuple[Fraction, ...]:
        if each in places:
            return Fraction(1), Fraction(-places[each])
        return Fraction(0), support[each].share

    def reason(each: str) -> tuple[PlaceCode, dict[str, int], str]:
        if each in bought:
            return bought[each]
        votes = {"votes": support[each].given, "of": support[each].possible}
        return PlaceCode.NOT_ENOUGH_LEFT, votes | {"left": int(purses.get(each, 0))}, ""

    return _with_lots(_placed(support, key, reason), lots)


def _with_lots(places: tuple[Place, ...], lots: Sequence[Lot]) -> tuple[Place, ...]:
    """The first lot in which it was level counts: who won it stands at `drawn_from`."""
    at = {one.id: one.place for one in places}
    drawn: dict[str, int] = {}
    for lot in lots:
        for each in (lot.first, *lot.level):
            drawn.setdefault(each, at[lot.first])
    return tuple(replace(one, drawn_from=drawn.get(one.id, one.drawn_from)) for one in places)


def _bought(
    each: str, outcome: Outcome, support: Mapping[str, Support], fence: str
) -> tuple[PlaceCode, dict[str, int], str]:
    votes = {"votes": support[each].given, "of": support[each].possible}
    paid = [one.pence for one in outcome.payments if one.project == each]
    if not paid:
        return PlaceCode.ADDED_BY_VOTES, votes, fence
    code = PlaceCode.BOUGHT_IN_RING_FENCE if fence else PlaceCode.BOUGHT
    return code, votes | {"most_paid": int(max(paid))}, fence


def _left_over(ballots: Sequence[Ballot], last: Outcome, bought: Iterable[str]) -> dict[str, Fraction]:
    """What supporters of each refused project had left together, when the last pot was used."""
    spent: dict[frozenset[str], Fraction] = {}
    for one in last.payments:
        spent[one.ballot] = spent.get(one.ballot, Fraction(0)) + one.pence
    earlier = set(bought) - set(last.winners)
    left: dict[str, Fraction] = {}
    for ballot in ballots:
        purse = last.purse - spent.get(frozenset(ballot.given) - earlier, Fraction(0))
        for each in ballot.given:
            left[each] = left.get(each, Fraction(0)) + purse
    return left


def _voted(
    code: PlaceCode, support: Mapping[str, Support]
) -> Callable[[str], tuple[PlaceCode, dict[str, int], str]]:
    return lambda each: (code, {"votes": support[each].given, "of": support[each].possible}, "")


def _placed(
    support: Mapping[str, Support],
    key: Callable[[str], tuple[Fraction, ...]],
    reason: Callable[[str], tuple[PlaceCode, dict[str, int], str]],
) -> tuple[Place, ...]:
    """The greater key first; equal ones in the order of `support`, which was drawn."""
    order = sorted(support, key=key, reverse=True)  # stable, so equal ones stay as they are
    keys = [key(each) for each in order]
    places: list[Place] = []
    for at, each in enumerate(order):
        code, numbers, fence = reason(each)
        drawn_from = 0
        if at and keys[at] == keys[at - 1]:
            drawn_from = places[-1].drawn_from
        elif keys[at] in keys[at + 1 : at + 2]:
            drawn_from = at + 1
        places.append(Place(each, at + 1, code, tuple(sorted(numbers.items())), fence, drawn_from))
    return tuple(places)
