"""Grants, their checks and their payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import SETTLED_PAYMENTS, ClawbackStatus, InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.award import (
    Award,
    AwardShare,
    CheckItem,
    Clawback,
    Instalment,
    PaymentHold,
    Ratification,
)
from fundapp.models.call import Call, CallVersion
from fundapp.models.monitoring import CheckIn, Marker
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict

_WHOLE = (
    joinedload(Award.call).joinedload(Call.fund),
    joinedload(Award.organisation),
    joinedload(Award.application).options(
        joinedload(Application.call_version).options(defer(CallVersion.content)),
        selectinload(Application.shares),
    ),
    selectinload(Award.instalments),
    selectinload(Award.shares).joinedload(AwardShare.organisation),
)


def get_award(award_id: UUID) -> Award:
    """With call, organisation, application, shares and payments. Raises NoResultFound."""
    return db.session.execute(sa.select(Award).where(Award.id == award_id).options(*_WHOLE)).scalar_one()


def get_released_award(award_id: UUID) -> Award:
    """For the group: only once everybody has been told. Raises NoResultFound."""
    query = (
        sa.select(Award)
        .join(Ratification, Ratification.round_id == Award.round_id)
        .where(Award.id == award_id, Ratification.released_at.is_not(None))
        .options(*_WHOLE)
    )
    return db.session.execute(query).scalar_one()


def find_award_of(application: Application) -> Award | None:
    query = sa.select(Award).where(Award.application_id == application.id)
    return db.session.execute(query.options(*_WHOLE)).scalar_one_or_none()


def list_awards(call: Call, *, reader: User) -> Sequence[Award]:
    """Of one call, without those this person has a conflict with."""
    query = (
        sa.select(Award)
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(Award.call_id == call.id, application_without_conflict(reader.id))
        .options(*_WHOLE)
        .order_by(Award.status, Organisation.name, Award.id)
    )
    return db.session.execute(query).scalars().all()


def get_instalment(instalment_id: UUID) -> Instalment:
    """With its award as `get_award` loads it. Raises NoResultFound."""
    query = (
        sa.select(Instalment)
        .where(Instalment.id == instalment_id)
        .options(joinedload(Instalment.award).options(*_WHOLE))
    )
    return db.session.execute(query).scalar_one()


def find_hold(instalment: Instalment) -> PaymentHold | None:
    """The wish to hold it, or the hold itself, that is still standing."""
    query = sa.select(PaymentHold).where(
        PaymentHold.instalment_id == instalment.id, PaymentHold.ended_at.is_(None)
    )
    return db.session.execute(query).scalar_one_or_none()


def holds_of(award: Award) -> dict[UUID, PaymentHold]:
    """By instalment: what is standing and still matters."""
    query = (
        sa.select(PaymentHold)
        .join(Instalment, Instalment.id == PaymentHold.instalment_id)
        .where(
            Instalment.award_id == award.id,
            Instalment.status.not_in(SETTLED_PAYMENTS),
            PaymentHold.ended_at.is_(None),
        )
    )
    return {hold.instalment_id: hold for hold in db.session.execute(query).scalars()}


def get_clawback(clawback_id: UUID) -> Clawback:
    """With its award as `get_award` loads it. Raises NoResultFound."""
    query = sa.select(Clawback).where(Clawback.id == clawback_id)
    return db.session.execute(query.options(joinedload(Clawback.award).options(*_WHOLE))).scalar_one()


def list_clawbacks(award: Award) -> Sequence[Clawback]:
    """Money asked back, or proposed to be; oldest first."""
    query = (
        sa.select(Clawback)
        .where(Clawback.award_id == award.id, Clawback.status != ClawbackStatus.DROPPED)
        .order_by(Clawback.created_at, Clawback.id)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalars().all()


def came_back(call: Call) -> Mapping[UUID, Decimal]:
    """By award, where anything has come back."""
    query = (
        sa.select(Clawback.award_id, Clawback.received)
        .join(Award, Award.id == Clawback.award_id)
        .where(Award.call_id == call.id, Clawback.received > 0)
    )
    sums: dict[UUID, Decimal] = {}
    for award_id, received in db.session.execute(query):
        sums[award_id] = sums.get(award_id, Decimal(0)) + received
    return sums


def paid_of(award: Award) -> Decimal:
    paid = (each.amount for each in award.instalments if each.status is InstalmentStatus.PAID)
    return sum(paid, Decimal(0))


def most_to_ask_back(award: Award, clawbacks: Iterable[Clawback]) -> Decimal:
    """What was paid and nobody has asked or proposed to ask back yet."""
    return paid_of(award) - sum((each.amount for each in clawbacks), Decimal(0))


def list_payments_to_make(call: Call, *, reader: User) -> Sequence[Instalment]:
    """Due or approved and not paid yet, the earliest first."""
    query = (
        sa.select(Instalment)
        .join(Award, Award.id == Instalment.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(
            Award.call_id == call.id,
            Instalment.status.in_((InstalmentStatus.DUE, InstalmentStatus.APPROVED)),
            application_without_conflict(reader.id),
        )
        .options(
            joinedload(Instalment.award).options(
                joinedload(Award.organisation),
                joinedload(Award.application).joinedload(Application.call_version),
            )
        )
        .order_by(Instalment.due_on, Instalment.number, Instalment.id)
    )
    return db.session.execute(query).scalars().all()


def list_checks(award: Award) -> Sequence[CheckItem]:
    query = sa.select(CheckItem).where(CheckItem.award_id == award.id).order_by(CheckItem.created_at)
    return db.session.execute(query.order_by(CheckItem.key)).scalars().all()


def get_check(check_id: UUID) -> CheckItem:
    """Raises NoResultFound."""
    query = sa.select(CheckItem).where(CheckItem.id == check_id)
    return db.session.execute(query.options(joinedload(CheckItem.award).options(*_WHOLE))).scalar_one()


def list_markers(award: Award) -> Sequence[Marker]:
    """Those in use, as the group named them."""
    query = (
        sa.select(Marker)
        .where(Marker.award_id == award.id, Marker.dropped_at.is_(None))
        .order_by(Marker.created_at, Marker.id)
    )
    return db.session.execute(query).scalars().all()


def list_check_ins(award: Award) -> Sequence[CheckIn]:
    """Without those that had not taken place when the grant ended."""
    query = sa.select(CheckIn).where(CheckIn.award_id == award.id).order_by(CheckIn.due_on, CheckIn.kind)
    return [each for each in db.session.execute(query).scalars() if not each.is_over]
