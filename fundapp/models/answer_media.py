"""Answers that were not simply typed: where a text comes from, and recordings with their transcripts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.application import Answer
from fundapp.models.fund import FundRoleKind


class OriginKind(StrEnum):
    PHONE_INTERVIEW = "phone_interview"  # somebody of the fund typed what the group said
    PASTED = "pasted"  # the group's own text, from another application


class AnswerOrigin(Row):
    """Where the text of one save comes from. A text without such a row was typed by the group.

    Later saves of the same answer are the group's own: that is how it corrects what was typed for it.
    """

    __tablename__ = "answer_origin"

    answer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("answer.id"), index=True)
    rev: Mapped[int]  # the save it is about; 0: what the group has corrected in an earlier stage
    kind: Mapped[OriginKind] = mapped_column(text_enum(OriginKind))
    pasted_from: Mapped[str | None] = mapped_column(sa.String(200))
    typed_by_role: Mapped[FundRoleKind | None] = mapped_column(text_enum(FundRoleKind))
    noted_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    answer: Mapped[Answer] = relationship(back_populates="origins")

    __table_args__ = (
        sa.UniqueConstraint("answer_id", "rev"),
        sa.CheckConstraint(
            "(kind = 'phone_interview') = (typed_by_role IS NOT NULL)", name="role_of_who_typed"
        ),
    )
