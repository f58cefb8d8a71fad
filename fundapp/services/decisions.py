"""The panel's list of a round: taking over what the rule proposes, and moving single applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotAllowed, NotPossibleNow, StaleVersion
from fundapp.models.application import Application
from fundapp.models.award import Decision, Outcome
from fundapp.models.call import Round
from fundapp.models.user import User
from fundapp.permissions import is_conflicted
from fundapp.queries.awards import (
    Board,
    BoardLine,
    find_ratification,
    get_board,
    list_reserves,
    propose_beside,
)
from fundapp.queries.proposals import Proposed, amount_limits
from fundapp.services.events import record


class RoundIsRatified(FundError):
    """The list is signed; only the reserve list can still become awards."""

    code = "round_is_ratified"


class ReasonNeeded(FundError):
    """The panel may depart from the rule, but says why."""

    code = "reason_needed"


class AmountOutside(FundError):
    """An award outside what its strand allows, or above what the group asked for."""

    code = "amount_outside"

    def __init__(self, lowest: Decimal, highest: Decimal) -> None:
        super().__init__(f"from {lowest} to {highest}")
        self.lowest, self.highest = lowest, highest


@dataclass(frozen=True)
class Choice:
    """What the panel wants for one application. Without an amount an award is the whole request."""

    outcome: Outcome
    amount: Decimal | None = None
    is_fundable: bool = False
    reason: str = ""


def take_over_proposal(round_: Round, *, actor: User, now: datetime) -> int:
    """Put what the rule proposes on the list; what the panel moved by hand stays. How many lines changed."""
    lock_open_round(round_)
    board = get_board(round_, reader=actor)
    proposals = propose_beside(board).lines
    changed = 0
    for line in board.lines:
        proposed = proposals.get(line.application.id)
        if proposed is None or not line.is_undecided or (line.decision and line.decision.is_by_hand):
            continue
        changed += _follow(line, proposed)
    _number_reserves(board)
    record(round_, "take_over_proposal", actor=actor, now=now, details={"lines": changed})
    return changed


def decide(
    application: Application, choice: Choice, *, seen_version: int, actor: User, now: datetime
) -> Decision:
    """Move one application. Raises StaleVersion when somebody moved it after `seen_version` was shown."""
    board, line = _open_line(application, seen_version=seen_version, actor=actor)
    amount = _amount(application, choice, board)
    reason = choice.reason.strip()
    if _departs(choice, line.proposed) and not reason:
        raise ReasonNeeded
    before = line.decision.outcome.value if line.decision else None
    decision = line.decision or Decision(application=application, round=application.round)
    _set(decision, choice.outcome, amount=amount, is_fundable=choice.is_fundable)
    decision.is_by_hand, decision.reason, decision.rule_reason = True, reason, None
    db.session.add(decision)
    _number_reserves(board)
    details: Json = {"from": before, "to": choice.outcome.value, "amount": str(amount) if amount else None}
    _record(decision, "decide", actor=actor, now=now, reason=reason, details=details)
    return decision


def follow_the_rule(application: Application, *, seen_version: int, actor: User, now: datetime) -> None:
    """Take a move by hand back: the line becomes what the rule proposes."""
    board, line = _open_line(application, seen_version=seen_version, actor=actor)
    if line.decision is None or line.proposed is None:
        raise NotPossibleNow("there is nothing to take back")
    _follow(line, line.proposed)
    line.decision.is_by_hand, line.decision.reason = False, ""
    _number_reserves(board)
    _record(line.decision, "follow_the_rule", actor=actor, now=now)


def lock_open_round(round_: Round) -> None:
    """One person at a time works on the list of a round, and nobody on a signed one."""
    lock_row(Round, round_.id)
    if find_ratification(round_.id) is not None:
        raise RoundIsRatified


def _open_line(application: Application, *, seen_version: int, actor: User) -> tuple[Board, BoardLine]:
    lock_open_round(application.round)
    if is_conflicted(actor, application):
        raise NotAllowed
    board = get_board(application.round, reader=actor)
    line = board.line_of(application.id)
    if line is None or not line.is_undecided:
        raise NotPossibleNow(f"no decision about an application that is {application.status}")
    if (line.decision.version if line.decision else 0) != seen_version:
        raise StaleVersion
    return board, line


def _record(
    decision: Decision,
    step: str,
    *,
    actor: User,
    now: datetime,
    reason: str | None = None,
    details: Json | None = None,
) -> None:
    call_id = decision.application.call_id
    record(decision, step, actor=actor, now=now, reason=reason or None, call_id=call_id, details=details)


def _amount(application: Application, choice: Choice, board: Board) -> Decimal | None:
    if choice.outcome is not Outcome.AWARD:
        return None
    lowest, highest = amount_limits(application, board.definition)
    amount = highest if choice.amount is None else choice.amount
    if not lowest <= amount <= highest:
        raise AmountOutside(lowest, highest)
    return amount


def _departs(choice: Choice, proposed: Proposed | None) -> bool:
    """An award that the rule does not make, or none where it makes one. Which "no" it is, the panel knows."""
    rule_awards = proposed is not None and proposed.outcome is Outcome.AWARD
    return rule_awards != (choice.outcome is Outcome.AWARD)


def _follow(line: BoardLine, proposed: Proposed) -> bool:
    application = line.application
    decision = line.decision or Decision(application=application, round=application.round)
    before = (decision.outcome, decision.amount, decision.is_fundable, decision.rule_reason)
    _set(decision, proposed.outcome, amount=proposed.amount, is_fundable=proposed.is_fundable)
    decision.rule_reason = dict(proposed.reason)
    db.session.add(decision)
    return before != (decision.outcome, decision.amount, decision.is_fundable, decision.rule_reason)


def _set(decision: Decision, outcome: Outcome, *, amount: Decimal | None, is_fundable: bool) -> None:
    decision.outcome = outcome
    decision.amount = amount
    decision.is_fundable = is_fundable and outcome is not Outcome.AWARD
    if outcome is not Outcome.RESERVE:
        decision.reserve_position = None
    elif decision.reserve_position is None:
        decision.reserve_position = 0  # its place is given by _number_reserves


def _number_reserves(board: Board) -> None:
    """Places on the reserve list follow the ranking: nobody gets one out of turn."""
    db.session.flush()
    reserves = sorted(
        list_reserves(board.round.id), key=lambda each: board.reading.order(each.application_id)
    )
    for place, decision in enumerate(reserves, start=1):
        if decision.reserve_position != place:
            decision.reserve_position = place
