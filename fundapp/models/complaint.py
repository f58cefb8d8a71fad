"""Complaints about the fund, appeals on procedure, and worries about somebody's safety, with their clocks."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.monitoring import CheckIn
from fundapp.models.organisation import ByAndForClaim
from fundapp.worry_steps import ComplaintStatus, SafetyStatus


class ComplaintKind(StrEnum):
    COMPLAINT = "complaint"
    APPEAL = "appeal"  # of a group: how a decision was made, or what was found about one of its claims


class ComplaintAbout(StrEnum):
    """Whoever does this work for the fund neither reads nor handles it."""

    MANAGER = "manager"
    FINANCE = "finance"
    ADMIN = "admin"
    PANEL = "panel"
    RULES = "rules"
    OTHER = "other"


class ComplaintOutcome(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"


class Complaint(Row):
    """From anybody, without an account, or from a group about its application."""

    __tablename__ = "complaint"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    application_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("application.id"), index=True)
    claim_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("by_and_for_claim.id"), index=True)
    kind: Mapped[ComplaintKind] = mapped_column(text_enum(ComplaintKind))
    about: Mapped[ComplaintAbout] = mapped_column(text_enum(ComplaintAbout))
    about_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(sa.Text())
    language: Mapped[str] = mapped_column(sa.String(20))
    reach: Mapped[str] = mapped_column(sa.String(300), default="")  # how we may reach who complains
    code_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    status: Mapped[ComplaintStatus] = mapped_column(
        text_enum(ComplaintStatus), default=ComplaintStatus.RECEIVED, index=True
    )
    acknowledge_by: Mapped[date]
    acknowledged_at: Mapped[datetime | None]
    answer_by: Mapped[date | None]
    handler_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]
    outcome: Mapped[ComplaintOutcome | None] = mapped_column(text_enum(ComplaintOutcome))
    answer: Mapped[str] = mapped_column(sa.Text(), default="")

    call: Mapped[Call] = relationship()
    application: Mapped[Application | None] = relationship()
    claim: Mapped[ByAndForClaim | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("claim_id IS NULL OR kind = 'appeal'", name="only_groups_ask_about_a_claim"),
        sa.CheckConstraint(
            "(kind = 'appeal') = (application_id IS NOT NULL)", name="appeal_has_an_application"
        ),
        sa.CheckConstraint(
            "(status = 'received') = (acknowledged_at IS NULL)", name="acknowledged_has_a_time"
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (answer_by IS NULL)", name="acknowledging_promises_a_day"
        ),
        sa.CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL AND outcome IS NOT NULL AND answer <> '')",
            name="answered_says_what",
        ),
    )


class SafetyFlag(Row):
    """Somebody is not safe. Only the people named for this read it."""

    __tablename__ = "safety_flag"

    check_in_id: Mapped[UUID] = mapped_column(sa.ForeignKey("check_in.id"), index=True)
    from_group: Mapped[bool]
    raised_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(sa.Text(), default="")
    status: Mapped[SafetyStatus] = mapped_column(
        text_enum(SafetyStatus), default=SafetyStatus.RAISED, index=True
    )
    taken_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text(), default="")  # what was done

    check_in: Mapped[CheckIn] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(status = 'raised') = (taken_at IS NULL)", name="taken_has_a_time"),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL AND note <> '')", name="closed_says_what_was_done"
        ),
    )
