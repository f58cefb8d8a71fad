"""How a person may be reached without danger. A table of its own: it stands in no list, search or copy."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Row


class ContactRule(Row):
    """What somebody said about mail to their address. Without a row mail is safe, at any hour."""

    __tablename__ = "contact_rule"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    mail_is_safe: Mapped[bool] = mapped_column(default=True)
    hours_from: Mapped[int | None]  # London hours between which mail may arrive
    hours_to: Mapped[int | None]
    wants_reminders: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        sa.CheckConstraint("(hours_from IS NULL) = (hours_to IS NULL)", name="both_hours_or_none"),
        sa.CheckConstraint(
            "hours_from BETWEEN 0 AND 23 AND hours_to BETWEEN 0 AND 23 AND hours_from <> hours_to",
            name="hours_of_a_day",
        ),
    )
