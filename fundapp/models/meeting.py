"""The panel's meeting: who is there, what is on the table, what was agreed and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import ItemStatus
from fundapp.models.application import Application
from fundapp.models.award import Outcome
from fundapp.models.panel import Panel, PanelSeat


class Meeting(Row):
    """Of one panel; it may go on over several days until it is closed."""

    __tablename__ = "meeting"

    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), unique=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship()
    presences: Mapped[list[MeetingPresence]] = relationship(back_populates="meeting")

    @property
    def call_id(self) -> UUID:
        return self.panel.call_id


class MeetingPresence(Row):
    """One member's attendance. Who goes and comes again keeps the first time of coming."""

    __tablename__ = "meeting_presence"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    came_at: Mapped[datetime]
    went_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(back_populates="presences")
    seat: Mapped[PanelSeat] = relationship()

    __table_args__ = (sa.UniqueConstraint("meeting_id", "seat_id"),)


class MeetingItem(Row):
    """One application on the agenda.

    `agreed` holds levels by criterion; `took_part` the ids of seats that decided ("in") and were out ("out").
    """

    __tablename__ = "meeting_item"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    position: Mapped[int]
    tier: Mapped[str] = mapped_column(sa.String(20))  # a scoring.agenda.Tier, in lower case
    moved_reason: Mapped[str] = mapped_column(sa.Text(), default="")  # why it stands where it stands
    status: Mapped[ItemStatus] = mapped_column(text_enum(ItemStatus), default=ItemStatus.WAITING)
    room_is_clear: Mapped[bool] = mapped_column(default=False)  # who has a tie has left
    notes: Mapped[str] = mapped_column(sa.Text(), default="")
    agreed: Mapped[Json | None]
    outcome: Mapped[Outcome | None] = mapped_column(text_enum(Outcome))
    reason: Mapped[str] = mapped_column(sa.Text(), default="")
    votes: Mapped[int | None]  # in a vote between equal places
    took_part: Mapped[Json | None]
    version: Mapped[int] = mapped_column()

    meeting: Mapped[Meeting] = relationship()
    application: Mapped[Application] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.application.call_id

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("votes >= 0", name="votes_not_negative"),
        sa.CheckConstraint("status <> 'settled' OR reason <> ''", name="settled_says_why"),
    )
