"""What groups say about the fund, without anything that could lead back to them; and what the fund changed.

An answer has no person, no group and no time. Every new answer writes the whole box of its call again, in a
new random order under new ids, so that not even the database's own marks (`rowid`, `xmin`, `ctid`) tell which
came last. It is shown once so many wait that nobody can tell whose it is: all of them become one batch.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, Json, Row, text_enum
from fundapp.models.call import Call

ENOUGH = 5  # so many answers to one question become readable together


class FeedbackMoment(StrEnum):
    """When groups are asked."""

    DECISION = "decision"
    MONTH_12 = "month_12"
    END = "end"


class FeedbackAnswer(Base):
    """One answer to one question. Answers of one group are not joined to each other either."""

    __tablename__ = "feedback_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    moment: Mapped[FeedbackMoment] = mapped_column(text_enum(FeedbackMoment))
    question_key: Mapped[str] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text())
    batch: Mapped[int] = mapped_column(default=0)  # 0: waits, and nobody reads it
    hidden_why: Mapped[str] = mapped_column(sa.Text(), default="")

    __table_args__ = (
        sa.CheckConstraint("batch >= 0", name="batch_not_negative"),
        sa.CheckConstraint("hidden_why = '' OR batch > 0", name="hidden_once_read"),
        {"sqlite_with_rowid": False},
    )


class FeedbackYear(Row):
    """What the fund heard in a year and what it changed, for everybody; and where it is talked about next."""

    __tablename__ = "feedback_year"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    year: Mapped[int]
    heard: Mapped[Json]  # by language
    changed: Mapped[Json]  # by language
    published_at: Mapped[datetime]
    published_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    taken_to_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("call.id"))
    point_key: Mapped[str | None] = mapped_column(sa.String(40))

    call: Mapped[Call] = relationship(foreign_keys=[call_id])
    taken_to: Mapped[Call | None] = relationship(foreign_keys=[taken_to_id])

    __table_args__ = (
        sa.UniqueConstraint("call_id", "year"),
        sa.CheckConstraint("(taken_to_id IS NULL) = (point_key IS NULL)", name="taken_as_a_point"),
    )
