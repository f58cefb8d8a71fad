"""Requests from outside and breaches, for the people named for them; and what a group was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.data_rights import Breach, OutsideRequest
from fundapp.models.fund import Fund
from fundapp.models.organisation import OrganisationMember
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.complaints import list_staff


def _loaded(model: Any) -> sa.Select[Any]:
    group = joinedload(model.application).joinedload(Application.organisation)
    shares = joinedload(model.application).selectinload(Application.shares)
    return sa.select(model).options(group, shares, joinedload(model.fund))


def get_outside_request(outside_request_id: UUID) -> OutsideRequest:
    """Raises NoResultFound."""
    query = _loaded(OutsideRequest).where(OutsideRequest.id == outside_request_id)
    found: OutsideRequest = db.session.execute(query).scalar_one()
    return found


def get_breach(breach_id: UUID) -> Breach:
    """Raises NoResultFound."""
    found: Breach = db.session.execute(_loaded(Breach).where(Breach.id == breach_id)).scalar_one()
    return found


def digest_of_people_told(breach: Breach) -> str:
    """The same as long as nobody says otherwise who was told of the breach."""
    return digest_of_data([breach.people_told_at is not None, breach.people_words])


def list_outside_requests(fund: Fund, *, reader: User) -> Sequence[OutsideRequest]:
    """Those this person keeps: open ones first, by their day."""
    query = _loaded(OutsideRequest).where(OutsideRequest.fund_id == fund.id)
    ordered = query.order_by(
        OutsideRequest.ended_at.is_not(None), OutsideRequest.due_on, OutsideRequest.created_at
    )
    found = db.session.execute(ordered).scalars().all()
    return [each for each in found if can(reader, Permission.DATA_KEEP, each)]


def list_breaches(fund: Fund, *, reader: User) -> Sequence[Breach]:
    """Those this person keeps: open ones first, by their clock."""
    query = _loaded(Breach).where(Breach.fund_id == fund.id)
    ordered = query.order_by(Breach.closed_at.is_not(None), Breach.due_at, Breach.id)
    found = db.session.execute(ordered).scalars().all()
    return [each for each in found if can(reader, Permission.DATA_KEEP, each)]


def list_data_keepers(subject: OutsideRequest | Breach) -> Sequence[User]:
    """Who is told: those named, with an administrator while not both of them are free."""
    fund = db.session.get_one(Fund, subject.fund_id)
    people = {each.id: each for each in list_staff(fund)}
    for user_id in fund.named_for_data:
        people.setdefault(user_id, db.session.get_one(User, user_id))
    return [each for each in people.values() if can(each, Permission.DATA_KEEP, subject)]


def list_told_to(person: User) -> Sequence[OutsideRequest]:
    """What groups of this person were told of requests about them."""
    query = (
        sa.select(OutsideRequest)
        .join(Application, Application.id == OutsideRequest.application_id)
        .join(OrganisationMember, OrganisationMember.organisation_id == Application.organisation_id)
        .where(OrganisationMember.user_id == person.id, OutsideRequest.told_at.is_not(None))
        .order_by(OutsideRequest.told_at.desc(), OutsideRequest.id)
    )
    return db.session.execute(query).scalars().all()
