"""Copies of applications without names, for readers who should judge the work and not who does it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row
from fundapp.models.application import Application
from fundapp.models.call import Round


class RedactedCopy(Row):
    """What readers see in place of an application: each piece of text as somebody of the fund left it.

    Readers get `shown` alone. A piece that is not in it is not shown at all, never in its original.
    """

    __tablename__ = "redacted_copy"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    number: Mapped[int]  # by which readers know it; drawn by lot, so that it says nothing
    written: Mapped[Json] = mapped_column(default=dict)  # by piece: text, and digest of its original
    shown: Mapped[Json] = mapped_column(default=dict)  # the same, as it was last confirmed
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship(back_populates="redacted_copy")
    round: Mapped[Round] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)

    def passage(self, piece: str) -> str | None:
        """As readers may see it; none: not yet."""
        kept = self.shown.get(piece)
        return kept["text"] if kept else None
