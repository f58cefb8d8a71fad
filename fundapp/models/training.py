"""What a member of a panel has been trained in, and when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row
from fundapp.models.panel import PanelSeat


class PanelTraining(Row):
    """One topic of the call's training that a member has taken. Reading and marking wait for none of it."""

    __tablename__ = "panel_training"

    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    topic: Mapped[int]  # its place in the call's list, from 1
    taken_on: Mapped[date]

    seat: Mapped[PanelSeat] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("seat_id", "topic"),
        sa.CheckConstraint("topic >= 1", name="topics_from_one"),
    )
