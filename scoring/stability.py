"""How often an application is on the list when scores move within their uncertainty."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from scoring.allocation import AwardProblem, is_funded
from scoring.completing import Entry, entries_of
from scoring.engine import Highs, Search
from scoring.exact import Row
from scoring.merit import MeritOrder
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
    rows, search = problem.rows(), search or Highs()
    entries = entries_of(np.array([row.coefficients for row in rows], dtype=np.int64))
    counted = [0] * len(problem.candidates)
    with_list = 0
    for _draw in range(draws):
        order = _draw_order(problem, scores, chance)
        funded = _funded(problem, rows, order, search, entries)
        if funded is None:
            continue
        with_list += 1
        for place in funded:
            counted[place] += 1
    chances = {
        one.id: Fraction(times, max(with_list, 1))
        for one, times in zip(problem.candidates, counted, strict=True)
    }
    return Stability(chances, with_list)


def _draw_order(problem: AwardProblem, scores: Mapping[str, Uncertain], chance: random.Random) -> list[int]:
    """Places of the candidates in the order of drawn scores; equal ones stay as they are ranked."""
    drawn = [
        float(scores[one.id].score) + chance.gauss(0.0, scores[one.id].standard_error)
        if one.id in scores
        else float("-inf")
        for one in problem.candidates
    ]
    return sorted(range(len(drawn)), key=lambda place: -drawn[place])


def _funded(
    problem: AwardProblem,
    rows: Sequence[Row],
    order: Sequence[int],
    search: Search,
    entries: Sequence[list[Entry]],
) -> list[int] | None:
    """The same rules with their columns in another order, and no time spent on reasons."""
    columns = np.array(order, dtype=np.int64)
    moved = [
        replace(row, coefficients=row.coefficients[columns], everything=row.everything[columns])
        for row in rows
    ]
    locked, kept_out = set(problem.locked), set(problem.kept_out)
    merit = MeritOrder(
        moved,
        len(order),
        [at for at, place in enumerate(order) if place in locked],
        [at for at, place in enumerate(order) if place in kept_out],
        search,
        room=None if problem.room_pence is None else problem.room_pence[columns],
        explains=False,
        entries=[entries[place] for place in order],
    )
    if merit.start():
        return None
    return [order[decision.place] for decision in merit.decisions() if decision.is_funded]


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
