"""Awards from the reserve list, when money is free again after a list was signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from fundapp.db import db
from fundapp.errors import FundError, NotAllowed, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Outcome
from fundapp.models.user import User
from fundapp.permissions import is_conflicted
from fundapp.queries.awards import Board, get_board, list_reserves
from fundapp.queries.call_money import parts_of, pence, purpose_of
from fundapp.queries.exclusions import excluded_by_awards
from fundapp.queries.ledger import shares_of
from fundapp.queries.proposals import amount_limits
from fundapp.services.decisions import AmountOutside
from fundapp.services.grant_offers import make_award
from fundapp.services.ratification import lock_call_and_round
from fundapp.services.releases import tell_decision
from scoring.consequences import worsened_by
from scoring.reasons import Reason
from scoring.records import LedgerLine


class MoneyIsGone(FundError):
    """The award would pass the budget or break a ring-fence; `reasons` says which."""

    code = "money_is_gone"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("the award does not fit")
        self.reasons = tuple(reasons)


class ExcludedByOther(FundError):
    """A group has an award already with which this one cannot go together."""

    code = "excluded_by_other"


def award_from_reserve(
    application: Application, *, amount: Decimal | None, actor: User, now: datetime
) -> Award:
    """Money is free again: the group becomes a grantee. Raises MoneyIsGone, AmountOutside, NotPossibleNow."""
    round_ = application.round
    lock_call_and_round(round_)
    if is_conflicted(actor, application):
        raise NotAllowed
    board = get_board(round_, reader=actor)
    line = board.line_of(application.id)
    if board.ratification is None or line is None or line.decision is None:
        raise NotPossibleNow("only a signed reserve list can become awards")
    if line.application.status is not ApplicationStatus.RESERVE:
        raise NotPossibleNow(f"cannot award from {line.application.status}")
    others = [one.application for one in board.all_lines]
    if excluded_by_awards([line.application], others, board.setting):
        raise ExcludedByOther
    lowest, highest = amount_limits(application, board.definition)
    sum_ = highest if amount is None else amount
    if not lowest <= sum_ <= highest:
        raise AmountOutside(lowest, highest)
    if broken := _broken_by(application, sum_, board):
        raise MoneyIsGone(broken)
    award = make_award(application, sum_, board.definition, actor=actor, now=now)
    decision = line.decision
    decision.outcome, decision.amount, decision.reserve_position = Outcome.AWARD, sum_, None
    db.session.flush()
    for place, other in enumerate(list_reserves(round_.id), start=1):
        other.reserve_position = place
    if board.ratification.released_at is not None:
        tell_decision(application, now=now, once="reserve")
    return award


def _broken_by(application: Application, amount: Decimal, board: Board) -> tuple[Reason, ...]:
    """What this award breaks or makes worse. What is missed already does not stop an award that mends it."""
    setting = board.setting
    parts = parts_of(application, pence(amount))
    shares = shares_of(parts, purpose_of(application), setting.money.groups, setting.definition)
    line = LedgerLine(str(application.id), pence(amount), shares)
    return worsened_by(line, setting.rules, setting.ledger, setting.pot)
