"""How often an application is on the list when scores move within their uncertainty."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.allocation import AwardProblem, NoList, propose
from scoring.engine import Search

SAFE = Fraction(95, 100)
OUT = Fraction(5, 100)


@dataclass(frozen=True)
class Uncertain:
    """A score and its standard error, on the same scale."""

    score: Fraction
    standard_error: float


@dataclass(frozen=True)
class Stability:
    """`chances` by application; `draws` that had a list at all."""

    chances: Mapping[str, Fraction]
    draws: int

    def is_grey(self, application: str) -> bool:
        """Neither on nearly every list nor on nearly none."""
        return OUT < self.chances[application] < SAFE


def stability(
    problem: AwardProblem,
    scores: Mapping[str, Uncertain],
    *,
    draws: int,
    seed: int,
    search: Search | None = None,
) -> Stability:
    """Draw scores, rank again, propose again. The same seed gives the same figures everywhere.

    Candidates without a score keep their place at the end. Must-funds and exclusions stay.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret
    counted = dict.fromkeys((one.id for one in problem.candidates), 0)
    with_list = 0
    for _draw in range(draws):
        drawn = _draw_order(problem, scores, chance)
        try:
            awards = propose(drawn, search).awards
        except NoList:
            continue
        with_list += 1
        for award in awards:
            counted[award] += 1
    return Stability({key: Fraction(times, max(with_list, 1)) for key, times in counted.items()}, with_list)


def _draw_order(
    problem: AwardProblem, scores: Mapping[str, Uncertain], chance: random.Random
) -> AwardProblem:
    """The same candidates in the order of drawn scores; equal ones stay as they are ranked."""
    drawn = {
        one.id: float(scores[one.id].score) + chance.gauss(0.0, scores[one.id].standard_error)
        for one in problem.candidates
        if one.id in scores
    }
    order = sorted(problem.candidates, key=lambda one: -drawn.get(one.id, float("-inf")))
    return replace(problem, candidates=tuple(order))


def place_needed(problem: AwardProblem, application: str, search: Search | None = None) -> int | None:
    """The lowest place in the ranking (1 is the first) at which it would be funded; None: at none.

    Moving up never loses an award, so halving finds it.
    """
    (one,) = [each for each in problem.candidates if each.id == application]
    others = [each for each in problem.candidates if each.id != application]

    def is_funded_at(place: int) -> bool:
        order = (*others[: place - 1], one, *others[place - 1 :])
        return application in propose(replace(problem, candidates=order), search).awards

    own = problem.candidates.index(one) + 1
    if not is_funded_at(1):
        return None
    low, high = 1, own  # funded at low
    while low < high:
        middle = (low + high + 1) // 2
        if is_funded_at(middle):
            low = middle
        else:
            high = middle - 1
    return low
