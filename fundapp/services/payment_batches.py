"""Payments told to the bank together: one person makes the batch, another one checks it, the bank answers."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.award import Award, Instalment
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.models.payment_batch import FundAccount, PaymentBatch, PaymentLine
from fundapp.models.user import User
from fundapp.moments import london_day
from fundapp.money_steps import BatchStatus, LineStatus
from fundapp.payment_file.csv_order import write_csv
from fundapp.payment_file.order import Order
from fundapp.payment_file.pain001 import write_pain001
from fundapp.queries.bank_accounts import Numbers, payee_of
from fundapp.queries.payment_batches import Obstacle, find_fund_account, get_batch, obstacle_of, order_of
from fundapp.sealing import CannotOpen, sealer
from fundapp.services.events import move, record
from fundapp.services.instalments import SamePerson

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another one


class NothingChosen(FundError):
    """A batch has at least one payment."""

    code = "nothing_chosen"


class DayIsPast(FundError):
    """The bank pays today or later."""

    code = "day_is_past"


class AccountNotPaidNow(FundError):
    """An account of an approved batch was stopped since, or is being changed; its file stays here."""

    code = "account_not_paid_now"


class CannotPayAll(FundError):
    """Some payments cannot be told to the bank now; `obstacles` by instalment."""

    code = "cannot_pay_all"

    def __init__(self, obstacles: Mapping[UUID, Obstacle]) -> None:
        super().__init__(", ".join(sorted(set(obstacles.values()))))
        self.obstacles = obstacles


class NoFundAccount(FundError):
    """Nobody has said what the fund pays from."""

    code = "no_fund_account"


class FileHasChanged(FundError):
    """The file made now is not the one that was approved; nobody gets it."""

    code = "file_has_changed"


class NumbersLocked(FundError):
    """The key that seals bank numbers is not here."""

    code = "numbers_locked"


WRITERS: Mapping[str, Callable[[Order], bytes]] = {"xml": write_pain001, "csv": write_csv}


def set_fund_account(fund: Fund, numbers: Numbers, *, now: datetime) -> FundAccount:
    """What the fund pays from; from the command line alone."""
    row_id = uuid4()
    account = FundAccount(
        id=row_id,
        created_at=now,
        fund=fund,
        sealed=sealer().seal(numbers.as_bytes(), table="fund_account", row_id=row_id),
        last_digits=numbers.number[-4:],
    )
    db.session.add(account)
    record(account, "set", actor=None, now=now)
    return account


def make_batch(
    call: Call, instalments: Sequence[Instalment], *, pay_on: date, actor: User, now: datetime
) -> PaymentBatch:
    """The first person. Raises NothingChosen, DayIsPast and CannotPayAll."""
    if not instalments:
        raise NothingChosen
    if pay_on < london_day(now):
        raise DayIsPast
    _lock_awards(instalments)
    _refuse({each.id: obstacle_of(each, payer=actor, now=now) for each in instalments})
    batch = PaymentBatch(call=call, created_at=now, pay_on=pay_on, made_by_id=actor.id)
    db.session.add(batch)
    db.session.flush()
    for each in instalments:
        payee = payee_of(each.award, now=now)
        assert payee is not None  # or it had an obstacle
        line = PaymentLine(
            batch=batch,
            instalment=each,
            bank_account=payee,
            amount=each.amount,
            reference=new_reference(),
        )
        db.session.add(line)
    details: Json = {"payments": len(instalments), "total": f"{batch.live_total:.2f}"}
    record(batch, "make", actor=actor, now=now, details=details)
    return batch


def new_reference() -> str:
    """Says nothing about group or grant to whoever reads a bank statement."""
    return "".join(secrets.choice(LETTERS) for _ in range(12))


def drop_line(line: PaymentLine, *, actor: User, now: datetime) -> None:
    """Not in this batch after all. Raises NotPossibleNow once it is approved."""
    batch = _lock_batch(line.batch)
    if batch.status is not BatchStatus.OPEN:
        raise NotPossibleNow("the batch is approved or dropped")
    db.session.refresh(line)
    move(line, "drop", actor=actor, now=now)
    if not batch.live_lines:
        move(batch, "drop", actor=actor, now=now)


def drop_batch(batch: PaymentBatch, *, actor: User, now: datetime) -> None:
    """Raises NotPossibleNow once it is approved."""
    batch = _lock_batch(batch)
    move(batch, "drop", actor=actor, now=now)
    for line in batch.live_lines:
        move(line, "drop", actor=actor, now=now)


def approve_batch(batch: PaymentBatch, *, version: int, actor: User, now: datetime) -> None:
    """The second person: from now on nothing of it changes, and the file goes out.

    Raises SamePerson, StaleVersion, NoFundAccount, CannotPayAll, DayIsPast, NumbersLocked and
    NotPossibleNow.
    """
    _lock_awards([line.instalment for line in batch.live_lines])
    batch = _lock_batch(batch)
    if version != batch.version:
        raise StaleVersion
    if batch.status is not BatchStatus.OPEN:
        raise NotPossibleNow("it is approved or dropped already")
    if actor.id == batch.made_by_id:
        raise SamePerson
    pay_from = find_fund_account(batch.call.fund)
    if pay_from is None:
        raise NoFundAccount
    if batch.pay_on < london_day(now):
        raise DayIsPast
    lines = batch.live_lines
    _refuse({line.instalment_id: _obstacle_at_check(line, actor, now) for line in lines})
    approved_at = now.replace(microsecond=0)  # as the file says it
    order = _order_of(batch, pay_from, approved_at)
    batch.approved_by_id, batch.approved_at, batch.fund_account_id = actor.id, approved_at, pay_from.id
    batch.total = order.total
    batch.file_digest, batch.csv_digest = _digest(write_pain001(order)), _digest(write_csv(order))
    details: Json = {"file": batch.file_digest, "payments": len(lines), "total": f"{order.total:.2f}"}
    move(batch, "approve", actor=actor, now=now, details=details)
    for line in lines:
        if line.instalment.status is InstalmentStatus.DUE:
            line.instalment.approved_by_id = actor.id
            move(line.instalment, "approve", actor=actor, now=now)
        move(line, "send", actor=actor, now=now)


def fetch_file(batch: PaymentBatch, kind: str, *, actor: User, now: datetime) -> bytes:
    """The file that was approved, byte for byte; who fetched it is written down.

    Only until the bank has answered: what it sent back is paid in a new batch, and the old file would pay it
    again. Raises NotPossibleNow, AccountNotPaidNow, NumbersLocked and FileHasChanged.
    """
    _lock_awards([line.instalment for line in batch.live_lines])
    batch = _lock_batch(batch)
    if batch.approved_at is None or batch.fund_account is None:
        raise NotPossibleNow("nobody has approved it")
    if not batch.waits_for_all:
        raise NotPossibleNow("the bank has answered")
    if any(payee_of(line.instalment.award, now=now) is not line.bank_account for line in batch.live_lines):
        raise AccountNotPaidNow
    made = WRITERS[kind](_order_of(batch, batch.fund_account, batch.approved_at))
    if _digest(made) != (batch.file_digest if kind == "xml" else batch.csv_digest):
        raise FileHasChanged
    record(batch, "fetch_file", actor=actor, now=now, details={"kind": kind})
    return made


def _order_of(batch: PaymentBatch, pay_from: FundAccount, approved_at: datetime) -> Order:
    try:
        return order_of(batch, pay_from, approved_at)
    except CannotOpen as error:
        raise NumbersLocked from error


def _obstacle_at_check(line: PaymentLine, checker: User, now: datetime) -> Obstacle | None:
    if line.instalment.approved_by_id == line.batch.made_by_id:
        return Obstacle.OWN_CHECK  # approved by the maker since
    return obstacle_of(line.instalment, payer=checker, now=now, line=line)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refuse(found: Mapping[UUID, Obstacle | None]) -> None:
    obstacles = {key: obstacle for key, obstacle in found.items() if obstacle is not None}
    if obstacles:
        raise CannotPayAll(obstacles)


def _lock_awards(instalments: Sequence[Instalment]) -> None:
    """In one order, so that two people never wait for each other; then look at them anew."""
    for award_id in sorted({each.award_id for each in instalments}):
        lock_row(Award, award_id)
    for each in instalments:
        db.session.refresh(each)
        db.session.refresh(each.award, ["status"])


def _lock_batch(batch: PaymentBatch) -> PaymentBatch:
    lock_row(PaymentBatch, batch.id)
    return get_batch(batch.id)


def waiting_lines(batch: PaymentBatch) -> Sequence[PaymentLine]:
    query = sa.select(PaymentLine).where(
        PaymentLine.batch_id == batch.id, PaymentLine.status == LineStatus.SENT
    )
    return db.session.execute(query).scalars().all()
