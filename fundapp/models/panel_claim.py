"""What panel members ask to be paid: fees for their work, and what taking part has cost them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Money, Row, text_enum
from fundapp.lifecycles import PanelClaimStatus
from fundapp.models.file import StoredFile
from fundapp.models.panel import PanelSeat
from fundapp.models.user import User


class ClaimFor(StrEnum):
    FEE = "fee"
    CARE = "care"
    TRAVEL = "travel"
    DATA = "data"
    INTERPRETER = "interpreter"
    OTHER = "other"


class PanelClaim(Row):
    """One sum a member asks for.

    A fee keeps the half days asked for beside those counted on that day, so that nobody who decides on it
    has to look at what the member has read. The way of payment is the member's choice until it is paid.
    """

    __tablename__ = "panel_claim"

    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    kind: Mapped[ClaimFor] = mapped_column(text_enum(ClaimFor))
    amount: Mapped[Money]
    half_days: Mapped[int | None]
    counted_half_days: Mapped[int | None]
    what_for: Mapped[str] = mapped_column(sa.Text(), default="")
    receipt_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    status: Mapped[PanelClaimStatus] = mapped_column(
        text_enum(PanelClaimStatus), default=PanelClaimStatus.ASKED
    )
    asked_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    returned_reason: Mapped[str] = mapped_column(sa.Text(), default="")
    paid_at: Mapped[datetime | None]
    paid_way: Mapped[str | None] = mapped_column(sa.String(40))  # a key of the call's ways
    once: Mapped[str] = mapped_column(sa.String(64))

    seat: Mapped[PanelSeat] = relationship()
    receipt: Mapped[StoredFile | None] = relationship()
    approved_by: Mapped[User | None] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.seat.panel.call_id

    __table_args__ = (
        sa.UniqueConstraint("seat_id", "once"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("(kind = 'fee') = (half_days IS NOT NULL)", name="fee_has_half_days"),
        sa.CheckConstraint("(kind = 'fee') = (counted_half_days IS NOT NULL)", name="fee_was_counted"),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_at IS NOT NULL) AND (status = 'paid') = (paid_way IS NOT NULL)",
            name="paid_once_and_somehow",
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid') OR approved_by_id IS NOT NULL", name="approved_by_somebody"
        ),
        sa.CheckConstraint("status <> 'returned' OR returned_reason <> ''", name="returned_says_why"),
    )
