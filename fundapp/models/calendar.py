"""A person's calendar address. Whoever has it reads the dates, so it can be stopped and made anew."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row
from fundapp.models.user import User


class CalendarFeed(Row):
    """One a person. The key in its address follows from `salt` and our secret, and is stored nowhere."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    salt: Mapped[str] = mapped_column(sa.String(64))

    user: Mapped[User] = relationship()
