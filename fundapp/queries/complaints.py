"""Complaints and appeals, for whoever may handle them; and worries about safety, for the people named."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.fund import Fund, FundRole
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.permissions import Permission, can

_COMPLAINT = (
    joinedload(Complaint.call).joinedload(Call.fund),
    joinedload(Complaint.application).joinedload(Application.organisation),
    joinedload(Complaint.claim),
)
_FLAG = (
    joinedload(SafetyFlag.check_in)
    .joinedload(CheckIn.award)
    .options(joinedload(Award.call).joinedload(Call.fund), joinedload(Award.organisation)),
)


def get_complaint(complaint_id: UUID) -> Complaint:
    """Raises NoResultFound."""
    query = sa.select(Complaint).where(Complaint.id == complaint_id).options(*_COMPLAINT)
    return db.session.execute(query).scalar_one()


def find_complaint_by_code(digest: str) -> Complaint | None:
    return db.session.execute(
        sa.select(Complaint).where(Complaint.code_digest == digest)
    ).scalar_one_or_none()


def list_complaints(fund: Fund, *, reader: User) -> Sequence[Complaint]:
    """Those this person may handle; what waits longest first."""
    query = (
        sa.select(Complaint)
        .join(Call, Call.id == Complaint.call_id)
        .where(Call.fund_id == fund.id)
        .options(*_COMPLAINT)
        .order_by(
            Complaint.answered_at.is_not(None), Complaint.answer_by, Complaint.acknowledge_by, Complaint.id
        )
    )
    found = db.session.execute(query).scalars().all()
    return [each for each in found if can(reader, Permission.COMPLAINT_HANDLE, each)]


def list_appeals(application: Application) -> Sequence[Complaint]:
    """Of one group, oldest first."""
    query = (
        sa.select(Complaint)
        .where(Complaint.application_id == application.id)
        .options(joinedload(Complaint.claim))
    )
    return db.session.execute(query.order_by(Complaint.created_at, Complaint.id)).scalars().all()


def list_staff(fund: Fund) -> Sequence[User]:
    roles = sa.select(FundRole.user_id).where(FundRole.fund_id == fund.id)
    query = sa.select(User).where(User.id.in_(roles)).order_by(User.name, User.email)
    return db.session.execute(query).scalars().all()


def list_handlers(complaint: Complaint) -> Sequence[User]:
    staff = list_staff(complaint.call.fund)
    return [each for each in staff if can(each, Permission.COMPLAINT_HANDLE, complaint)]


def get_safety_flag(safety_flag_id: UUID) -> SafetyFlag:
    """Raises NoResultFound."""
    query = sa.select(SafetyFlag).where(SafetyFlag.id == safety_flag_id).options(*_FLAG)
    return db.session.execute(query).scalar_one()


def list_safety_flags(fund: Fund, *, reader: User) -> Sequence[SafetyFlag]:
    """Those this person keeps; open ones first, the oldest first."""
    query = (
        sa.select(SafetyFlag)
        .join(CheckIn, CheckIn.id == SafetyFlag.check_in_id)
        .join(Award, Award.id == CheckIn.award_id)
        .join(Call, Call.id == Award.call_id)
        .where(Call.fund_id == fund.id)
        .options(*_FLAG)
        .order_by(SafetyFlag.closed_at.is_not(None), SafetyFlag.created_at, SafetyFlag.id)
    )
    found = db.session.execute(query).scalars().all()
    return [each for each in found if can(reader, Permission.SAFETY_KEEP, each)]


def list_flags_of(check_in: CheckIn) -> Sequence[SafetyFlag]:
    query = sa.select(SafetyFlag).where(SafetyFlag.check_in_id == check_in.id)
    return db.session.execute(query.order_by(SafetyFlag.created_at, SafetyFlag.id)).scalars().all()


def list_keepers(flag: SafetyFlag) -> Sequence[User]:
    """Who is told: those named, or administrators while none of them is free."""
    fund = flag.check_in.award.call.fund
    people = {each.id: each for each in list_staff(fund)}
    for user_id in fund.named_for_safety:
        people.setdefault(user_id, db.session.get_one(User, user_id))
    return [each for each in people.values() if can(each, Permission.SAFETY_KEEP, flag)]
