"""Sessions of help for the groups of a call, and which groups come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.support import SupportTopic
from fundapp.models.user import User
from fundapp.support_steps import PlaceStatus, SessionStatus


class SupportSession(Row):
    """`place`: a room or an address online, for those who come alone."""

    __tablename__ = "support_session"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    topic: Mapped[SupportTopic] = mapped_column(text_enum(SupportTopic))
    starts_at: Mapped[datetime]
    is_online: Mapped[bool]
    place: Mapped[str] = mapped_column(sa.Text())
    languages: Mapped[list[str]] = mapped_column(sa.JSON())
    has_interpreters: Mapped[bool]
    has_child_care: Mapped[bool]
    costs: Mapped[str] = mapped_column(sa.Text(), default="")  # what is paid to those who come
    places: Mapped[int]  # for people
    status: Mapped[SessionStatus] = mapped_column(text_enum(SessionStatus), default=SessionStatus.PLANNED)
    why: Mapped[str] = mapped_column(sa.Text(), default="")  # it was cancelled
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("places > 0", name="some_places"),
        sa.CheckConstraint("status <> 'cancelled' OR why <> ''", name="cancelled_says_why"),
    )


class SupportPlace(Row):
    """A group that comes, waits, or has taken it back. `asked_at`: the order of those who wait."""

    __tablename__ = "support_place"

    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("support_session.id"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    said_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    people: Mapped[int]
    needs: Mapped[str] = mapped_column(sa.Text(), default="")
    status: Mapped[PlaceStatus] = mapped_column(text_enum(PlaceStatus))
    asked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    session: Mapped[SupportSession] = relationship()
    application: Mapped[Application] = relationship()
    said_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("session_id", "application_id"),
        sa.CheckConstraint("people > 0", name="somebody_comes"),
    )

    @property
    def call_id(self) -> UUID:
        return self.application.call_id
