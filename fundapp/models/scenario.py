"""What-ifs of a round, kept beside the list so that the panel can talk about them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row
from fundapp.models.call import Round


class Scenario(Row):
    """A named what-if. `changes` holds only what differs from the call (queries.what_if.Changes)."""

    __tablename__ = "scenario"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    changes: Mapped[Json]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    round: Mapped[Round] = relationship()

    __table_args__ = (sa.UniqueConstraint("round_id", "name"),)
