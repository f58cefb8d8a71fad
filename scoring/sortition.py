"""A panel drawn by lot with quotas: everybody's chance as equal as the quotas allow, and a draw to repeat.

People with the same answers are one kind. A panel is how many of each kind sit on it; the mix of such
panels is chosen so that the smallest chance is as large as it can be, then the next smallest, and so on
(leximin: Flanigan, Gölz, Gupta, Hennig, Procaccia, Nature 596, 2021).
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np

from scoring.engine import SECONDS, NotProved
from scoring.lottery import drawn_order, lottery_numbers
from scoring.program import NO_LIMIT, Answer, Program, Real, Status
from scoring.records import InvalidInput

TICKETS = 1_000_000  # a panel's probability is a whole number of these
NEARLY = 1e-7  # of a chance; less than one ticket
ROUNDS = 2_000

Counts = tuple[int, ...]  # how many of each kind sit on a panel


@dataclass(frozen=True)
class Quota:
    """Of those whose answer to `feature` is `value`, so many at least and at most."""

    feature: str
    value: str
    least: int
    most: int


class QuotasImpossible(Exception):
    """No panel keeps them all. `changes`: by how much single limits would have to give way, the fewest."""

    def __init__(self, changes: tuple[tuple[Quota, int], ...]) -> None:
        super().__init__(f"{len(changes)} quotas")
        self.changes = changes


@dataclass(frozen=True)
class PanelLottery:
    """What is drawn from: panels with their tickets, and so each person's chance. Nothing is secret in it."""

    kinds: tuple[tuple[str, ...], ...]  # ids of the people of each kind
    panels: tuple[tuple[Counts, int], ...]  # with tickets, together TICKETS

    @property
    def chances(self) -> Mapping[str, Fraction]:
        found = {}
        for at, people in enumerate(self.kinds):
            seats = sum(counts[at] * tickets for counts, tickets in self.panels)
            for person in people:
                found[person] = Fraction(seats, TICKETS * len(people))
        return found

    def draw(self, seed: bytes) -> tuple[str, ...]:
        """The ticket is the seed's number of the word "panel"; within a kind the drawn order counts."""
        ticket = lottery_numbers(seed, ["panel"])["panel"] % TICKETS
        counts, _ = self.panels[bisect(list(accumulate(tickets for _, tickets in self.panels)), ticket)]
        drawn: list[str] = []
        for people, seats in zip(self.kinds, counts, strict=True):
            drawn += drawn_order(seed, people)[:seats]
        return tuple(sorted(drawn))


def panel_lottery(pool: Mapping[str, Mapping[str, str]], quotas: Sequence[Quota], size: int) -> PanelLottery:
    """`pool`: each person's answers by feature. Raises QuotasImpossible and NotProved."""
    if size < 1 or any(not 0 <= one.least <= one.most for one in quotas):
        raise InvalidInput("quotas", "out_of_range")
    kinds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    features = sorted({one.feature for one in quotas})
    for person in sorted(pool):
        kinds[tuple(pool[person].get(each, "") for each in features)].append(person)
    listed = [kinds[key] for key in sorted(kinds)]
    panels = _Panels([len(one) for one in listed], _rows(sorted(kinds), features, quotas), size)
    mix = _leximin(panels)
    return PanelLottery(tuple(tuple(one) for one in listed), _in_tickets(mix))


def _rows(
    kinds: Sequence[tuple[str, ...]], features: Sequence[str], quotas: Sequence[Quota]
) -> list[tuple[Quota, list[int]]]:
    """The kinds that each quota counts."""
    return [
        (quota, [at for at, kind in enumerate(kinds) if kind[features.index(quota.feature)] == quota.value])
        for quota in quotas
    ]


