"""People who sign in, their codes and sessions, and limits on tries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, Json, Row


class User(Row):
    """A person. Staff have a passphrase and a one-time-code secret; everybody else signs in by mail code."""

    __tablename__ = "user"

    email: Mapped[str] = mapped_column(sa.String(254), unique=True)  # stored in lower case
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    language: Mapped[str] = mapped_column(sa.String(20), default="en")
    is_staff: Mapped[bool] = mapped_column(default=False)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    passphrase_hash: Mapped[str | None] = mapped_column(sa.String(200))
    totp_secret: Mapped[str | None] = mapped_column(sa.String(64))
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger())
    sessions_valid_from: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        sa.CheckConstraint("passphrase_hash IS NULL OR is_staff", name="passphrase_for_staff_only"),
    )

    # what Flask-Login asks for
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return not self.is_disabled

    @property
    def shown_name(self) -> str:
        """For colleagues: whoever gave no name is known by the address."""
        return self.name or self.email

    def get_id(self) -> str:
        return str(self.id)


class SignInCode(Row):
    """A mailed six-digit code; only digests are stored. Made for unknown addresses too: nothing differs."""

    __tablename__ = "sign_in_code"

    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    code_digest: Mapped[str] = mapped_column(sa.String(64))
    browser_digest: Mapped[str] = mapped_column(sa.String(64), index=True)  # of the asking browser's nonce
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()


class UserSession(Row):
    """One browser's session. `token_digest` is the SHA-256 of the cookie's value."""

    __tablename__ = "user_session"

    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    data: Mapped[Json] = mapped_column(default=dict)
    last_seen_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]  # last time a second factor was shown
    is_shared_device: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TryCount(Base):
    """How often something limited was tried in a window, e.g. `sign_in:address:<digest>`."""

    __tablename__ = "try_count"

    key: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]
