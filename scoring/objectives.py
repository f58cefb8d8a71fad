"""Other ways to choose a list than merit order, with what they are worth and a bound no list can pass.

They are alternatives with a warning: the sum of scores pays for many small requests before few good large
ones (docs/decisions/0003-merit-order.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scoring.allocation import AwardProblem, NoList, why_no_list_of
from scoring.engine import Highs, NotProved, Search
from scoring.exact import Role, Row, Whole, broken_rows

VALUE = ":value"
PARTS_OF_A_PRICE = 2**20
MOST_CANDIDATES_FOR_TIES = 200  # deciding among equal lists asks the solver again for each candidate


class Objective(StrEnum):
    MERIT_ORDER = "merit_order"
    SUM_OF_SCORES = "sum_of_scores"
    SCORE_TIMES_POUNDS = "score_times_pounds"


@dataclass(frozen=True)
class BestList:
    """`bound` is proved by whole-number arithmetic alone; `is_best` is what the solver proved."""

    awards: tuple[str, ...]
    value: int
    bound: int
    is_best: bool
    ties_decided: bool  # among lists of the same value this one comes first in merit order
    weights: tuple[
        tuple[str, int], ...
    ] = ()  # of the rows, in parts of PARTS_OF_A_PRICE: the proof of the bound


def best_list(
    problem: AwardProblem, scores: Sequence[int], objective: Objective, search: Search | None = None
) -> BestList:
    """The list worth most; `scores` are whole numbers in the order of the candidates.

    Raises NoList when none keeps all rules, NotProved when the time ends without any list.
    """
    search = search or Highs()
    rows, values = problem.rows(), values_of(problem, scores, objective)
    free = _Free(problem, rows)
    found = search.best(free.columns, free.left, values[free.places])
    if found is None:
        raise NoList(why_no_list_of(problem, search))
    chosen = sorted([*problem.locked, *(free.places[at] for at in found.chosen)])
    if broken_rows(rows, chosen):
        raise NotProved
    weights = _weights(rows, free, values, search)
    value, bound = int(values[chosen].sum()), _bound(rows, values, weights, free)
    ties_decided = False
    if found.is_proved and len(rows[0].coefficients) <= MOST_CANDIDATES_FOR_TIES:
        chosen, ties_decided = _first_in_merit_order(problem, rows, values, value, chosen, search)
    awards = tuple(problem.candidates[place].id for place in chosen)
    return BestList(awards, value, max(bound, value), found.is_proved, ties_decided, weights)


def values_of(problem: AwardProblem, scores: Sequence[int], objective: Objective) -> Whole:
    """What each candidate is worth: its score, or its score times its pence."""
    values = np.array(scores, dtype=np.int64)
    if objective is Objective.SCORE_TIMES_POUNDS:
        values = values * np.array([one.pence for one in problem.candidates], dtype=np.int64)
    return values


class _Free:
    """What the must-funds leave: open places, their columns, and the rest of each bound."""

    def __init__(self, problem: AwardProblem, rows: Sequence[Row]) -> None:
        coefficients = np.array([row.coefficients for row in rows], dtype=np.int64)
        self.locked = problem.locked
        fixed = {*problem.locked, *problem.kept_out}
        self.places = [place for place in range(len(problem.candidates)) if place not in fixed]
        self.columns = coefficients[:, self.places]
        bounds = np.array([row.bound for row in rows], dtype=np.int64)
        self.left = bounds - coefficients[:, self.locked].sum(axis=1)


def bound_of(problem: AwardProblem, scores: Sequence[int], search: Search | None = None) -> int:
    """No list has a larger sum of scores. Close in practice; sound whatever the solver says."""
    rows = problem.rows()
    free = _Free(problem, rows)
    values = values_of(problem, scores, Objective.SUM_OF_SCORES)
    return _bound(rows, values, _weights(rows, free, values, search or Highs()), free)


def _weights(rows: Sequence[Row], free: _Free, values: Whole, search: Search) -> tuple[tuple[str, int], ...]:
    prices = search.prices(free.columns, free.left, values[free.places])
    whole = np.floor(prices * PARTS_OF_A_PRICE)
    return tuple((row.name, int(one)) for row, one in zip(rows, whole, strict=True) if one > 0)


def _bound(rows: Sequence[Row], values: Whole, weights: Sequence[tuple[str, int]], free: _Free) -> int:
    """Sound for any weights: weights x bounds, and what each candidate is worth above its price."""
    by_name = dict(weights)
    price = [0] * len(free.places)
    total: int = 0
    for row, column, left in zip(rows, free.columns.tolist(), free.left.tolist(), strict=True):
        if weight := by_name.get(row.name, 0):
            total += weight * left
            price = [before + weight * one for before, one in zip(price, column, strict=True)]
    own = values[free.places].tolist()
    total += sum(max(0, PARTS_OF_A_PRICE * one - each) for one, each in zip(own, price, strict=True))
    return int(values[free.locked].sum()) + int(total) // PARTS_OF_A_PRICE


def _first_in_merit_order(
    problem: AwardProblem, rows: tuple[Row, ...], values: Whole, value: int, chosen: list[int], search: Search
) -> tuple[list[int], bool]:
    """Of all lists of this value the one that merit order would take, unless that is not proved in time."""
    worth = Row(VALUE, Role.FLOOR, -values, -value, rows[0].everything, by_number=True)
    order = problem.order((*rows, worth), search)
    try:
        if order.start():
            return chosen, False
        return [decision.place for decision in order.decisions() if decision.is_funded], True
    except NotProved:
        return chosen, False
