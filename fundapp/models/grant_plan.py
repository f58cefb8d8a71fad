"""What a grant's money is for and until when: every agreed version, and each wish to change it.

A version is never written over; the newest one counts.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Money, Row, text_enum
from fundapp.models.award import Award
from fundapp.money_steps import VariationStatus


class VariationKind(StrEnum):
    MOVE = "move"  # small enough to be told afterwards
    BUDGET = "budget"
    EXTENSION = "extension"  # more time, the same money


class MovedDays(StrEnum):
    """What an extension takes along."""

    ALL = "all"  # every payment and conversation that is still to come
    CLOSING = "closing"  # the closing conversation alone


class GrantLine(Row):
    """What a part of the money is for, in the group's words. The name stays; versions hold its amount."""

    __tablename__ = "grant_line"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.Text())  # empty where the group gave no lines: the whole grant

    __table_args__ = (
        sa.UniqueConstraint("award_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )


class Variation(Row):
    """A change that the group tells or asks for, and the fund's answer."""

    __tablename__ = "variation"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    kind: Mapped[VariationKind] = mapped_column(text_enum(VariationKind))
    status: Mapped[VariationStatus] = mapped_column(text_enum(VariationStatus), index=True)
    words: Mapped[str] = mapped_column(sa.Text())  # why, in the group's own
    language: Mapped[str | None] = mapped_column(sa.String(20))
    ends_on: Mapped[date | None]  # of an extension
    moved_days: Mapped[MovedDays | None] = mapped_column(text_enum(MovedDays))
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    reply_due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(sa.Text(), default="")  # the group reads it
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()
    lines: Mapped[list[VariationLine]] = relationship(back_populates="variation")

    @property
    def call_id(self) -> UUID:
        return self.award.call_id

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("(kind = 'extension') = (ends_on IS NOT NULL)", name="extension_has_an_end"),
        sa.CheckConstraint("(ends_on IS NULL) = (moved_days IS NULL)", name="extension_moves_days"),
        sa.CheckConstraint("(kind = 'move') = (status = 'told')", name="moves_are_told"),
        sa.CheckConstraint(
            "(status IN ('agreed', 'refused')) = (decided_at IS NOT NULL)", name="decided_has_a_time"
        ),
        sa.CheckConstraint("decided_at IS NULL OR answer <> ''", name="answered_with_a_reason"),
        sa.CheckConstraint("kind = 'move' OR words <> ''", name="asked_with_a_reason"),
        sa.CheckConstraint("kind = 'move' OR reply_due_on IS NOT NULL", name="asked_has_a_day_of_reply"),
        sa.Index(
            "uq_variation_open",
            "award_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("status = 'asked'"),
            postgresql_where=sa.text("status = 'asked'"),
        ),
    )


class VariationLine(Row):
    """What one line would be, or has become."""

    __tablename__ = "variation_line"

    variation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("variation.id"), index=True)
    line_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant_line.id"))
    amount: Mapped[Money]

    variation: Mapped[Variation] = relationship(back_populates="lines")
    line: Mapped[GrantLine] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("variation_id", "line_id"),
        sa.CheckConstraint("amount >= 0", name="amount_not_negative"),
    )


class GrantVersion(Row):
    """What is agreed from that moment on. The first one stands in the agreement."""

    __tablename__ = "grant_version"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    number: Mapped[int]
    variation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("variation.id"), unique=True)
    ends_on: Mapped[date]
    days: Mapped[Json]  # of its payments and conversations, as they were planned then
    agreed_at: Mapped[datetime]

    award: Mapped[Award] = relationship()
    variation: Mapped[Variation | None] = relationship()
    lines: Mapped[list[GrantVersionLine]] = relationship(back_populates="version")

    __table_args__ = (
        sa.UniqueConstraint("award_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("(number = 1) = (variation_id IS NULL)", name="changed_by_a_variation"),
    )


class GrantVersionLine(Row):
    """The lines of a version add up to the grant, to the penny."""

    __tablename__ = "grant_version_line"

    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant_version.id"), index=True)
    line_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant_line.id"))
    amount: Mapped[Money]

    version: Mapped[GrantVersion] = relationship(back_populates="lines")
    line: Mapped[GrantLine] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("version_id", "line_id"),
        sa.CheckConstraint("amount >= 0", name="amount_not_negative"),
    )
