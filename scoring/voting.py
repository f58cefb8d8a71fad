"""Participatory rules for calls whose co-design chose a vote. Exact; ties go to the project named first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.records import InvalidInput


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
class Outcome:
    winners: tuple[str, ...]  # in the order in which they won
    spent_pence: int
    payments: tuple[Payment, ...] = ()


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


def equal_shares(election: Election, utility: Utility) -> Outcome:
    """Everybody gets an equal part of the budget; a project is bought by those who approved it.

    The next one is the project that costs its supporters least for what they get. Whoever has too little pays
    all there is. What is left at the end stays unspent.
    """
    groups = election.alike
    purse = [Fraction(election.budget_pence, max(1, len(election.ballots))) for _ in groups]
    winners: list[str] = []
    payments: list[Payment] = []
    open_projects, spent = election.affordable, 0
    while True:
        best: tuple[Fraction, Fraction, Project] | None = None
        for project in open_projects:
            share = _largest_payment(project, groups, purse)
            if share is None:
                continue
            price = share / (project.pence if utility is Utility.COST else 1)
            if best is None or price < best[0]:
                best = (price, share, project)
        if best is None:
            return Outcome(tuple(winners), spent, tuple(payments))
        _, share, project = best
        for place, (ballot, _) in enumerate(groups):
            if project.id in ballot:
                paid = min(share, purse[place])
                purse[place] -= paid
                payments.append(Payment(ballot, project.id, paid))
        winners.append(project.id)
        spent += project.pence
        open_projects = [one for one in open_projects if one is not project]


def _largest_payment(
    project: Project, groups: Sequence[tuple[frozenset[str], int]], purse: Sequence[Fraction]
) -> Fraction | None:
    """The payment x with which min(x, purse) of all supporters is the cost; None: too little."""
    supporters = sorted(
        (purse[at], number) for at, (ballot, number) in enumerate(groups) if project.id in ballot
    )
    missing, paying = Fraction(project.pence), sum(number for _, number in supporters)
    for money, number in supporters:
        if money * paying >= missing:
            return missing / paying
        missing -= money * number
        paying -= number
    return None


def phragmen(election: Election) -> Outcome:
    """Every voter earns at the same pace; a project is bought when its supporters have its cost.

    It ends when the next project to be bought does not fit the budget.
    """
    groups, votes = election.alike, _votes(election)
    load = [Fraction(0) for _ in groups]
    open_projects = [project for project in election.affordable if votes[project.id]]
    winners, spent = [], 0
    while open_projects:
        times = {project.id: _time(project, groups, load, votes) for project in open_projects}
        first = min(times.values())
        next_ones = [project for project in open_projects if times[project.id] == first]
        if any(spent + project.pence > election.budget_pence for project in next_ones):
            break
        project = next_ones[0]
        for place, (ballot, _) in enumerate(groups):
            if project.id in ballot:
                load[place] = first
        winners.append(project.id)
        spent += project.pence
        open_projects = [one for one in open_projects if one is not project]
    return Outcome(tuple(winners), spent)


def _time(
    project: Project,
    groups: Sequence[tuple[frozenset[str], int]],
    load: Sequence[Fraction],
    votes: Mapping[str, int],
) -> Fraction:
    spent = sum(
        (load[at] * number for at, (ballot, number) in enumerate(groups) if project.id in ballot), Fraction(0)
    )
    return (spent + project.pence) / votes[project.id]


def _votes(election: Election) -> Counter[str]:
    return Counter(project for ballot in election.ballots.values() for project in ballot)
