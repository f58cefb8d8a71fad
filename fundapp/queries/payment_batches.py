"""What can be paid now, and the batches of a call; nothing of a group that the reader has a conflict with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import RUNNING_GRANTS, InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Instalment
from fundapp.models.bank import BankAccount
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.models.payment_batch import FundAccount, PaymentBatch, PaymentLine
from fundapp.models.user import User
from fundapp.money_steps import LineStatus
from fundapp.payment_file.order import Account, Order, Transfer
from fundapp.permissions import application_without_conflict
from fundapp.queries.award_checks import payments_that_wait
from fundapp.queries.bank_accounts import numbers_of, payee_of, payees_of
from fundapp.queries.grants import list_payments_to_make
from fundapp.sealing import sealer

LIVE = (LineStatus.LISTED, LineStatus.SENT, LineStatus.PAID)


class Obstacle(StrEnum):
    """Why a payment cannot be told to the bank now, or not by this person."""

    NOT_DUE = "not_due"
    GRANT_NOT_RUNNING = "grant_not_running"
    NO_ACCOUNT = "no_account"
    IN_A_BATCH = "in_a_batch"
    OWN_CHECK = "own_check"  # this person had a hand in the account, or has approved the payment
    OTHER_ACCOUNT = "other_account"  # than the one that stands in the batch
    CHECKS_OPEN = "checks_open"  # or a late condition, where the call says that payments wait for it


@dataclass(frozen=True)
class Candidate:
    instalment: Instalment
    obstacle: Obstacle | None


def get_batch(payment_batch_id: UUID) -> PaymentBatch:
    """With its lines. Raises NoResultFound."""
    query = (
        sa.select(PaymentBatch)
        .where(PaymentBatch.id == payment_batch_id)
        .options(joinedload(PaymentBatch.call).joinedload(Call.fund), *_LINES)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).unique().scalar_one()


_LINES = (
    selectinload(PaymentBatch.lines).joinedload(PaymentLine.bank_account),
    selectinload(PaymentBatch.lines)
    .joinedload(PaymentLine.instalment)
    .joinedload(Instalment.award)
    .options(joinedload(Award.organisation), joinedload(Award.application).selectinload(Application.shares)),
)


def get_line(payment_line_id: UUID) -> PaymentLine:
    """Raises NoResultFound."""
    batch_id = sa.select(PaymentLine.batch_id).where(PaymentLine.id == payment_line_id)
    batch = get_batch(db.session.execute(batch_id).scalar_one())
    return next(line for line in batch.lines if line.id == payment_line_id)


def list_batches(call: Call, *, reader: User) -> Sequence[PaymentBatch]:
    """Newest first. A batch with a group that this person has a conflict with is not there for them."""
    tied = (
        sa.select(PaymentLine.id)
        .join(Instalment, Instalment.id == PaymentLine.instalment_id)
        .join(Award, Award.id == Instalment.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(PaymentLine.batch_id == PaymentBatch.id, ~application_without_conflict(reader.id))
        .correlate(PaymentBatch)
    )
    query = (
        sa.select(PaymentBatch)
        .where(PaymentBatch.call_id == call.id, ~tied.exists())
        .options(selectinload(PaymentBatch.lines), joinedload(PaymentBatch.made_by))
        .order_by(PaymentBatch.created_at.desc(), PaymentBatch.id)
    )
    return db.session.execute(query).scalars().all()


def list_candidates(call: Call, *, reader: User, now: datetime) -> Sequence[Candidate]:
    """Due or approved, the earliest first, each with what stands in its way."""
    found = list_payments_to_make(call, reader=reader)
    payees = payees_of([each.award_id for each in found], now=now)
    listed = _live_lines([each.id for each in found])
    waiting = payments_that_wait((each.award for each in found), now)
    return [
        Candidate(
            each,
            _obstacle(each, payees.get(each.award_id), payer=reader)
            or _waits(each, waiting)
            or _in_a_batch(each, listed),
        )
        for each in found
    ]


def obstacle_of(
    instalment: Instalment, *, payer: User, now: datetime, line: PaymentLine | None = None
) -> Obstacle | None:
    """`line`: the one it stands in already, which is looked at by the second person."""
    payee = payee_of(instalment.award, now=now)
    waiting = payments_that_wait([instalment.award], now)
    if found := _obstacle(instalment, payee, payer=payer, line=line) or _waits(instalment, waiting):
        return found
    return None if line is not None else _in_a_batch(instalment, _live_lines([instalment.id]))


def _obstacle(
    instalment: Instalment, payee: BankAccount | None, *, payer: User, line: PaymentLine | None = None
) -> Obstacle | None:
    if instalment.status not in (InstalmentStatus.DUE, InstalmentStatus.APPROVED):
        return Obstacle.NOT_DUE
    if instalment.award.status not in RUNNING_GRANTS:
        return Obstacle.GRANT_NOT_RUNNING
    if payee is None:
        return Obstacle.NO_ACCOUNT
    if payer.id in payee.people:
        return Obstacle.OWN_CHECK
    if line is not None:
        return None if line.bank_account_id == payee.id else Obstacle.OTHER_ACCOUNT
    if instalment.approved_by_id == payer.id:
        return Obstacle.OWN_CHECK
    return None


def _waits(instalment: Instalment, waiting: Collection[UUID]) -> Obstacle | None:
    return Obstacle.CHECKS_OPEN if instalment.award_id in waiting else None


def _in_a_batch(instalment: Instalment, listed: Mapping[UUID, PaymentLine]) -> Obstacle | None:
    return Obstacle.IN_A_BATCH if instalment.id in listed else None


def find_live_line(instalment: Instalment) -> PaymentLine | None:
    return _live_lines([instalment.id]).get(instalment.id)


def _live_lines(instalment_ids: Collection[UUID]) -> Mapping[UUID, PaymentLine]:
    """By instalment: no payment stands in two."""
    query = sa.select(PaymentLine).where(
        PaymentLine.instalment_id.in_(instalment_ids), PaymentLine.status.in_(LIVE)
    )
    return {each.instalment_id: each for each in db.session.execute(query).scalars()}


def is_on_its_way(instalment: Instalment) -> bool:
    """The bank was told to pay it and has not answered."""
    line = find_live_line(instalment)
    return line is not None and line.status is LineStatus.SENT


def find_fund_account(fund: Fund) -> FundAccount | None:
    """What the fund pays from now."""
    query = sa.select(FundAccount).where(FundAccount.fund_id == fund.id)
    newest = query.order_by(FundAccount.created_at.desc(), FundAccount.id).limit(1)
    return db.session.execute(newest).scalar_one_or_none()


def order_of(batch: PaymentBatch, pay_from: FundAccount, approved_at: datetime) -> Order:
    """What the file of the batch says. Raises CannotOpen."""
    opened = sealer().open(pay_from.sealed, table="fund_account", row_id=pay_from.id)
    transfers = []
    for line in batch.live_lines:
        to = numbers_of(line.bank_account)
        transfers.append(Transfer(line.reference, line.amount, Account(to.name, to.sort_code, to.number)))
    return Order(batch.id.hex, approved_at, batch.pay_on, Account(*json.loads(opened)), tuple(transfers))