@dataclass(frozen=True)
class _Panels:
    people: list[int]  # of each kind
    rows: list[tuple[Quota, list[int]]]
    size: int

    def best(self, prices: Real) -> Counts:
        """The panel whose seats are worth most. Raises QuotasImpossible and NotProved."""
        program = Program(-prices, np.array(self.people, dtype=np.float64), whole=len(self.people))
        program.add_row(range(len(self.people)), lowest=self.size, highest=self.size)
        for quota, kinds in self.rows:
            program.add_row(kinds, lowest=quota.least, highest=quota.most)
        answer = _solve(program)
        if answer.status is Status.NONE:
            raise QuotasImpossible(self.changes())
        return tuple(round(value) for value in answer.values)

    def changes(self) -> tuple[tuple[Quota, int], ...]:
        """The cheapest way out: seats by which quotas would have to be missed, together the fewest."""
        count, missing = len(self.people), 2 * len(self.rows)
        program = Program(
            np.concatenate([np.zeros(count), np.ones(missing)]),
            np.concatenate([np.array(self.people, dtype=np.float64), np.full(missing, float(self.size))]),
            whole=count + missing,
        )
        program.add_row(range(count), lowest=self.size, highest=self.size)
        for at, (quota, kinds) in enumerate(self.rows):
            under, over = count + 2 * at, count + 2 * at + 1
            ones = np.ones(len(kinds))
            program.add_row([*kinds, under], np.append(ones, 1.0), lowest=quota.least)
            program.add_row([*kinds, over], np.append(ones, -1.0), highest=quota.most)
        answer = _solve(program)
        if answer.status is Status.NONE:  # fewer people than seats: no quota is to blame
            return ()
        short = [round(value) for value in answer.values[count:]]
        return tuple(
            (quota, short[2 * at] - short[2 * at + 1])
            for at, (quota, _) in enumerate(self.rows)
            if short[2 * at] or short[2 * at + 1]
        )


def _leximin(panels: _Panels) -> list[tuple[Counts, float]]:
    """Raises the smallest chance, keeps those that cannot rise, and goes on with the others."""
    count = len(panels.people)
    known = [panels.best(np.zeros(count))]
    kept: dict[int, float] = {}
    while len(kept) < count:
        for _round in range(ROUNDS):
            chance, weights, prices, worth = _smallest(panels, known, kept)
            found = panels.best(prices / np.array(panels.people))
            gain = float(np.dot(prices / np.array(panels.people), found))
            if found in known or gain <= worth + NEARLY:
                break
            known.append(found)
        else:
            raise NotProved
        rising = [at for at in range(count) if at not in kept]
        tight = [at for at in rising if prices[at] > NEARLY] or rising
        kept |= dict.fromkeys(tight, chance)
    return [(one, float(weight)) for one, weight in zip(known, weights, strict=True)]


def _smallest(
    panels: _Panels, known: Sequence[Counts], kept: Mapping[int, float]
) -> tuple[float, Real, Real, float]:
    """Of a mix of known panels: the smallest chance of a kind not kept yet, the weights, and what a seat of
    each kind is worth; a panel that is worth more than the last number makes the mix better.
    """
    number = len(known)
    cost = np.zeros(number + 1)
    cost[number] = -1.0
    program = Program(cost, np.append(np.full(number, NO_LIMIT), 1.0))
    program.add_row(range(number), lowest=1.0, highest=1.0)
    for kind, people in enumerate(panels.people):
        chances = np.array([one[kind] / people for one in known])
        if kind in kept:
            program.add_row(range(number), chances, lowest=kept[kind] - NEARLY / 10)
        else:
            program.add_row(range(number + 1), np.append(chances, -1.0), lowest=0.0)
    answer = _solve(program)
    prices = np.asarray(np.maximum(answer.prices[1:], 0.0), dtype=np.float64)
    return float(answer.values[number]), answer.values[:number], prices, float(-answer.prices[0])


def _solve(program: Program) -> Answer:
    answer = program.solve(SECONDS)
    if answer.status is Status.NOT_KNOWN:
        raise NotProved
    return answer


def _in_tickets(mix: Sequence[tuple[Counts, float]]) -> tuple[tuple[Counts, int], ...]:
    """Whole tickets, those with the largest rest rounded up; without panels that have none."""
    total = sum(weight for _, weight in mix)
    exact = sorted((counts, weight / total * TICKETS) for counts, weight in mix)
    whole = [int(weight) for _, weight in exact]
    rest = sorted(range(len(exact)), key=lambda at: whole[at] - exact[at][1])
    for at in rest[: TICKETS - sum(whole)]:
        whole[at] += 1
    return tuple((counts, tickets) for (counts, _), tickets in zip(exact, whole, strict=True) if tickets)
