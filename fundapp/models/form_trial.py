"""The form of a call that nobody can apply to yet, filled in to try it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.user import User


class FormTrial(Row):
    """People read "test application"; it is none. Nothing that an application can have can point to it.

    It carries the status of its call, which the database keeps in step: while one is left, no call opens.
    """

    __tablename__ = "form_trial"

    call_id: Mapped[UUID]
    call_status: Mapped[CallStatus] = mapped_column(text_enum(CallStatus))
    language: Mapped[str] = mapped_column(sa.String(20))
    answers: Mapped[Json]  # by question
    form_digest: Mapped[str] = mapped_column(sa.String(64))  # of the questions that were answered
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    call: Mapped[Call] = relationship(
        primaryjoin=lambda: FormTrial.call_id == Call.id,
        foreign_keys=lambda: FormTrial.call_id,
        viewonly=True,
    )
    sent_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.ForeignKeyConstraint(["call_id", "call_status"], ["call.id", "call.status"], onupdate="CASCADE"),
        sa.CheckConstraint("call_status IN ('draft', 'co_design', 'published')", name="before_opening"),
        sa.Index(None, "call_id", "call_status"),
    )
