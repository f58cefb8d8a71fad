"""Sessions in which the groups shape a call, what was said, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.call_file.codesign import CodesignResponse, Topic
from fundapp.db import Json, Row, text_enum
from fundapp.models.call import Call


class CodesignSession(Row):
    """A meeting that shaped the call. People are counts, never names."""

    __tablename__ = "codesign_session"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    held_on: Mapped[date]
    content: Mapped[Json]  # the call file's session: place, languages, offers, counts

    call: Mapped[Call] = relationship()

    __table_args__ = (sa.UniqueConstraint("call_id", "key"),)


class CodesignPoint(Row):
    """One thing that was said. `changed` names what it changed, e.g. "question:Q5"."""

    __tablename__ = "codesign_point"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    session_key: Mapped[str | None] = mapped_column(sa.String(40))
    topic: Mapped[Topic] = mapped_column(text_enum(Topic))
    said_by: Mapped[Json]  # the role in words, by language
    said: Mapped[Json]  # by language
    response: Mapped[CodesignResponse | None] = mapped_column(text_enum(CodesignResponse))
    reason: Mapped[Json | None]  # by language
    what_changed: Mapped[Json | None]  # by language
    changed: Mapped[Json]  # {"things": ["question:E9", …]}
    decided_by: Mapped[Json | None]  # by language
    decided_on: Mapped[date | None]
    next_review: Mapped[date | None]
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("call_id", "key"),
        sa.CheckConstraint(
            "response IS NULL OR (reason IS NOT NULL AND decided_by IS NOT NULL AND decided_on IS NOT NULL)",
            name="an_answer_says_why_who_when",
        ),
    )
