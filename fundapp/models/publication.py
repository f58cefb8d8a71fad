"""What the fund decided about a grant in open data, after somebody has read every word of it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row
from fundapp.models.award import Award


def words_digest(award: Award) -> str:
    return hashlib.sha256(f"{award.public_title}\x00{award.public_summary}".encode()).hexdigest()


class GrantPublication(Row):
    """Without a row nobody has read the grant yet, and it is not in open data."""

    __tablename__ = "grant_publication"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), unique=True)
    is_published: Mapped[bool]  # not: kept out, and counted as withheld for safety
    is_coarse: Mapped[bool] = mapped_column(default=False)  # London instead of the borough
    not_before: Mapped[date | None]
    shares_dei: Mapped[bool] = mapped_column(default=False)  # the group lets us say who leads it
    reason: Mapped[str | None] = mapped_column(sa.Text())  # why held, later or coarse; never published
    read_digest: Mapped[str] = mapped_column(sa.String(64))  # of the words that were read
    reviewed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    reviewed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.award.call_id

    @property
    def is_outdated(self) -> bool:
        """The words were changed after somebody had read them."""
        return self.is_published and self.read_digest != words_digest(self.award)

    def is_withheld_on(self, day: date) -> bool:
        """Whatever became of the words since."""
        return not self.is_published or (self.not_before is not None and self.not_before > day)

    def is_open_on(self, day: date) -> bool:
        return not self.is_outdated and not self.is_withheld_on(day)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(is_published AND NOT is_coarse AND not_before IS NULL) OR reason IS NOT NULL",
            name="less_than_all_says_why",
        ),
    )
