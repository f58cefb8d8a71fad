"""When no list keeps all rules: the fewest rules that exclude each other, and what would repair it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scoring.allocation import AwardProblem
from scoring.engine import Highs, Search
from scoring.exact import Role, Row
from scoring.merit import MeritOrder

LARGEST_SEARCHED = 3  # sets up to this size are tried one by one; larger ones only cannot spare any rule


@dataclass(frozen=True)
class Repair:
    """Changing this rule alone, by `by` pence (or awards), makes a list possible: `awards` is one."""

    rule: str
    by: int
    awards: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """No rule of `rules` can be left out: without any one of them a list exists."""

    rules: tuple[str, ...]
    is_smallest: bool  # proved that no smaller set of rules is in conflict
    repairs: tuple[Repair, ...]  # the cheapest first


def conflict_of(problem: AwardProblem, search: Search | None = None) -> Conflict | None:
    """None when a list exists. Raises NotProved on time-out."""
    search = search or Highs()
    rows = problem.rows()
    if _is_possible(problem, rows, search):
        return None
    rules = _without_spare(problem, list(rows), search)
    is_smallest = len(rules) == 1
    for size in range(1, min(len(rules), LARGEST_SEARCHED + 1)):
        smaller = next(
            (each for each in combinations(rows, size) if not _is_possible(problem, each, search)), None
        )
        if smaller is not None:
            rules, is_smallest = list(smaller), True
            break
        is_smallest = size == len(rules) - 1
    repairs = [repair for row in rules if (repair := _repair(problem, rows, row, search))]
    repairs.sort(key=lambda each: (each.by, each.rule))
    return Conflict(tuple(row.name for row in rules), is_smallest, tuple(repairs))


def _is_possible(problem: AwardProblem, rows: Sequence[Row], search: Search) -> bool:
    if not rows:
        return True
    return not MeritOrder(rows, len(problem.candidates), problem.locked, problem.kept_out, search).start()


def _without_spare(problem: AwardProblem, rows: list[Row], search: Search) -> list[Row]:
    """Leave out one rule after the other as long as the conflict stays; the budget is tried last."""
    for row in sorted(rows, key=lambda each: each.role is Role.BUDGET):
        rest = [each for each in rows if each is not row]
        if not _is_possible(problem, rest, search):
            rows = rest
    return rows


def _repair(problem: AwardProblem, rows: Sequence[Row], row: Row, search: Search) -> Repair | None:
    """The least by which this rule must give way when all others stay; None when that does not help."""
    others = [each for each in rows if each is not row]
    if not _is_possible(problem, others, search):
        return None
    coefficients = np.array([each.coefficients for each in rows], dtype=np.int64)
    fixed = {*problem.locked, *problem.kept_out}
    places = [place for place in range(len(problem.candidates)) if place not in fixed]
    bounds = np.array([each.bound for each in rows], dtype=np.int64)
    left = bounds - coefficients[:, problem.locked].sum(axis=1)
    at = [number for number, each in enumerate(rows) if each is row]
    chosen = sorted(
        [*problem.locked, *(places[one] for one in search.nearest(coefficients[:, places], left, at))]
    )
    missed = int(row.coefficients[chosen].sum()) - row.bound
    unit = row.part if row.role is not Role.FLOOR else (row.part - row.whole) or row.part
    awards = tuple(problem.candidates[place].id for place in chosen)
    return Repair(row.name, max(0, -(-missed // unit)), awards)
