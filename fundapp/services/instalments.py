"""Payments of a grant: planned, due after the conversation, approved by one person, paid by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from fundapp.call_file.definition import CallDefinition
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotAllowed
from fundapp.lifecycles import RUNNING_GRANTS, SETTLED_PAYMENTS, InstalmentStatus
from fundapp.models.award import Award, Instalment
from fundapp.models.user import User
from fundapp.months import months_later
from fundapp.queries.award_checks import payments_that_wait
from fundapp.queries.bank_accounts import payee_of
from fundapp.queries.payment_batches import find_live_line, is_on_its_way
from fundapp.services.events import move, record


class SamePerson(NotAllowed):
    """Who approves a payment does not pay it."""

    code = "same_person"


class NotPayable(FundError):
    """No payment leaves before the agreement is accepted, or after the grant has ended."""

    code = "not_payable"


class ChecksHoldPayment(FundError):
    """The call lets payments wait for a check or a late condition, and one is open."""

    code = "checks_hold_payment"


class InABatch(FundError):
    """It stands in a batch for the bank, which says by itself whether it was paid."""

    code = "in_a_batch"


class NoBankAccount(FundError):
    """Nothing is paid before the account is checked, in the days to object, or while a change waits."""

    code = "no_bank_account"


def plan_instalments(
    award: Award, definition: CallDefinition, *, starts_on: date, now: datetime
) -> list[Instalment]:
    """By the call's payment plan for strand and income; together exactly the amount of the award."""
    income = award.organisation.annual_income or Decimal(0)
    plan = definition.awards.payment_plan(award.application.strand_code or "", income)
    instalments = [
        Instalment(
            award=award,
            number=number,
            amount=amount,
            due_on=months_later(starts_on, month),
            check_in_kind=_conversation_before(month, definition),
        )
        for number, (month, amount) in enumerate(_without_nothing(plan.amounts(award.amount)), start=1)
    ]
    db.session.add_all(instalments)
    record(award, "plan_instalments", actor=None, now=now, details={"plan": plan.key})
    return instalments


def _without_nothing(amounts: Sequence[tuple[int, Decimal]]) -> Sequence[tuple[int, Decimal]]:
    """A few pence do not reach for every payment of the plan."""
    return [(month, amount) for month, amount in amounts if amount]


def _conversation_before(month: int, definition: CallDefinition) -> str | None:
    """The last conversation up to the month of a later payment; the first payment waits for none."""
    earlier = [
        planned.key
        for planned in definition.monitoring.check_ins
        if not planned.is_optional and planned.month is not None and planned.month <= month
    ]
    return earlier[-1] if month and earlier else None


def make_due(award: Award, check_in_kind: str | None, *, actor: User | None, now: datetime) -> None:
    """The conversation has taken place (None: the agreement was accepted): its payments can be approved."""
    for instalment in award.instalments:
        is_waiting = instalment.status is InstalmentStatus.PLANNED
        if is_waiting and instalment.check_in_kind == check_in_kind:
            move(instalment, "fall_due", actor=actor, now=now)


def approve_instalment(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """Raises NotPayable and ChecksHoldPayment."""
    lock_payable(instalment)
    _wait_for_checks(instalment.award, now)
    instalment.approved_by_id = actor.id
    move(instalment, "approve", actor=actor, now=now)


def pay_instalment(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """Note that it was paid without a batch. Raises SamePerson, NotPayable, NoBankAccount,
    InABatch and ChecksHoldPayment."""
    lock_payable(instalment)
    _wait_for_checks(instalment.award, now)
    if find_live_line(instalment) is not None:
        raise InABatch
    payee = payee_of(instalment.award, now=now)
    if payee is None:
        raise NoBankAccount
    if instalment.approved_by_id == actor.id or actor.id in payee.people:
        raise SamePerson
    instalment.paid_by_id = actor.id
    instalment.paid_at = now
    move(instalment, "pay", actor=actor, now=now, details={"bank_account": str(payee.id)})


def _wait_for_checks(award: Award, now: datetime) -> None:
    """Only for what the call says that payments wait for."""
    if payments_that_wait([award], now):
        raise ChecksHoldPayment


def cancel_unpaid(award: Award, *, actor: User, now: datetime) -> None:
    """Nothing more is paid; an approval that was not carried out is taken back first.

    Raises InABatch while a payment is on its way: the bank has to answer first.
    """
    if any(is_on_its_way(each) for each in award.instalments):
        raise InABatch
    for instalment in award.instalments:
        if instalment.status in SETTLED_PAYMENTS:
            continue
        if instalment.status is InstalmentStatus.APPROVED:
            move(instalment, "hold", actor=actor, now=now)
        move(instalment, "cancel", actor=actor, now=now)
    record(award, "cancel_unpaid", actor=actor, now=now)


def lock_award(award: Award) -> None:
    """Payments wait here, whoever changes something else of the grant: it is seen as it stands only then."""
    lock_row(Award, award.id)
    db.session.refresh(award, ["status", "instalments"])


def lock_award_of(instalment: Instalment) -> None:
    """Whoever decides about a payment waits here, and looks at it only then."""
    lock_row(Award, instalment.award_id)
    db.session.refresh(instalment)


def lock_payable(instalment: Instalment) -> None:
    """Raises NotPayable."""
    lock_award_of(instalment)
    db.session.refresh(instalment.award, ["status"])
    if instalment.award.status not in RUNNING_GRANTS:
        raise NotPayable
