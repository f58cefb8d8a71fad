"""Calls, their versions and their rounds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import CallStatus
from fundapp.models.fund import Fund


class Call(Row):
    """One published invitation. What it says and asks stands in its versions."""

    __tablename__ = "call"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    status: Mapped[CallStatus] = mapped_column(text_enum(CallStatus), default=CallStatus.DRAFT)
    made_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("call.id"))  # the call it was copied from
    version: Mapped[int] = mapped_column()

    fund: Mapped[Fund] = relationship()
    versions: Mapped[list[CallVersion]] = relationship(back_populates="call", order_by="CallVersion.number")
    rounds: Mapped[list[Round]] = relationship(back_populates="call", order_by="Round.opens_at")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.Index(None, "id", "status", unique=True),)  # what belongs to a call in one state


class CallVersion(Row):
    """The whole content of a call (the data of `fundapp.call_file`), unchangeable once frozen."""

    __tablename__ = "call_version"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    number: Mapped[int]
    content: Mapped[Json]
    digest: Mapped[str] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship(back_populates="versions")

    __table_args__ = (sa.UniqueConstraint("call_id", "number"),)


class Round(Row):
    """One application window, with the dates that decide (UTC)."""

    __tablename__ = "round"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    opens_at: Mapped[datetime]
    eoi_closes_at: Mapped[datetime]
    full_closes_at: Mapped[datetime]
    scoring_opens_at: Mapped[datetime]
    scoring_closes_at: Mapped[datetime]
    panel_meets_at: Mapped[datetime]
    told_at: Mapped[datetime]  # promised date on which everybody hears
    grace_minutes: Mapped[int] = mapped_column(default=0)
    new_dates: Mapped[Json | None]  # promised days that were moved, by step, each with its reason

    call: Mapped[Call] = relationship(back_populates="rounds")

    __table_args__ = (
        sa.UniqueConstraint("call_id", "code"),
        sa.CheckConstraint(
            "opens_at < eoi_closes_at AND eoi_closes_at < full_closes_at", name="dates_in_order"
        ),
    )


class CallNotice(Row):
    """What changed after a call was published, said to everybody with a date. The version stays as it is."""

    __tablename__ = "call_notice"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    text: Mapped[Json]  # by language
    given_at: Mapped[datetime]
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    call: Mapped[Call] = relationship()
