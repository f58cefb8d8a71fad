"""A round's applications as the fund's people see them; what they have a conflict with is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import Json, db
from fundapp.lifecycles import ApplicationStatus, ClaimStatus
from fundapp.models.application import Application, ApplicationStage, PartnerShare
from fundapp.models.call import Round
from fundapp.models.event import Event
from fundapp.models.organisation import ByAndForClaim, Community, Organisation
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict

PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What a reader of the list asked for; `page` counts from 1."""

    stage: ApplicationStage | None = None
    status: ApplicationStatus | None = None
    words: str = ""
    order: str = "sent"
    page: int = 1


@dataclass(frozen=True)
class ListedApplication:
    id: UUID
    group: str
    borough: str | None
    income: Decimal | None
    strand: str | None
    amount: Decimal | None
    stage: ApplicationStage
    status: ApplicationStatus
    language: str
    sent_at: datetime | None
    is_confidential: bool
    by_and_for: ClaimStatus | None
    migrant_led: ClaimStatus | None


@dataclass(frozen=True)
class ListPage:
    rows: Sequence[ListedApplication]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def list_applications(round_id: UUID, wanted: Wanted, *, reader: User) -> ListPage:
    """One page of the list; the same number of queries for fifty applications and for five thousand."""
    found = _matching(round_id, wanted, reader)
    total = db.session.execute(sa.select(sa.func.count()).select_from(found.subquery())).scalar_one()
    page = min(max(wanted.page, 1), max(1, -(-total // PAGE_SIZE)))
    rows = db.session.execute(
        found.order_by(*_order(wanted.order)).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    )
    return ListPage([_listed(row) for row in rows], total, page)


def list_all_applications(round_id: UUID, wanted: Wanted, *, reader: User) -> Sequence[ListedApplication]:
    """The whole list, for a spreadsheet."""
    rows = db.session.execute(_matching(round_id, wanted, reader).order_by(*_order(wanted.order)))
    return [_listed(row) for row in rows]


def _listed(row: sa.Row[*tuple[Any, ...]]) -> ListedApplication:
    return ListedApplication(*row)


def _claim_status(community: Community) -> sa.ScalarSelect[ClaimStatus]:
    return (
        sa.select(ByAndForClaim.status)
        .where(
            ByAndForClaim.organisation_id == Application.organisation_id,
            ByAndForClaim.call_id == Application.call_id,
            ByAndForClaim.community == community,
        )
        .correlate(Application)
        .scalar_subquery()
    )


def _matching(round_id: UUID, wanted: Wanted, reader: User) -> sa.Select[*tuple[Any, ...]]:
    query = (
        sa.select(
            Application.id,
            Organisation.name,
            Organisation.borough,
            Organisation.annual_income,
            Application.strand_code,
            Application.amount_requested,
            Application.stage,
            Application.status,
            Application.language,
            Application.submitted_at,
            sa.or_(Application.is_confidential, Organisation.is_confidential),
            _claim_status(Community.BY_AND_FOR).label("by_and_for"),
            _claim_status(Community.MIGRANT).label("migrant_led"),
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.round_id == round_id, application_without_conflict(reader.id))
    )
    if wanted.stage is not None:
        query = query.where(Application.stage == wanted.stage)
    if wanted.status is not None:
        query = query.where(Application.status == wanted.status)
    if wanted.words:
        query = query.where(Organisation.name.icontains(wanted.words, autoescape=True))
    return query


def _order(order: str) -> tuple[sa.SQLColumnExpression[Any], ...]:
    name = sa.func.lower(Organisation.name)
    first: dict[str, sa.SQLColumnExpression[Any]] = {
        "group": name,
        "amount": sa.nulls_last(Application.amount_requested.desc()),
        "income": sa.nulls_last(Organisation.annual_income.asc()),
        "sent": sa.nulls_last(Application.submitted_at.asc()),
    }
    return first.get(order, first["sent"]), name, Application.id


def list_claims(application: Application) -> Sequence[ByAndForClaim]:
    """Of the group and of its partners, in this call."""
    organisations = [application.organisation_id, *(share.organisation_id for share in application.shares)]
    query = (
        sa.select(ByAndForClaim)
        .where(
            ByAndForClaim.call_id == application.call_id,
            ByAndForClaim.organisation_id.in_(organisations),
        )
        .options(joinedload(ByAndForClaim.organisation))
        .order_by(ByAndForClaim.community, ByAndForClaim.id)
    )
    return db.session.execute(query).scalars().all()


@dataclass(frozen=True)
class PastStep:
    at: datetime
    step: str
    who: str | None
    reason: str | None
    details: Json

    @property
    def evidence(self) -> dict[str, str]:
        """Kinds of evidence named with this step; the notes stand with the claim alone."""
        return dict.fromkeys(self.details.get("evidence", ()), "")


def list_steps(subject_ids: Sequence[UUID]) -> Sequence[PastStep]:
    """What happened to these things, newest first."""
    query = (
        sa.select(Event.at, Event.step, User.name, Event.reason, Event.details)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.subject_id.in_(subject_ids))
        .order_by(Event.number.desc())
        .limit(100)
    )
    return [PastStep(*row) for row in db.session.execute(query)]


def is_past_deadline(claim: ByAndForClaim, now: datetime) -> bool:
    """Whether the second stage of a round in which the group takes part has closed."""
    shared = sa.select(PartnerShare.application_id).where(
        PartnerShare.organisation_id == claim.organisation_id
    )
    query = (
        sa.select(Round.id)
        .join(Application, Application.round_id == Round.id)
        .where(
            Round.call_id == claim.call_id,
            Round.full_closes_at <= now,
            Application.status != ApplicationStatus.WITHDRAWN,
            sa.or_(Application.organisation_id == claim.organisation_id, Application.id.in_(shared)),
        )
    )
    return db.session.execute(query.limit(1)).first() is not None
