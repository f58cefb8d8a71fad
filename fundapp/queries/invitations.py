"""Invitations: of a group, for a person, by their code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import InvitationStatus
from fundapp.models.application import Application
from fundapp.models.invitation import HandOver, Invitation, InvitationKind
from fundapp.models.organisation import Organisation
from fundapp.models.user import User

_OPEN = Invitation.status == InvitationStatus.OPEN


def get_invitation(invitation_id: UUID) -> Invitation:
    """Raises NoResultFound."""
    query = sa.select(Invitation).where(Invitation.id == invitation_id)
    return db.session.execute(query).scalar_one()


def find_invitation_for(person: User, digest: str, *, now: datetime) -> Invitation | None:
    """The open invitation with this code, if it is for the address this person signs in with."""
    query = (
        sa.select(Invitation)
        .where(
            _OPEN,
            Invitation.code_digest == digest,
            Invitation.email == person.email,
            Invitation.expires_at > now,
        )
        .options(
            joinedload(Invitation.organisation),
            joinedload(Invitation.application).joinedload(Application.call),
        )
    )
    return db.session.execute(query).scalar_one_or_none()


def find_open_invitation(
    kind: InvitationKind, email: str, organisation: Organisation, application: Application | None
) -> Invitation | None:
    """An unanswered one to the same address for the same thing, also when its time is over."""
    query = sa.select(Invitation).where(
        _OPEN,
        Invitation.kind == kind,
        Invitation.email == email,
        Invitation.organisation_id == organisation.id,
        Invitation.application_id == (application.id if application else None),
    )
    return db.session.execute(query.order_by(Invitation.created_at).limit(1)).scalar_one_or_none()


def count_open_invitations(organisation: Organisation, *, now: datetime) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(Invitation)
        .where(_OPEN, Invitation.organisation_id == organisation.id, Invitation.expires_at > now)
    )
    return db.session.execute(query).scalar_one()


def list_open_invitations(
    kind: InvitationKind, *, organisation: Organisation, application: Application | None = None, now: datetime
) -> Sequence[Invitation]:
    """Those that wait for an answer, oldest first."""
    query = sa.select(Invitation).where(
        _OPEN,
        Invitation.kind == kind,
        Invitation.organisation_id == organisation.id,
        Invitation.expires_at > now,
    )
    if application is not None:
        query = query.where(Invitation.application_id == application.id)
    return db.session.execute(query.order_by(Invitation.created_at, Invitation.id)).scalars().all()


def open_for(person: User, *, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """What makes an invitation one that this person can still answer."""
    return _OPEN, Invitation.email == person.email, Invitation.expires_at > now


def get_hand_over(hand_over_id: UUID) -> HandOver:
    """Raises NoResultFound."""
    query = sa.select(HandOver).where(HandOver.id == hand_over_id).options(joinedload(HandOver.application))
    return db.session.execute(query).scalar_one()


def find_asked_hand_over(application: Application) -> HandOver | None:
    """The one that waits for a second person."""
    query = (
        sa.select(HandOver)
        .where(
            HandOver.application_id == application.id,
            HandOver.agreed_at.is_(None),
            HandOver.dropped_at.is_(None),
        )
        .options(joinedload(HandOver.asked_by))
        .order_by(HandOver.created_at)
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()
