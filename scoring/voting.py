"""Participatory rules for calls whose co-design chose a vote. Exact; ties go to the project named first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from heapq import heappop, heappush
from math import lcm

from scoring.records import InvalidInput


class Completion(StrEnum):
    """What is done with money that equal shares leave unspent."""

    RAISE_SHARES = "raise_shares"  # everybody gets a little more, again and again, until it would be too much
    MOST_VOTES = "most_votes"  # down the list of votes, whatever still fits


class Utility(StrEnum):
    """What a voter gets from a project that was approved and is funded."""

    COST = "cost"  # its money
    COUNT = "count"  # one project


@dataclass(frozen=True)
class Project:
    id: str
    pence: int


@dataclass(frozen=True)
class Election:
    """Approval ballots by voter. The order of the projects breaks ties, so draw or agree on it beforehand."""

    projects: tuple[Project, ...]
    ballots: Mapping[str, frozenset[str]]
    budget_pence: int

    def __post_init__(self) -> None:
        known = {project.id for project in self.projects}
        if len(known) < len(self.projects):
            raise InvalidInput("projects", "twice")
        if self.budget_pence < 0 or any(project.pence <= 0 for project in self.projects):
            raise InvalidInput("pence", "out_of_range")
        if not all(ballot <= known for ballot in self.ballots.values()):
            raise InvalidInput("ballots", "unknown")

    @property
    def alike(self) -> tuple[tuple[frozenset[str], int], ...]:
        """Equal ballots with their number, in a fixed order: voters who vote alike pay alike."""
        counted = Counter(self.ballots.values())
        return tuple(sorted(counted.items(), key=lambda item: sorted(item[0])))

    @property
    def affordable(self) -> list[Project]:
        return [project for project in self.projects if project.pence <= self.budget_pence]


@dataclass(frozen=True)
class Payment:
    """What each voter with this ballot paid for a project."""

    ballot: frozenset[str]
    project: str
    pence: Fraction


@dataclass(frozen=True)
class Lot:
    """The order of the projects alone put one of them first."""

    first: str
    level: frozenset[str]  # without the first


@dataclass(frozen=True)
class Outcome:
    winners: tuple[str, ...]  # in the order in which they won
    spent_pence: int
    payments: tuple[Payment, ...] = ()
    purse: Fraction = Fraction(0)  # equal shares: what each voter had
    lots: tuple[Lot, ...] = ()  # in the order of winning


def greedy(election: Election, utility: Utility) -> Outcome:
    """Most utility for the money first; what does not fit any more is passed over."""
    votes = _votes(election)
    left, winners = election.budget_pence, []

    def utility_for_money(project: Project) -> Fraction:
        worth = project.pence if utility is Utility.COST else 1
        return Fraction(votes[project.id] * worth, project.pence)

    for project in sorted(election.projects, key=utility_for_money, reverse=True):
        if project.pence <= left:
            left -= project.pence
            winners.append(project.id)
    return Outcome(tuple(winners), election.budget_pence - left)


def equal_shares(election: Election, utility: Utility, purse: Fraction | None = None) -> Outcome:
    """Everybody gets an equal part of the budget; a project is bought by those who approved it.

    The next one is the project that costs its supporters least for what they get. Whoever has too little pays
    all there is. What is left at the end stays unspent. `purse`: what each voter has, when it is another sum.
    """
    groups = election.alike
    supporters = _supporters(election, [ballot for ballot, _ in groups])
    if purse is None:
        purse = Fraction(election.budget_pence, max(1, len(election.ballots)))
    purses = _Purses([number for _, number in groups], purse)
    winners: list[str] = []
    payments: list[Payment] = []
    lots: list[Lot] = []
    spent = 0

    def offer(place: int) -> tuple[Fraction, Fraction] | None:
        """What a supporter pays for each unit of utility, and in all; None: they have too little."""
        project = election.projects[place]
        share = purses.share_of(project.pence, supporters[project.id])
        if share is None:
            return None
        return share / (project.pence if utility is Utility.COST else 1), share

    # Prices only rise while purses empty: whoever is still the cheapest when asked again is the cheapest.
    queue = [(Fraction(0), place) for place, one in enumerate(election.projects) if supporters[one.id]]
    while queue:
        _, place = heappop(queue)
        offered = offer(place)
        if offered is None:
            continue
        price, share = offered
        if queue and (price, place) > queue[0]:
            heappush(queue, (price, place))
            continue
        project = election.projects[place]
        level = [at for known, at in queue if known <= price and (offer(at) or (None,))[0] == price]
        if level:
            lots.append(Lot(project.id, frozenset(election.projects[at].id for at in level)))
        paid = purses.take(share, supporters[project.id])
        payments += [Payment(groups[group][0], project.id, pence) for group, pence in paid]
        winners.append(project.id)
        spent += project.pence
    return Outcome(tuple(winners), spent, tuple(payments), purse, tuple(lots))


def completed(election: Election, utility: Utility, completion: Completion, step_pence: int = 1) -> Outcome:
    """Equal shares, and then what is left; `step_pence`: so much more for every voter at a time."""
    if step_pence < 1:
        raise InvalidInput("step_pence", "out_of_range")
    found = equal_shares(election, utility)
    if completion is Completion.MOST_VOTES:
        return _with_most_votes(election, found)
    while not _is_exhausted(election, found):
        more = equal_shares(election, utility, found.purse + step_pence)
        if more.spent_pence > election.budget_pence:
            break
        found = more
    return found


def _is_exhausted(election: Election, outcome: Outcome) -> bool:
    """Nothing that somebody approved still fits."""
    votes, left = _votes(election), election.budget_pence - outcome.spent_pence
    return not any(
        one.pence <= left for one in election.projects if votes[one.id] and one.id not in outcome.winners
    )


def _with_most_votes(election: Election, outcome: Outcome) -> Outcome:
    votes, left, winners = _votes(election), election.budget_pence - outcome.spent_pence, [*outcome.winners]
    lots = [*outcome.lots]
    waiting = [one for one in election.projects if votes[one.id] and one.id not in winners]
    waiting.sort(key=lambda one: -votes[one.id])
    for at, project in enumerate(waiting):
        if project.pence > left:
            continue
        others = [
            one for one in waiting[at + 1 :] if votes[one.id] == votes[project.id] and one.pence <= left
        ]
        if others:
            lots.append(Lot(project.id, frozenset(one.id for one in others)))
        left -= project.pence
        winners.append(project.id)
    spent = election.budget_pence - left
    return Outcome(tuple(winners), spent, outcome.payments, outcome.purse, tuple(lots))


def _supporters(election: Election, ballots: Sequence[frozenset[str]]) -> dict[str, list[int]]:
    """Of each project the places of the ballots that approve it."""
    found: dict[str, list[int]] = {project.id: [] for project in election.projects}
    for place, ballot in enumerate(ballots):
        for project in ballot:
            found[project].append(place)
    return found


class _Purses:
    """What voters of each group have left, in whole parts of a penny.

    Few groups differ, so each belongs to a class; class 0 has nothing left.
    """

    def __init__(self, voters: Sequence[int], purse: Fraction) -> None:
        self.voters = voters  # by group
        self.parts, self.values = purse.denominator, [0, purse.numerator]
        self.class_of = [1] * len(voters)

    def share_of(self, pence: int, groups: Sequence[int]) -> Fraction | None:
        """The pence x with which min(x, purse) of all these voters is the cost; None: too little."""
        numbers: dict[int, int] = defaultdict(int)
        for group in groups:
            numbers[self.class_of[group]] += self.voters[group]
        missing, paying = pence * self.parts, sum(numbers.values())
        for money, number in sorted((self.values[one], number) for one, number in numbers.items()):
            if money * paying >= missing:
                return Fraction(missing, paying * self.parts)
            missing -= money * number
            paying -= number
        return None

    def take(self, share: Fraction, groups: Sequence[int]) -> list[tuple[int, Fraction]]:
        """From each of these groups the share, or all there is: what its voters paid."""
        self._divide(lcm(self.parts, share.denominator) // self.parts)
        most = share.numerator * (self.parts // share.denominator)
        paid: dict[int, Fraction] = {}
        after: dict[int, int] = {}
        for one in {self.class_of[group] for group in groups}:
            left = self.values[one] - most
            paid[one] = share if left >= 0 else Fraction(self.values[one], self.parts)
            after[one] = len(self.values) if left > 0 else 0
            self.values += [left] if left > 0 else []
        taken = [(group, paid[self.class_of[group]]) for group in groups]
        for group in groups:
            self.class_of[group] = after[self.class_of[group]]
        return taken

    def _divide(self, finer: int) -> None:
        self.parts *= finer
        self.values = [value * finer for value in self.values]


def phragmen(election: Election) -> Outcome:
    """Every voter earns at the same pace; a project is bought when its supporters have its cost.

    It ends when the next project to be bought does not fit the budget.
    """
    earnings = _Earnings(election)
    open_projects = [project for project in election.affordable if earnings.supporters[project.id]]
    winners, spent = [], 0
    while open_projects:
        times = [earnings.enough_for(project) for project in open_projects]
        first = min(times)
        next_ones = [project for project, time in zip(open_projects, times, strict=True) if time == first]
        if any(spent + project.pence > election.budget_pence for project in next_ones):
            break
        project = next_ones[0]
        earnings.pay(project, first)
        winners.append(project.id)
        spent += project.pence
        open_projects = [one for one in open_projects if one is not project]
    return Outcome(tuple(winners), spent)


class _Earnings:
    """Each voter earns a penny in a unit of time; times and money are counted in whole parts of it."""

    def __init__(self, election: Election) -> None:
        alike = Counter(election.ballots.values())
        self.ballots, self.voters = list(alike), list(alike.values())
        self.supporters = _supporters(election, self.ballots)
        self.votes = _votes(election)
        self.parts = 1
        self.times = [0]  # the start, then each payment
        self.last = [0] * len(self.ballots)  # when they last paid, as a place in `times`
        self.spent = dict.fromkeys(self.supporters, 0)  # what the supporters of each have spent, together

    def enough_for(self, project: Project) -> Fraction:
        """When its supporters have its cost, in parts."""
        return Fraction(self.spent[project.id] + project.pence * self.parts, self.votes[project.id])

    def pay(self, project: Project, time: Fraction) -> None:
        """Its supporters have spent all that they earned until this time, in parts."""
        self._divide(time.denominator)
        now = time.numerator
        earned = [now - before for before in self.times]
        for group in self.supporters[project.id]:
            together = self.voters[group] * earned[self.last[group]]
            for each in self.ballots[group]:
                self.spent[each] += together
            self.last[group] = len(self.times)
        self.times.append(now)

    def _divide(self, finer: int) -> None:
        self.parts *= finer
        self.times = [time * finer for time in self.times]
        self.spent = {each: money * finer for each, money in self.spent.items()}


def _votes(election: Election) -> Counter[str]:
    return Counter(project for ballot in election.ballots.values() for project in ballot)
