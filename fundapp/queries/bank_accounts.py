"""Bank accounts of grants: which one is paid to, and which one waits for somebody."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import LIVE_GRANTS
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.bank import BankAccount
from fundapp.models.call import Call
from fundapp.models.organisation import MemberRight, OrganisationMember
from fundapp.models.user import User
from fundapp.money_steps import AccountStatus
from fundapp.permissions import application_without_conflict
from fundapp.sealing import sealer

WAITING = (AccountStatus.PROPOSED, AccountStatus.SIGNED)
_STANDS = sa.or_(
    BankAccount.status.in_(WAITING),
    sa.and_(BankAccount.status == AccountStatus.CHECKED, sa.func.length(BankAccount.sealed) > 0),
)  # nobody pays to numbers that were kept long enough


@dataclass(frozen=True)
class Numbers:
    """As the bank knows the account. Never in a log, an event or a mail."""

    name: str
    sort_code: str  # six digits
    number: str  # eight digits

    def __repr__(self) -> str:
        return "Numbers(…)"

    def as_bytes(self) -> bytes:
        return json.dumps([self.name, self.sort_code, self.number]).encode()


def numbers_of(account: BankAccount) -> Numbers:
    """Raises CannotOpen."""
    return Numbers(*json.loads(sealer().open(account.sealed, table="bank_account", row_id=account.id)))


def fingerprints_of(numbers: Numbers) -> tuple[str, ...]:
    """Of sort code and number; how the name is written does not matter. By the key of today first: rows have
    the one before until they are sealed again.
    """
    return sealer().fingerprints(f"{numbers.sort_code}{numbers.number}".encode())


def get_bank_account(bank_account_id: UUID) -> BankAccount:
    """Raises NoResultFound."""
    query = sa.select(BankAccount).where(BankAccount.id == bank_account_id)
    loaded = query.options(joinedload(BankAccount.award).joinedload(Award.call).joinedload(Call.fund))
    return db.session.execute(loaded).scalar_one()


def list_bank_accounts(award: Award) -> Sequence[BankAccount]:
    """Newest first."""
    query = (
        sa.select(BankAccount)
        .where(BankAccount.award_id == award.id)
        .options(
            joinedload(BankAccount.proposed_by),
            joinedload(BankAccount.signed_by),
            joinedload(BankAccount.checked_by),
        )
        .order_by(BankAccount.created_at.desc(), BankAccount.id)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalars().all()


def account_waiting(award: Award) -> BankAccount | None:
    return _one(award, WAITING)


def account_checked(award: Award) -> BankAccount | None:
    """Also while its cool-off lasts or a change waits; see `payee_of`."""
    return _one(award, (AccountStatus.CHECKED,))


def payee_of(award: Award, *, now: datetime) -> BankAccount | None:
    """Where a payment may go now: checked, cool-off over, its numbers still kept, and no change waiting."""
    return payees_of([award.id], now=now).get(award.id)


def payees_of(award_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, BankAccount]:
    """The same for many grants at once, by award; those that cannot be paid now are left out."""
    query = sa.select(BankAccount).where(BankAccount.award_id.in_(award_ids), _STANDS)
    found = db.session.execute(query).scalars().all()
    changing = {each.award_id for each in found if each.status in WAITING}
    return {
        each.award_id: each
        for each in found
        if each.award_id not in changing and each.usable_from is not None and each.usable_from <= now
    }


def list_same_account(account: BankAccount, *, reader: User) -> Sequence[Award]:
    """Other groups' grants paid to the same account, without those this person has a conflict with.

    Raises CannotOpen.
    """
    query = (
        sa.select(Award)
        .join(BankAccount, BankAccount.award_id == Award.id)
        .join(Application, Application.id == Award.application_id)
        .where(
            BankAccount.fingerprint.in_(fingerprints_of(numbers_of(account))),
            BankAccount.status != AccountStatus.STOPPED,
            Award.organisation_id != account.award.organisation_id,
            Award.call.has(fund_id=account.award.call.fund_id),
            application_without_conflict(reader.id),
        )
        .options(joinedload(Award.organisation))
        .distinct()
        .order_by(Award.id)
    )
    return db.session.execute(query).scalars().all()


def list_accounts_to_check(call: Call, *, reader: User) -> Sequence[BankAccount]:
    """Signed by two people of the group, and waiting for the fund."""
    query = (
        sa.select(BankAccount)
        .join(Award, Award.id == BankAccount.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(
            Award.call_id == call.id,
            BankAccount.status == AccountStatus.SIGNED,
            application_without_conflict(reader.id),
        )
        .options(joinedload(BankAccount.award).joinedload(Award.organisation))
        .order_by(BankAccount.signed_at, BankAccount.id)
    )
    return db.session.execute(query).scalars().all()


def list_everybody_known(award: Award) -> Sequence[User]:
    """All members of the group, also those who only read: a change of the account is theirs to notice."""
    query = (
        sa.select(User)
        .join(OrganisationMember, OrganisationMember.user_id == User.id)
        .where(OrganisationMember.organisation_id == award.organisation_id)
        .order_by(User.email)
    )
    return db.session.execute(query).scalars().all()


def may_sign_alone(award: Award) -> bool:
    """Fewer than two people can sign for the group: somebody has to be invited first."""
    signs = sa.select(sa.func.count()).where(
        OrganisationMember.organisation_id == award.organisation_id,
        OrganisationMember.right == MemberRight.SUBMIT,
    )
    return db.session.execute(signs).scalar_one() < 2


def needs_bank_account(award: Award) -> bool:
    """The grant runs, and no account stands or waits."""
    if award.status not in LIVE_GRANTS:
        return False
    standing = sa.select(BankAccount.id).where(BankAccount.award_id == award.id, _STANDS)
    return db.session.execute(standing.limit(1)).first() is None


def _one(award: Award, statuses: tuple[AccountStatus, ...]) -> BankAccount | None:
    query = sa.select(BankAccount).where(BankAccount.award_id == award.id, BankAccount.status.in_(statuses))
    return db.session.execute(query).scalar_one_or_none()
