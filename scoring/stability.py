"""How often an application is on the list when scores move within their uncertainty."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.allocation import AwardProblem, is_funded
from scoring.engine import Highs, Search
from scoring.records import Candidate

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
    merit = problem.order(problem.rows(), search or Highs())
    means = [_mean_and_error(scores.get(one.id)) for one in problem.candidates]
    counted = [0] * len(problem.candidates)
    with_list = 0
    for _draw in range(draws):
        order = _draw_order(means, chance)
        drawn = merit.in_order(order)
        if drawn.start():
            continue
        with_list += 1
        for place in drawn.funded():
            counted[order[place]] += 1
    chances = {
        one.id: Fraction(times, max(with_list, 1))
        for one, times in zip(problem.candidates, counted, strict=True)
    }
    return Stability(chances, with_list)


def _mean_and_error(score: Uncertain | None) -> tuple[float, float] | None:
    return None if score is None else (float(score.score), score.standard_error)


def _draw_order(means: Sequence[tuple[float, float] | None], chance: random.Random) -> list[int]:
    """Places of the candidates in the order of drawn scores; equal ones stay as they are ranked."""
    drawn = [float("-inf") if one is None else one[0] + chance.gauss(0.0, one[1]) for one in means]
    return sorted(range(len(drawn)), key=drawn.__getitem__, reverse=True)


def place_needed(problem: AwardProblem, application: str, search: Search | None = None) -> int | None:
    """The lowest place in the ranking (1 is the first) at which it would be funded; None: at none.

    Moving up never loses an award, so halving finds it.
    """
    (one,) = [each for each in problem.candidates if each.id == application]
    others = [each for each in problem.candidates if each.id != application]

    rooms = dict(zip((each.id for each in problem.candidates), problem.room, strict=False))

    def room_of(order: Sequence[Candidate]) -> tuple[int, ...]:
        return tuple(rooms[each.id] for each in order) if rooms else ()

    def is_funded_at(place: int) -> bool:
        order = (*others[: place - 1], one, *others[place - 1 :])
        return is_funded(replace(problem, candidates=order, room=room_of(order)), application, search)

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
