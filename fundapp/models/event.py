"""What happened: append-only rows, each sealed to the one before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, Json


class Event(Base):
    """Who did which step to what, when and why.

    `digest` covers every column but `reason`; of the reason only its salted digest is covered, so that a
    reason can be erased on request and the chain still verifies.
    """

    __tablename__ = "event"

    number: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    call_id: Mapped[UUID | None] = mapped_column(index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID] = mapped_column(index=True)
    step: Mapped[str] = mapped_column(sa.String(60))
    details: Mapped[Json]
    reason: Mapped[str | None] = mapped_column(sa.Text())
    reason_salt: Mapped[str | None] = mapped_column(sa.String(64))
    reason_digest: Mapped[str | None] = mapped_column(sa.String(64))
    previous_digest: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)


class EventChain(Base):
    """The newest link of the chain; its row lock puts events in one order."""

    __tablename__ = "event_chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(sa.BigInteger())
    last_digest: Mapped[str] = mapped_column(sa.String(64))
