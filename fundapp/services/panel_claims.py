"""What panel members choose and ask for: how they are paid, how they read, fees and expenses.

The member asks, a second person approves or sends it back with a reason, the fund's finance pays. Nobody
decides on their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fundapp.call_file.assessment import PanelRules
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import next_status
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.panel import PanelSeat, PaperFormat
from fundapp.models.panel_claim import ClaimFor, PanelClaim
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_work import (
    DECLINED,
    TO_ORGANISATION,
    fee_of,
    fees_asked,
    find_claim_sent,
    half_days_asked,
    half_days_left,
    list_claims_of,
)
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify

RECEIPTS = frozenset({FileKind.DOCUMENT, FileKind.PICTURE})


class UnknownWay(FundError):
    """No way of payment of this call, or an organisation without its name."""

    code = "unknown_way"
    status = 400


class FeeDeclined(FundError):
    """The member does not want to be paid; this can be changed."""

    code = "fee_declined"


class FeeNotWanted(FundError):
    """The member has said no to the fee after asking for it; only they can change that."""

    code = "fee_not_wanted"


class MoreThanCounted(FundError):
    """More half days than were counted, and no word on why."""

    code = "more_than_counted"


class ExpensesNotPaid(FundError):
    """The call pays fees alone."""

    code = "expenses_not_paid"


class OwnClaim(FundError):
    """Nobody decides on what they asked for themselves."""

    code = "own_claim"


@dataclass(frozen=True)
class Wishes:
    """How a member is paid and wants to read. We ask nobody about their status."""

    pay_way: str | None
    pay_to: str = ""
    paper_format: PaperFormat = PaperFormat.SCREEN
    paper_note: str = ""


@dataclass(frozen=True)
class Expense:
    kind: ClaimFor
    amount: Decimal
    what_for: str


def wish(seat: PanelSeat, wishes: Wishes, *, actor: User, now: datetime) -> None:
    """Holds for everything that is not paid yet. Raises UnknownWay."""
    ways = definition_of(current_version(seat.panel.call)).panel.payment.way_keys
    if wishes.pay_way is not None and wishes.pay_way not in ways:
        raise UnknownWay
    if wishes.pay_way == TO_ORGANISATION and not wishes.pay_to:
        raise UnknownWay
    lock_row(PanelSeat, seat.id)
    seat.pay_way = wishes.pay_way
    seat.pay_to = wishes.pay_to if wishes.pay_way == TO_ORGANISATION else ""
    seat.paper_format, seat.paper_note = wishes.paper_format, wishes.paper_note
    chosen = {"pay_way": wishes.pay_way, "format": wishes.paper_format.value}
    record(seat, "wish", actor=actor, now=now, call_id=seat.panel.call_id, details=chosen)


def ask_fee(
    seat: PanelSeat, half_days: int, why: str, *, once: str, actor: User, now: datetime
) -> PanelClaim:
    """For so many half days; what is counted and not asked for yet needs no word.

    Raises FeeDeclined, MoreThanCounted, and NotPossibleNow where the half days before cost as much.
    """
    rules = definition_of(current_version(seat.panel.call)).panel
    lock_row(PanelSeat, seat.id)
    if (known := find_claim_sent(seat, once)) is not None:
        return known
    if seat.pay_way == DECLINED:
        raise FeeDeclined
    counted = half_days_left(seat, rules)
    if half_days > counted and not why.strip():
        raise MoreThanCounted
    claim = PanelClaim(
        seat=seat,
        kind=ClaimFor.FEE,
        amount=_fee_for(seat, half_days, rules),
        half_days=half_days,
        counted_half_days=counted,
        what_for=why.strip(),
        asked_at=now,
        once=once,
    )
    return _ask(claim, actor=actor, now=now)


def ask_expense(
    seat: PanelSeat,
    expense: Expense,
    receipt: StoredFile | None = None,
    *,
    once: str,
    actor: User,
    now: datetime,
) -> PanelClaim:
    """What taking part has cost. Raises TextNeeded, ExpensesNotPaid."""
    if not expense.what_for.strip():
        raise TextNeeded
    lock_row(PanelSeat, seat.id)
    if (known := find_claim_sent(seat, once)) is not None:
        return known
    if not definition_of(current_version(seat.panel.call)).panel.payment.with_expenses:
        raise ExpensesNotPaid
    claim = PanelClaim(
        seat=seat,
        kind=expense.kind,
        amount=expense.amount,
        what_for=expense.what_for.strip(),
        receipt=receipt,
        asked_at=now,
        once=once,
    )
    return _ask(claim, actor=actor, now=now)


def approve_claim(claim: PanelClaim, *, actor: User, now: datetime) -> None:
    """Raises OwnClaim and NotPossibleNow."""
    _lock_for_another(claim, actor)
    claim.approved_by_id = actor.id
    move(claim, "approve", actor=actor, now=now)
    _tell(claim, now)


def return_claim(claim: PanelClaim, reason: str, *, actor: User, now: datetime) -> None:
    """The member reads why, and can ask again. Raises OwnClaim, TextNeeded and NotPossibleNow."""
    _lock_for_another(claim, actor)
    if not reason.strip():
        raise TextNeeded
    claim.returned_reason, claim.approved_by_id = reason.strip(), None
    move(claim, "return", actor=actor, now=now, reason=reason.strip())
    _tell(claim, now)


def ask_claim_again(claim: PanelClaim, what_for: str, *, actor: User, now: datetime) -> None:
    """With a better word on what it is for; expenses stay the same, a fee is worked out again.

    Raises FeeDeclined, TextNeeded and NotPossibleNow.
    """
    _lock(claim)
    if not what_for.strip():
        raise TextNeeded
    if claim.kind is ClaimFor.FEE and claim.seat.pay_way == DECLINED:
        raise FeeDeclined
    next_status(claim.status, "ask_again")
    claim.what_for = what_for.strip()
    if claim.half_days is not None:
        rules = definition_of(current_version(claim.seat.panel.call)).panel
        claim.counted_half_days = half_days_left(claim.seat, rules)
        claim.amount = _fee_for(claim.seat, claim.half_days, rules)
    move(claim, "ask_again", actor=actor, now=now, details={"amount": str(claim.amount)})


def take_claim_back(claim: PanelClaim, *, actor: User, now: datetime) -> None:
    """Raises NotPossibleNow once it is approved."""
    _lock(claim)
    move(claim, "take_back", actor=actor, now=now)


def pay_claim(claim: PanelClaim, way: str, *, actor: User, now: datetime) -> None:
    """Paid in this way, which no longer changes.

    Raises OwnClaim, UnknownWay, NotPossibleNow, and FeeNotWanted where the member has said no to it since.
    """
    _lock_for_another(claim, actor)
    if claim.kind is ClaimFor.FEE and claim.seat.pay_way == DECLINED:
        raise FeeNotWanted
    if (
        way == DECLINED
        or way not in definition_of(current_version(claim.seat.panel.call)).panel.payment.way_keys
    ):
        raise UnknownWay
    claim.paid_at, claim.paid_way = now, way
    move(claim, "pay", actor=actor, now=now, details={"way": way})
    _tell(claim, now)


def _ask(claim: PanelClaim, *, actor: User, now: datetime) -> PanelClaim:
    db.session.add(claim)
    details = {"kind": claim.kind.value, "amount": str(claim.amount)}
    record(claim, "ask", actor=actor, now=now, details=details)
    return claim


def _fee_for(seat: PanelSeat, half_days: int, rules: PanelRules) -> Decimal:
    """What these half days add to the fees asked for already: two asked for one by one cost a day as well."""
    claims = list_claims_of(seat)
    amount = fee_of(half_days_asked(claims) + half_days, rules.payment) - fees_asked(claims)
    if amount <= 0:
        raise NotPossibleNow("these half days add nothing to the fee")
    return amount


def _lock(claim: PanelClaim) -> None:
    """The seat first: what its member asks for and wishes waits here."""
    lock_row(PanelSeat, claim.seat_id)
    lock_row(PanelClaim, claim.id)
    db.session.refresh(claim.seat, ["pay_way"])
    db.session.refresh(claim)


def _lock_for_another(claim: PanelClaim, actor: User) -> None:
    _lock(claim)
    if claim.seat.user_id == actor.id:
        raise OwnClaim


def _tell(claim: PanelClaim, now: datetime) -> None:
    notify(claim.seat.user, MessageKind.PANEL_CLAIM, now=now, panel_id=str(claim.seat.panel_id))
