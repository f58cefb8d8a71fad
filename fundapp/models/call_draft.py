"""What a call that is being built says at the moment, where it is not whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Json, Row


class CallDraft(Row):
    """One for each call whose working content has problems; a whole content stands in the version itself."""

    __tablename__ = "call_draft"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    content: Mapped[Json]  # the data of a call file, perhaps wrong in parts
    digest: Mapped[str] = mapped_column(sa.String(64))
    changed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
