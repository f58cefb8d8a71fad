"""Organisations beside the group: who holds its money, and who does the work with it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Money, Row, text_enum
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application
from fundapp.models.invitation import Invitation
from fundapp.models.organisation import Organisation


class Decider(StrEnum):
    """Who decides on spending. Who holds the money is the host, always."""

    GROUP = "group"
    TOGETHER = "together"
    HOST = "host"


class FiscalHost(Row):
    """An organisation that holds the money of a group without an account of its own.

    Who decides and who holds are two facts. `text` is what was shown and typed when the host gave its word.
    """

    __tablename__ = "fiscal_host"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    invitation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("invitation.id"), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    status: Mapped[WordStatus] = mapped_column(text_enum(WordStatus), default=WordStatus.INVITED)
    signed_by: Mapped[str | None] = mapped_column(sa.String(200))
    fee_percent: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    decides: Mapped[Decider | None] = mapped_column(text_enum(Decider))
    text: Mapped[str | None] = mapped_column(sa.Text())
    text_digest: Mapped[str | None] = mapped_column(sa.String(64))
    answered_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.Text())

    application: Mapped[Application] = relationship()
    invitation: Mapped[Invitation] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "status <> 'confirmed' OR (organisation_id IS NOT NULL AND signed_by IS NOT NULL AND "
            "fee_percent IS NOT NULL AND decides IS NOT NULL AND text_digest IS NOT NULL AND "
            "answered_at IS NOT NULL)",
            name="confirmed_in_writing",
        ),
        sa.CheckConstraint("fee_percent >= 0", name="fee_not_negative"),
    )


class Partner(Row):
    """An organisation named in a partnership, and its own word on its share.

    `organisation_id` is set while it takes part: nobody is a partner twice in one round.
    """

    __tablename__ = "partner"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"))
    invitation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("invitation.id"), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))  # as the leading group wrote it
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    status: Mapped[WordStatus] = mapped_column(text_enum(WordStatus), default=WordStatus.INVITED)
    amount: Mapped[Money | None]  # the share it said yes to
    answered_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.Text())

    application: Mapped[Application] = relationship()
    invitation: Mapped[Invitation] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("round_id", "organisation_id"),
        sa.CheckConstraint(
            "status <> 'confirmed' OR (organisation_id IS NOT NULL AND amount IS NOT NULL AND "
            "answered_at IS NOT NULL)",
            name="confirmed_says_how_much",
        ),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
    )
