"""What keeps an application from being erased: a complaint, a worry, money asked back, a request, a hold."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import ClawbackStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Clawback
from fundapp.models.call import Call
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.data_rights import LegalHold, OutsideRequest
from fundapp.models.fund import Fund
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.worry_steps import ComplaintStatus, SafetyStatus


def held_applications() -> sa.CompoundSelect[UUID]:
    """For `Application.id.not_in(…)`: nothing of these goes, whatever its age."""
    return sa.union(
        sa.select(LegalHold.application_id).where(LegalHold.ended_at.is_(None)),
        sa.select(OutsideRequest.application_id).where(
            OutsideRequest.application_id.is_not(None), OutsideRequest.ended_at.is_(None)
        ),
        sa.select(Complaint.application_id).where(
            Complaint.application_id.is_not(None), Complaint.status != ComplaintStatus.ANSWERED
        ),
        sa.select(Award.application_id)
        .join(CheckIn, CheckIn.award_id == Award.id)
        .join(SafetyFlag, SafetyFlag.check_in_id == CheckIn.id)
        .where(SafetyFlag.status != SafetyStatus.CLOSED),
        sa.select(Award.application_id)
        .join(Clawback, Clawback.award_id == Award.id)
        .where(Clawback.status.in_((ClawbackStatus.PROPOSED, ClawbackStatus.ASKED))),
    )


def get_legal_hold(legal_hold_id: UUID) -> LegalHold:
    """Raises NoResultFound."""
    query = sa.select(LegalHold).where(LegalHold.id == legal_hold_id)
    return db.session.execute(query.options(joinedload(LegalHold.application))).scalar_one()


def list_legal_holds(fund: Fund, *, reader: User) -> Sequence[LegalHold]:
    """Those in force, without groups that the reader has a tie with."""
    query = (
        sa.select(LegalHold)
        .join(Application, Application.id == LegalHold.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.fund_id == fund.id,
            LegalHold.ended_at.is_(None),
            application_without_conflict(reader.id),
        )
        .options(joinedload(LegalHold.application).joinedload(Application.organisation))
        .order_by(LegalHold.created_at, LegalHold.id)
    )
    return db.session.execute(query).scalars().all()


def find_by_receipt(fund: Fund, receipt: str, *, reader: User) -> Application | None:
    """As it stands on the group's receipt; nothing of a group that the reader has a tie with."""
    query = (
        sa.select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.fund_id == fund.id,
            Application.receipt == receipt.strip().upper(),
            application_without_conflict(reader.id),
        )
    )
    return db.session.execute(query).scalar_one_or_none()
