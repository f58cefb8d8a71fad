"""The outbox: mails and jobs promised inside a change and carried out after it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row
from fundapp.models.user import User


class OutboxJob(Row):
    """Work that must happen once. Done when `done_at` is set; claimed while `leased_until` lies ahead."""

    __tablename__ = "outbox_job"

    kind: Mapped[str] = mapped_column(sa.String(60))
    arguments: Mapped[Json]  # ids only
    due_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(200))  # class of the error, no free text
    once_key: Mapped[str | None] = mapped_column(sa.String(160), unique=True)


class Message(Row):
    """A mail to one person, in that person's language. Its words are made when it is sent."""

    __tablename__ = "message"

    recipient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    arguments: Mapped[Json]
    language: Mapped[str] = mapped_column(sa.String(20))
    sent_at: Mapped[datetime | None]
    subject: Mapped[str | None] = mapped_column(sa.String(200))
    body: Mapped[str | None] = mapped_column(sa.Text())  # kept only where the demo shows its mail
    address: Mapped[str | None] = mapped_column(sa.String(254))  # instead of the person's own, until sent
    waits_since: Mapped[datetime | None]  # mail is not safe: the notice waits on the person's first page

    recipient: Mapped[User] = relationship()
