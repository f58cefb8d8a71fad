"""Messages between a group and the fund, and dates the fund has promised and missed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.application import Application
from fundapp.models.user import User


class ThreadMessage(Row):
    """One message about an application. A group sees the fund, never who of the fund wrote."""

    __tablename__ = "thread_message"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    from_fund: Mapped[bool]
    by_helper: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(sa.Text())
    once: Mapped[str] = mapped_column(sa.String(64))  # the page it came from: sent twice is one message
    answer_due_on: Mapped[date | None]  # the group's: until when the fund has promised an answer
    due_reason: Mapped[str | None] = mapped_column(sa.Text())  # why that date was changed, for the group
    settled_at: Mapped[datetime | None]  # the group's: answered, or needs no answer

    application: Mapped[Application] = relationship()
    author: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("application_id", "once"),
        sa.CheckConstraint("from_fund OR answer_due_on IS NOT NULL", name="groups_are_promised_an_answer"),
    )


class PromiseKind(StrEnum):
    """Steps of the timetable that groups wait for, and an answer in the thread."""

    EOI_ANSWERED = "eoi_answered"
    EVERYBODY_TOLD = "everybody_told"
    FEEDBACK = "feedback"
    REPLY = "reply"


class MissedPromise(Row):
    """One group that was still waiting after a promised day. The row is its apology, and stays."""

    __tablename__ = "missed_promise"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    kind: Mapped[PromiseKind] = mapped_column(text_enum(PromiseKind))
    message_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("thread_message.id"))
    promised_on: Mapped[date]
    new_date: Mapped[date | None]
    new_reason: Mapped[str | None] = mapped_column(sa.Text())
    kept_at: Mapped[datetime | None]  # when the waiting had an end after all
    once_key: Mapped[str] = mapped_column(sa.String(160), unique=True)

    application: Mapped[Application] = relationship()
    message: Mapped[ThreadMessage | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(kind = 'reply') = (message_id IS NOT NULL)", name="reply_to_a_message"),
    )
