"""Why no list keeps all the rules: the fewest rules that exclude each other, and the cheapest way out."""

from __future__ import annotations

from dataclasses import dataclass

from fundapp.queries.awards import Board, kept_by_hand
from fundapp.queries.proposals import award_problem, part_limits
from scoring.amounts import at_floors
from scoring.conflicts import conflict_of
from scoring.engine import NotProved
from scoring.exact import Role, Row


@dataclass(frozen=True)
class NamedRule:
    """`ring_fence` and `tag` are empty for the money and for applications that exclude each other."""

    role: Role
    ring_fence: str
    tag: str
    by_number: bool


@dataclass(frozen=True)
class WayOut:
    """If this rule alone gave way by so many pence, or awards, there would be a list of `awards` awards."""

    rule: NamedRule
    by: int
    awards: int


@dataclass(frozen=True)
class RuleConflict:
    rules: tuple[NamedRule, ...]
    is_smallest: bool  # proved that no fewer rules are in conflict
    ways_out: tuple[WayOut, ...]  # the cheapest first
    kept: int  # lines moved by hand, which stay as they are


def conflict_on(board: Board) -> RuleConflict | None:
    """With what the panel moved by hand; None when there is a list, or nothing could be proved in time."""
    kept = kept_by_hand(board)
    if board.ratification is not None or not (board.no_list or kept):
        return None
    applications = [line.application for line in board.undecided]
    problem = award_problem(applications, board.reading, board.setting, kept)
    if limits := part_limits(problem, applications, board.definition, kept=kept):
        problem = at_floors(problem, limits)
    try:
        found = conflict_of(problem)
    except NotProved:
        return None
    if found is None:
        return None
    rows = {row.name: _named(row) for row in problem.rows()}
    return RuleConflict(
        tuple(rows[name] for name in found.rules),
        found.is_smallest,
        tuple(WayOut(rows[one.rule], one.by, len(one.awards)) for one in found.repairs),
        len(problem.must_fund) + len(problem.must_not_fund),
    )


def _named(row: Row) -> NamedRule:
    return NamedRule(row.role, row.ring_fence, row.tag, row.by_number)
