"""Payments of a grant: planned, due after the conversation, approved by one person, paid by another."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from fundapp.call_file.definition import CallDefinition
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotAllowed
from fundapp.lifecycles import AwardStatus, InstalmentStatus
from fundapp.models.award import Award, Instalment
from fundapp.models.user import User
from fundapp.services.events import move, record

PAYABLE = (AwardStatus.ACTIVE, AwardStatus.CLOSING)


class SamePerson(NotAllowed):
    """Who approves a payment does not pay it."""

    code = "same_person"


class NotPayable(FundError):
    """No payment leaves before the agreement is accepted, or after the grant has ended."""

    code = "not_payable"


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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
    """Raises NotPayable."""
    lock_payable(instalment)
    instalment.approved_by_id = actor.id
    move(instalment, "approve", actor=actor, now=now)


def pay_instalment(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """Note that the bank was told to pay. Raises SamePerson and NotPayable."""
    lock_payable(instalment)
    if instalment.approved_by_id == actor.id:
        raise SamePerson
    instalment.paid_by_id = actor.id
    instalment.paid_at = now
    move(instalment, "pay", actor=actor, now=now)


def cancel_unpaid(award: Award, *, actor: User, now: datetime) -> None:
    """Nothing more is paid; an approval that was not carried out is taken back first."""
    for instalment in award.instalments:
        if instalment.status in (InstalmentStatus.PAID, InstalmentStatus.CANCELLED):
            continue
        if instalment.status is InstalmentStatus.APPROVED:
            move(instalment, "hold", actor=actor, now=now)
        move(instalment, "cancel", actor=actor, now=now)
    record(award, "cancel_unpaid", actor=actor, now=now)


def lock_award_of(instalment: Instalment) -> None:
    """Whoever decides about a payment waits here, and looks at it only then."""
    lock_row(Award, instalment.award_id)
    db.session.refresh(instalment)


def lock_payable(instalment: Instalment) -> None:
    """Raises NotPayable."""
    lock_award_of(instalment)
    db.session.refresh(instalment.award, ["status"])
    if instalment.award.status not in PAYABLE:
        raise NotPayable
