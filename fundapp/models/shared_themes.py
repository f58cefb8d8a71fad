"""What the fund tells everybody about the themes of a year."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.told_steps import SharedThemesStatus


class SharedThemes(Row):
    """Announced to the groups first; from `open_from` on a person publishes it. `content` is worked out once
    and kept: whoever compared two days would see what became of one group.
    """

    __tablename__ = "shared_themes"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    year: Mapped[int]
    status: Mapped[SharedThemesStatus] = mapped_column(
        text_enum(SharedThemesStatus), default=SharedThemesStatus.ANNOUNCED
    )
    open_from: Mapped[date]
    announced_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    content: Mapped[Json] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    published_by: Mapped[User | None] = relationship(foreign_keys=published_by_id)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("call_id", "year"),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name="year_of_a_calendar"),
        sa.CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published_at_a_time"),
    )
