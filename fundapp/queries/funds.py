"""Funds and the figures their own people look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.fund import Fund, FundRole, FundRoleKind
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict


@dataclass(frozen=True)
class RoundCounts:
    """Applications of a round by where they stand."""

    drafted: int = 0
    eoi_sent: int = 0
    full_drafted: int = 0
    full_sent: int = 0
    at_panel: int = 0
    in_principle: int = 0


def get_fund(fund_id: UUID) -> Fund:
    """Raises NoResultFound."""
    return db.session.execute(sa.select(Fund).where(Fund.id == fund_id)).scalar_one()


def count_applications(call_ids: Sequence[UUID], user: User) -> dict[UUID, RoundCounts]:
    """By round; applications this person has a conflict with are not counted."""
    rows = db.session.execute(
        sa.select(Application.round_id, Application.stage, Application.status, sa.func.count())
        .where(Application.call_id.in_(call_ids))
        .where(application_without_conflict(user.id))
        .group_by(Application.round_id, Application.stage, Application.status)
    )
    numbers: dict[UUID, dict[str, int]] = {}
    for round_id, stage, status, number in rows:
        if (name := _counted_as(stage, status)) is not None:
            of_round = numbers.setdefault(round_id, {})
            of_round[name] = of_round.get(name, 0) + number
    return {round_id: RoundCounts(**counts) for round_id, counts in numbers.items()}


def _counted_as(stage: ApplicationStage, status: ApplicationStatus) -> str | None:
    is_full = stage is ApplicationStage.FULL
    match status:
        case ApplicationStatus.DRAFT:
            return "full_drafted" if is_full else "drafted"
        case ApplicationStatus.SUBMITTED | ApplicationStatus.ELIGIBLE:
            return "full_sent" if is_full else "eoi_sent"
        case ApplicationStatus.IN_REVIEW | ApplicationStatus.CLARIFYING:
            return "full_sent"
        case ApplicationStatus.AT_PANEL | ApplicationStatus.RESERVE:
            return "at_panel"
        case ApplicationStatus.IN_PRINCIPLE:
            return "in_principle"
    return None


def find_role(user: User, fund_id: UUID) -> FundRoleKind | None:
    """What this person is for the fund; the first of several."""
    query = sa.select(FundRole.kind).where(FundRole.user_id == user.id, FundRole.fund_id == fund_id)
    return db.session.execute(query.order_by(FundRole.kind).limit(1)).scalar_one_or_none()
