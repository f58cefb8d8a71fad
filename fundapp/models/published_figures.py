"""What everybody may read about how a call went, worked out once and kept."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row
from fundapp.models.call import Call


class PublishedFigures(Row):
    """Figures of one day. They are not worked out anew for each reader: whoever compared the page of
    yesterday with the page of today would see what became of one group.
    """

    __tablename__ = "published_figures"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    on_day: Mapped[date]
    content: Mapped[Json]

    call: Mapped[Call] = relationship()

    __table_args__ = (sa.UniqueConstraint("call_id", "on_day"),)
