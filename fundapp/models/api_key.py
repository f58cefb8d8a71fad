"""Keys with which a fund's own tools read what one of its people may see."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row
from fundapp.models.fund import Fund
from fundapp.models.user import User


class ApiScope(StrEnum):
    """What a key may read, on top of what its person may see."""

    CALLS = "calls"
    APPLICATIONS = "applications"
    AWARDS = "awards"
    PAYMENTS = "payments"
    CHECK_INS = "check_ins"


class ApiKey(Row):
    """Never the key itself: `digest` is its SHA-256, so nobody can use what is stored here."""

    __tablename__ = "api_key"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))  # of the tool, as its person knows it
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[Json] = mapped_column()  # list of ApiScope
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]  # to the hour

    fund: Mapped[Fund] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint("expires_at > created_at", name="ends_after_it_begins"),)

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
