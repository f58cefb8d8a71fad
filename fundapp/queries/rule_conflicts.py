"""Why no list keeps all the rules: the fewest rules that exclude each other, and the cheapest way out."""

from __future__ import annotations

from dataclasses import dataclass

from fundapp.models.award import Must
from fundapp.queries.awards import Board, kept_by_hand
from fundapp.queries.proposals import award_problem, part_limits
from scoring.amounts import at_floors
from scoring.conflicts import MUST_FUND, MUST_NOT_FUND, conflict_of
from scoring.engine import NotProved
from scoring.exact import Role, Row


@dataclass(frozen=True)
class NamedRule:
    """`ring_fence` and `tag` are empty for the money and for applications that exclude each other.

    Or a mark on one application: then there is no role. `group` is its name, "" for who must not read it.
    """

    role: Role | None
    ring_fence: str = ""
    tag: str = ""
    by_number: bool = False
    must: Must | None = None
    group: str = ""


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
        marks = {str(key) for key in board.setting.marks.keys() - kept.keys()}
        found = conflict_of(problem, marks=marks)
    except NotProved:
        return None
    if found is None:
        return None
    rows = {row.name: _named(row) for row in problem.rows()} | _marks(board)
    return RuleConflict(
        tuple(rows[name] for name in found.rules),
        found.is_smallest,
        tuple(WayOut(rows[one.rule], one.by, len(one.awards)) for one in found.repairs),
        len(kept),
    )


def _marks(board: Board) -> dict[str, NamedRule]:
    found = {}
    for line in board.undecided:
        if must := board.setting.marks.get(line.application.id):
            is_hidden = line.application.id in board.hidden
            name = (MUST_FUND if must is Must.FUND else MUST_NOT_FUND) + str(line.application.id)
            group = "" if is_hidden else line.application.organisation.name
            found[name] = NamedRule(None, must=must, group=group)
    return found


def _named(row: Row) -> NamedRule:
    return NamedRule(row.role, row.ring_fence, row.tag, row.by_number)
