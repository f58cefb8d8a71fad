"""What somebody pressed Save on after the sign-in had run out, until they are back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Row


class UnsavedText(Row):
    """One page of one person, sealed with a key made of the secret and that person: a copy of the table is
    of no use, and nobody else's sign-in opens it."""

    __tablename__ = "unsaved_text"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    page: Mapped[str] = mapped_column(sa.String(300))  # where it is shown again
    sealed: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (sa.UniqueConstraint("user_id", "page"),)
