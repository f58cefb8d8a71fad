"""What the fund owes to the people whose data it keeps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.application import Application
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.rights_steps import BreachStatus, OutsideStatus

CLOCK = timedelta(hours=72)  # UK GDPR, article 33


class LegalHold(Row):
    """Nothing of this application is erased by itself until somebody ends this, whatever its age."""

    __tablename__ = "legal_hold"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text())
    placed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()

    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="says_why"),
        sa.Index(
            "uq_legal_hold_in_force",
            "application_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class OutsideRequest(Row):
    """An authority, or anybody else outside, asks for data. Nothing is given without two people.

    `given` is what goes out, word for word; its digest is written into the record when it goes.
    """

    __tablename__ = "outside_request"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    application_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("application.id"), index=True)
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    basis: Mapped[str] = mapped_column(sa.Text())  # the law or order, quoted
    asked: Mapped[str] = mapped_column(sa.Text())
    is_order: Mapped[bool]  # of a court, or a law that leaves us no choice
    for_immigration: Mapped[bool]
    received_on: Mapped[date]
    due_on: Mapped[date]
    entered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    status: Mapped[OutsideStatus] = mapped_column(
        text_enum(OutsideStatus), default=OutsideStatus.RECEIVED, index=True
    )
    given: Mapped[str] = mapped_column(sa.Text(), default="")
    proposed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    agreed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    release_digest: Mapped[str | None] = mapped_column(sa.String(64))
    ended_at: Mapped[datetime | None]  # released or refused
    refusal_reason: Mapped[str] = mapped_column(sa.Text(), default="")
    told_at: Mapped[datetime | None]
    told_words: Mapped[str] = mapped_column(sa.Text(), default="")
    forbidden_reason: Mapped[str] = mapped_column(sa.Text(), default="")  # why the group may not be told
    version: Mapped[int] = mapped_column()

    fund: Mapped[Fund] = relationship()
    application: Mapped[Application | None] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=proposed_by_id)
    agreed_by: Mapped[User | None] = relationship(foreign_keys=agreed_by_id)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("agreed_by_id <> proposed_by_id", name="two_people"),
        sa.CheckConstraint(
            "status NOT IN ('proposed', 'released') OR (proposed_by_id IS NOT NULL AND given <> '')",
            name="proposed_says_what",
        ),
        sa.CheckConstraint(
            "(status = 'released') = (agreed_by_id IS NOT NULL AND release_digest IS NOT NULL)",
            name="released_by_a_second_person",
        ),
        sa.CheckConstraint("(status IN ('released', 'refused')) = (ended_at IS NOT NULL)", name="has_an_end"),
        sa.CheckConstraint("(status = 'refused') = (refusal_reason <> '')", name="refused_says_why"),
        sa.CheckConstraint(
            "status <> 'released' OR application_id IS NULL OR told_at IS NOT NULL OR forbidden_reason <> ''",
            name="told_before_it_goes",
        ),
        sa.CheckConstraint(
            "NOT (status = 'released' AND for_immigration AND NOT is_order)", name="nothing_for_immigration"
        ),
        sa.CheckConstraint("(told_at IS NULL) = (told_words = '')", name="told_in_words"),
    )


class BreachRisk(StrEnum):
    """For the people whose data it is."""

    UNLIKELY = "unlikely"
    LIKELY = "likely"
    HIGH = "high"


class IcoDecision(StrEnum):
    TOLD = "told"
    NOT_TOLD = "not_told"


class Breach(Row):
    """Data that was lost, changed or seen by somebody who should not. Even a small one is written down."""

    __tablename__ = "breach"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    application_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("application.id"), index=True)
    what: Mapped[str] = mapped_column(sa.Text())
    found_at: Mapped[datetime]
    due_at: Mapped[datetime]  # 72 hours later, by the clock of the world
    entered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    status: Mapped[BreachStatus] = mapped_column(
        text_enum(BreachStatus), default=BreachStatus.OPEN, index=True
    )
    risk: Mapped[BreachRisk | None] = mapped_column(text_enum(BreachRisk))
    ico: Mapped[IcoDecision | None] = mapped_column(text_enum(IcoDecision))
    ico_at: Mapped[datetime | None]
    ico_reason: Mapped[str] = mapped_column(sa.Text(), default="")
    late_reason: Mapped[str] = mapped_column(sa.Text(), default="")
    people_told_at: Mapped[datetime | None]
    people_words: Mapped[str] = mapped_column(sa.Text(), default="")  # who was told and how, or why nobody
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    fund: Mapped[Fund] = relationship()
    application: Mapped[Application | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(ico IS NULL) = (ico_at IS NULL) AND (ico IS NULL) = (risk IS NULL)", name="decided_has_a_time"
        ),
        sa.CheckConstraint("(ico IS NULL) = (ico_reason = '')", name="decided_says_why"),
        sa.CheckConstraint("ico <> 'not_told' OR risk = 'unlikely'", name="not_told_without_a_risk"),
        sa.CheckConstraint("ico <> 'told' OR ico_at <= due_at OR late_reason <> ''", name="late_says_why"),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        sa.CheckConstraint(
            "status <> 'closed' OR (ico IS NOT NULL AND people_words <> ''"
            " AND (risk <> 'high' OR people_told_at IS NOT NULL))",
            name="closed_once_people_know",
        ),
    )
