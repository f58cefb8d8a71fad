"""Awards in merit order with protected ring-fences: exact, explained, and checkable by arithmetic.

Go down the ranking; fund an application if and only if the awards already made plus this one can still be
completed to a list that keeps the budget and every ring-fence (docs/decisions/0003-merit-order.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.engine import Highs, Search
from scoring.exact import Row, Whole, rows_of
from scoring.explain import short_of, why_no_list, why_not
from scoring.merit import Decision, MeritOrder, Obstacle
from scoring.reasons import Reason, ReasonCode
from scoring.records import Candidate, InvalidInput, LedgerLine, Pot, RingFence


class NoList(Exception):
    """No list keeps all rules; the reasons name what is short."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason.code for reason in reasons))


@dataclass(frozen=True)
class ProposalLine:
    application: str
    is_funded: bool
    pence: int  # what was asked for; with room above it the least
    reason: Reason


@dataclass(frozen=True)
class Proposal:
    """One line for each application, in the order of the ranking."""

    lines: tuple[ProposalLine, ...]
    awarded_pence: int
    left_pence: int

    @property
    def awards(self) -> tuple[str, ...]:
        return tuple(line.application for line in self.lines if line.is_funded)

    def line(self, application: str) -> ProposalLine:
        """Raises KeyError for an application that was not in the ranking."""
        return {line.application: line for line in self.lines}[application]

    def as_data(self) -> dict[str, object]:
        return {
            "awarded_pence": self.awarded_pence,
            "left_pence": self.left_pence,
            "lines": [
                {
                    "application": line.application,
                    "is_funded": line.is_funded,
                    "pence": line.pence,
                    "reason": line.reason.as_data(),
                }
                for line in self.lines
            ],
        }

    @property
    def digest(self) -> str:
        """The same proposal has the same SHA-256 everywhere."""
        text = json.dumps(self.as_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class AwardProblem:
    """What a proposal is made from. `candidates` come in the order of the ranking."""

    candidates: tuple[Candidate, ...]
    ring_fences: tuple[RingFence, ...]
    pot: Pot
    ledger: tuple[LedgerLine, ...] = ()  # awards already made, in this round or before
    must_fund: frozenset[str] = frozenset()
    must_not_fund: frozenset[str] = frozenset()
    exclusions: tuple[frozenset[str], ...] = ()  # of each set at most one
    count_claimed: bool = False  # what-if: as though every claim were confirmed
    room: tuple[int, ...] = ()  # pence each candidate may get above its amount; (): nobody more

    def __post_init__(self) -> None:
        ids = {one.id for one in self.candidates}
        if len(ids) < len(self.candidates):
            raise InvalidInput("candidates", "twice")
        if not self.must_fund | self.must_not_fund <= ids:
            raise InvalidInput("must_fund", "unknown")
        if self.must_fund & self.must_not_fund:
            raise InvalidInput("must_fund", "both")
        if any(len(each) < 2 or not each <= ids for each in self.exclusions):
            raise InvalidInput("exclusions", "unknown")
        if self.room and len(self.room) != len(self.candidates):
            raise InvalidInput("room", "not_one_for_each")

    def rows(self) -> tuple[Row, ...]:
        return rows_of(
            self.candidates,
            self.ring_fences,
            self.ledger,
            self.pot,
            exclusions=self.exclusions,
            count_claimed=self.count_claimed,
        )

    def order(self, rows: Sequence[Row], search: Search) -> MeritOrder:
        """With these of its rows, ready to be started."""
        size = len(self.candidates)
        return MeritOrder(rows, size, self.locked, self.kept_out, search, room=self.room_pence)

    @property
    def room_pence(self) -> Whole | None:
        return np.array(self.room, dtype=np.int64) if any(self.room) else None

    @property
    def locked(self) -> list[int]:
        """Places of those that must be funded."""
        return [place for place, one in enumerate(self.candidates) if one.id in self.must_fund]

    @property
    def kept_out(self) -> list[int]:
        return [place for place, one in enumerate(self.candidates) if one.id in self.must_not_fund]


def propose(problem: AwardProblem, search: Search | None = None) -> Proposal:
    """The one best list in merit order. Raises NoList when none keeps all rules, NotProved on time-out."""
    rows = problem.rows()
    order = problem.order(rows, search or Highs())
    if obstacles := order.start():
        raise NoList(_why_no_list(rows, order, obstacles))
    lines = tuple(_line(problem, rows, decision) for decision in order.decisions())
    awarded = sum(line.pence for line in lines if line.is_funded)
    return Proposal(lines, awarded, rows[0].bound - awarded)


def awards_of(problem: AwardProblem, search: Search | None = None) -> tuple[str, ...]:
    """The awards of `propose` without the reasons, for questions asked many times over. Raises as it does."""
    return tuple(problem.candidates[place].id for place in _started(problem, search).funded())


def is_funded(problem: AwardProblem, application: str, search: Search | None = None) -> bool:
    """Whether `propose` funds it; nobody ranked below is looked at. Raises as `propose` does."""
    place = next(at for at, one in enumerate(problem.candidates) if one.id == application)
    decisions = _started(problem, search).decisions()
    return next(one.is_funded for one in decisions if one.place == place)


def _started(problem: AwardProblem, search: Search | None) -> MeritOrder:
    rows = problem.rows()
    order = problem.order(rows, search or Highs())
    if obstacles := order.start():
        raise NoList(_why_no_list(rows, order, obstacles))
    return order


def why_no_list_of(problem: AwardProblem, search: Search) -> tuple[Reason, ...]:
    """What keeps any list from existing; () when there is one."""
    rows = problem.rows()
    order = problem.order(rows, search)
    obstacles = order.start()
    return _why_no_list(rows, order, obstacles) if obstacles else ()


def _why_no_list(
    rows: tuple[Row, ...], order: MeritOrder, obstacles: tuple[Obstacle, ...]
) -> tuple[Reason, ...]:
    if any(obstacle.weights for obstacle in obstacles):
        return why_no_list(rows, obstacles)
    return short_of(rows, order.nearest_misses())


def _line(problem: AwardProblem, rows: tuple[Row, ...], decision: Decision) -> ProposalLine:
    one = problem.candidates[decision.place]
    if decision.obstacle is not None:
        reason = why_not(rows, decision.obstacle, decision.place, decision.above)
    else:
        code = ReasonCode.FUNDED
        if one.id in problem.must_fund:
            code = ReasonCode.MUST_FUND
        elif one.id in problem.must_not_fund:
            code = ReasonCode.KEPT_OUT
        reason = Reason(code, numbers=(("above", decision.above), ("asked", one.pence)))
    return ProposalLine(one.id, decision.is_funded, one.pence, reason)
