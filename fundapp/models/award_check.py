"""Conditions of a grant: what may come after its agreement, with a day and with help."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.check_steps import ConditionStatus
from fundapp.db import Row, text_enum
from fundapp.models.award import Award
from fundapp.models.user import User


class AwardCondition(Row):
    """The group agrees to `words` and `due_on`; more time needs no new agreement."""

    __tablename__ = "award_condition"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    words: Mapped[str] = mapped_column(sa.Text())
    help: Mapped[str] = mapped_column(sa.Text())
    due_on: Mapped[date]
    more_time_until: Mapped[date | None]
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    status: Mapped[ConditionStatus] = mapped_column(
        text_enum(ConditionStatus), default=ConditionStatus.OPEN, index=True
    )
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(sa.Text(), default="")

    award: Mapped[Award] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)

    @property
    def call_id(self) -> UUID:
        return self.award.call_id

    @property
    def until(self) -> date:
        return self.more_time_until or self.due_on

    __table_args__ = (
        sa.CheckConstraint("words <> '' AND help <> ''", name="says_what_and_who_helps"),
        sa.CheckConstraint("more_time_until > due_on", name="more_time_is_more"),
        sa.CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled_has_a_time"),
        sa.CheckConstraint("status <> 'lifted' OR note <> ''", name="lifted_says_why"),
    )
