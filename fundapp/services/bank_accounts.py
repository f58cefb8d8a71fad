"""The bank account of a grant: two people of the group, one of the fund, and days to object.

Whoever takes over one mailbox cannot lead money elsewhere: another person of the group signs, somebody of the
fund calls a number that was known before, everybody known hears of it, and nothing is paid meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotAllowed, NotPossibleNow, StaleVersion
from fundapp.lifecycles import LIVE_GRANTS
from fundapp.models.award import Award
from fundapp.models.bank import BankAccount, NameCheck, ReachedBy
from fundapp.models.document import DocumentKind
from fundapp.models.payment_batch import FundAccount
from fundapp.models.user import User
from fundapp.queries.bank_accounts import (
    Numbers,
    account_checked,
    account_waiting,
    fingerprints_of,
    list_everybody_known,
    numbers_of,
)
from fundapp.queries.calls import definition_of
from fundapp.queries.documents import list_papers_to_check
from fundapp.sealing import sealer
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify
from fundapp.working_days import working_days_later

COOL_OFF = 2  # working days after the check


class SamePersonForAccount(NotAllowed):
    """Who proposes, who signs and who checks are three people."""

    code = "same_person"


class NotTheSameNumbers(FundError):
    """The second person has typed other numbers than the first."""

    code = "other_numbers"


class StopNeedsReason(FundError):
    """Nobody stops a change without a word on why."""

    code = "stop_needs_reason"


@dataclass(frozen=True)
class Check:
    """What somebody of the fund has done: the statement was looked at, the group was asked itself."""

    numbers: Numbers  # as they stand on the statement
    reached_by: ReachedBy
    name_check: NameCheck


def propose_account(award: Award, numbers: Numbers, *, actor: User, now: datetime) -> BankAccount:
    """The first person of the group. Payments wait from now on. Raises NotPossibleNow while one waits."""
    _lock(award)
    if award.status not in LIVE_GRANTS:
        raise NotPossibleNow("the grant has ended")
    if account_waiting(award) is not None:
        raise NotPossibleNow("somebody has proposed an account already")
    row_id = uuid4()
    account = BankAccount(
        id=row_id,
        created_at=now,
        award=award,
        sealed=sealer().seal(numbers.as_bytes(), table="bank_account", row_id=row_id),
        fingerprint=fingerprint_of(numbers),
        last_digits=numbers.number[-4:],
        is_change=account_checked(award) is not None,
        proposed_by_id=actor.id,
    )
    db.session.add(account)
    record(account, "propose", actor=actor, now=now, details={"is_change": account.is_change})
    _tell_everybody(award, now)
    return account


def sign_account(account: BankAccount, numbers: Numbers, *, actor: User, now: datetime) -> None:
    """The second person of the group, who types the numbers too.

    Raises SamePersonForAccount, NotTheSameNumbers and NotPossibleNow.
    """
    _lock_with(account)
    if actor.id == account.proposed_by_id:
        raise SamePersonForAccount
    if account.fingerprint not in fingerprints_of(numbers):
        raise NotTheSameNumbers
    account.signed_by_id, account.signed_at = actor.id, now
    move(account, "sign", actor=actor, now=now)
    _tell_everybody(account.award, now)


def check_account(account: BankAccount, check: Check, *, version: int, actor: User, now: datetime) -> None:
    """Somebody of the fund: it can be paid to after the cool-off, and the account before it no more.

    Nobody is shown the numbers: whoever looks at the statement types them. Raises SamePersonForAccount,
    NotTheSameNumbers, StaleVersion and NotPossibleNow.
    """
    _lock_with(account)
    if version != account.version:
        raise StaleVersion
    if actor.id in account.people:
        raise SamePersonForAccount
    if account.fingerprint not in fingerprints_of(check.numbers):
        raise NotTheSameNumbers
    before = account_checked(account.award)
    if before is not None:
        move(before, "replace", actor=actor, now=now)
        db.session.flush()
    account.checked_by_id, account.checked_at = actor.id, now
    account.reached_by, account.name_check = check.reached_by, check.name_check
    statements = [each for each in list_papers_to_check(account.award) if each.kind is DocumentKind.BANK]
    account.statement_id = statements[0].id if statements else None
    account.usable_from = end_of_cool_off(account, now)
    details = {"reached_by": check.reached_by.value, "name_check": check.name_check.value}
    move(account, "check", actor=actor, now=now, details=details)
    _tell_everybody(account.award, now)


def stop_account(account: BankAccount, *, reason: str, actor: User, now: datetime) -> None:
    """The group takes it back, or somebody has doubts. Raises StopNeedsReason and NotPossibleNow."""
    if not reason.strip():
        raise StopNeedsReason
    _lock_with(account)
    account.stopped_at, account.stopped_reason = now, reason.strip()
    move(account, "stop", actor=actor, now=now, reason=reason.strip())
    _tell_everybody(account.award, now)


def end_of_cool_off(account: BankAccount, checked_at: datetime) -> datetime:
    """The morning after so many whole working days."""
    zone: ZoneInfo = definition_of(account.award.application.call_version).zone
    last_day = working_days_later(checked_at.astimezone(zone).date(), COOL_OFF)
    return datetime.combine(last_day + timedelta(days=1), time(0), tzinfo=zone)


def fingerprint_of(numbers: Numbers) -> str:
    """By the key of today."""
    return fingerprints_of(numbers)[0]


def seal_again(*, now: datetime) -> int:
    """With the key of today; returns how many rows were not sealed with it yet. Raises CannotOpen."""
    accounts = db.session.execute(sa.select(BankAccount).with_for_update()).scalars()
    own = db.session.execute(sa.select(FundAccount).with_for_update()).scalars()
    old = [row for row in (*accounts, *own) if row.sealed and not sealer().is_current(row.sealed)]
    for row in old:
        _seal_again(row)
    for row in old:  # a loop of its own: the first event writes all rows at once
        record(row, "seal_again", actor=None, now=now)
    return len(old)


def _seal_again(row: BankAccount | FundAccount) -> None:
    table = row.__tablename__
    plain = sealer().open(row.sealed, table=table, row_id=row.id)
    row.sealed = sealer().seal(plain, table=table, row_id=row.id)
    if isinstance(row, BankAccount):
        row.fingerprint = fingerprint_of(numbers_of(row))


def _tell_everybody(award: Award, now: datetime) -> None:
    for member in list_everybody_known(award):
        notify(member, MessageKind.AWARD_UPDATE, now=now, award_id=str(award.id))


def _lock(award: Award) -> None:
    """Payments wait here too."""
    lock_row(Award, award.id)
    db.session.refresh(award, ["status"])


def _lock_with(account: BankAccount) -> None:
    lock_row(Award, account.award_id)
    db.session.refresh(account)
