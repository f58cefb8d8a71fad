"""Asking somebody by mail to join a group, to help, to hold the money or to be a partner."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import InvitationStatus
from fundapp.models.application import Application
from fundapp.models.organisation import Organisation
from fundapp.models.user import User


class InvitationKind(StrEnum):
    MEMBER = "member"
    HELPER = "helper"
    HOST = "host"
    PARTNER = "partner"


class Invitation(Row):
    """Good once and for a while, for whoever signs in with this address and shows the code of the mail."""

    __tablename__ = "invitation"

    kind: Mapped[InvitationKind] = mapped_column(text_enum(InvitationKind))
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # that asks
    application_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("application.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)  # in lower case
    details: Mapped[Json] = mapped_column(default=dict)  # the right of a member; what a helper is asked for
    code_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    invited_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    status: Mapped[InvitationStatus] = mapped_column(
        text_enum(InvitationStatus), default=InvitationStatus.OPEN
    )
    accepted_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    organisation: Mapped[Organisation] = relationship()
    application: Mapped[Application | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        sa.CheckConstraint("kind = 'member' OR application_id IS NOT NULL", name="for_an_application"),
    )


class HandOver(Row):
    """An application given to a new person by the fund: one asks with a reason, another agrees."""

    __tablename__ = "hand_over"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    reason: Mapped[str] = mapped_column(sa.Text())
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    agreed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    agreed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])

    __table_args__ = (sa.CheckConstraint("agreed_by_id <> asked_by_id", name="two_people"),)
