"""What somebody of an umbrella organisation says about one claim, when the fund asks."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.claim_steps import OpinionStatus
from fundapp.db import Row, text_enum
from fundapp.models.application import Application
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.user import User


class OpinionView(StrEnum):
    AGREES = "agrees"
    DOES_NOT_AGREE = "does_not_agree"
    CANNOT_SAY = "cannot_say"


class ClaimOpinion(Row):
    """Advice: two people of the fund decide all the same. A person is asked once about a claim."""

    __tablename__ = "claim_opinion"

    claim_id: Mapped[UUID] = mapped_column(sa.ForeignKey("by_and_for_claim.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    question: Mapped[str] = mapped_column(sa.Text())
    shown: Mapped[list[str]] = mapped_column(
        sa.JSON(), default=list
    )  # keys of the questions whose answers are
    answer_by: Mapped[date]
    status: Mapped[OpinionStatus] = mapped_column(
        text_enum(OpinionStatus), default=OpinionStatus.ASKED, index=True
    )
    view: Mapped[OpinionView | None] = mapped_column(text_enum(OpinionView))
    reason: Mapped[str] = mapped_column(sa.Text(), default="")
    answered_at: Mapped[datetime | None]

    claim: Mapped[ByAndForClaim] = relationship()
    application: Mapped[Application] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        sa.UniqueConstraint("claim_id", "user_id"),
        sa.CheckConstraint("(status = 'answered') = (view IS NOT NULL)", name="answered_has_a_view"),
        sa.CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="settled_has_a_time"),
        sa.CheckConstraint("status <> 'answered' OR reason <> ''", name="answered_says_why"),
    )
