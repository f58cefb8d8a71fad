"""Filling the open seats of a panel: who offers themselves, and the draw among them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import CandidateStatus
from fundapp.models.call import Round
from fundapp.models.panel import SeatKind
from fundapp.models.user import User


class PanelCandidate(Row):
    """Somebody who would take a drawn seat, until the panel is complete. `number` alone is ever public."""

    __tablename__ = "panel_candidate"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    kind: Mapped[SeatKind] = mapped_column(text_enum(SeatKind))
    number: Mapped[str] = mapped_column(sa.String(12))
    status: Mapped[CandidateStatus] = mapped_column(
        text_enum(CandidateStatus), default=CandidateStatus.OFFERED
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    language: Mapped[str] = mapped_column(sa.String(12))  # in which we write to them
    reads_in: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)
    groups: Mapped[Json]  # by question of the call; "" where they would rather not say
    said_yes_at: Mapped[datetime | None]  # the fund has to give the seat yet
    said_no_at: Mapped[datetime | None]  # and where nobody could come next, the fund has to act
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))  # none: by the public form

    round: Mapped[Round] = relationship()
    added_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("email <> '' OR phone <> ''", name="can_be_reached"),
    )

    @property
    def call_id(self) -> UUID:
        return self.round.call_id


class PanelDraw(Row):
    """The draw for one kind of seat. The fingerprint of its seed is public from the beginning, what is drawn
    from once it is fixed, the seed with the draw. No name is in it.
    """

    __tablename__ = "panel_draw"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    kind: Mapped[SeatKind] = mapped_column(text_enum(SeatKind))
    seed: Mapped[str] = mapped_column(sa.String(64))  # hexadecimal
    commitment: Mapped[str] = mapped_column(sa.String(64))
    mixed_with: Mapped[str] = mapped_column(sa.String(300), default="")  # a public value that comes later
    quotas: Mapped[list[Json]] = mapped_column(sa.JSON(), default=list)
    quotas_reason: Mapped[str] = mapped_column(sa.Text(), default="")  # where they are not those of the call
    fixed: Mapped[Json | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    fixed_at: Mapped[datetime | None]
    announced_value: Mapped[str] = mapped_column(sa.String(300), default="")
    drawn_at: Mapped[datetime | None]
    drawn: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)
    replacements: Mapped[list[Json]] = mapped_column(sa.JSON(), default=list)
    panel: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)  # after all replacements
    forgotten_at: Mapped[datetime | None]  # names and contacts are deleted

    round: Mapped[Round] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("round_id", "kind"),
        sa.CheckConstraint("(fixed_at IS NULL) = (digest IS NULL)", name="fixed_with_its_digest"),
        sa.CheckConstraint("drawn_at IS NULL OR fixed_at IS NOT NULL", name="drawn_once_fixed"),
        sa.CheckConstraint("drawn_at >= fixed_at", name="drawn_after_it_was_fixed"),
    )

    @property
    def call_id(self) -> UUID:
        return self.round.call_id
