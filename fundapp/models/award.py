"""The panel's list, its ratification, the grants that follow and their payments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.call_file.award_checks import Evidence
from fundapp.check_steps import CheckStatus
from fundapp.db import Json, Money, Row, text_enum
from fundapp.lifecycles import AwardStatus, ClawbackStatus, InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.call import Call, Round
from fundapp.models.organisation import Organisation
from fundapp.models.user import User


class Outcome(StrEnum):
    AWARD = "award"
    RESERVE = "reserve"
    DECLINE = "decline"


class Decision(Row):
    """What the panel's list says of one application, until and after ratification.

    `reason` is kept for a place out of order. `is_fundable` marks a "no" that is about money alone.
    """

    __tablename__ = "decision"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(text_enum(Outcome))
    amount: Mapped[Money | None]
    reserve_position: Mapped[int | None]
    is_fundable: Mapped[bool] = mapped_column(default=False)
    is_by_hand: Mapped[bool] = mapped_column(default=False)  # moved by the panel, not by the rule
    reason: Mapped[str] = mapped_column(sa.Text(), default="")
    rule_reason: Mapped[Json | None]  # code and numbers from scoring.allocation
    places: Mapped[
        Json | None
    ]  # of a "no" about money: its place, and the one needed; made when it is signed
    ratified_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship()
    round: Mapped[Round] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("(outcome = 'award') = (amount IS NOT NULL)", name="only_awards_have_amounts"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint(
            "outcome <> 'reserve' OR reserve_position IS NOT NULL", name="reserve_has_a_place"
        ),
    )


class Exclusion(Row):
    """Two applications of a round that cannot both be funded, and why: one building, one project twice."""

    __tablename__ = "exclusion"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text())
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    application: Mapped[Application] = relationship(foreign_keys=application_id)
    other: Mapped[Application] = relationship(foreign_keys=other_id)
    round: Mapped[Round] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("application_id", "other_id"),
        sa.CheckConstraint("application_id <> other_id", name="two_applications"),
    )


class Must(StrEnum):
    FUND = "fund"
    NOT_FUND = "not_fund"


class MustMark(Row):
    """An application that the rule must or must not fund, and why; set before the panel's list is signed."""

    __tablename__ = "must_mark"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    must: Mapped[Must] = mapped_column(text_enum(Must))
    reason: Mapped[str] = mapped_column(sa.Text())
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    application: Mapped[Application] = relationship()


class Feedback(Row):
    """What the group hears, strengths first, in its language; no decision is released without it."""

    __tablename__ = "feedback"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    strengths: Mapped[str] = mapped_column(sa.Text(), default="")
    to_improve: Mapped[str] = mapped_column(sa.Text(), default="")
    sentences: Mapped[Json] = mapped_column(default=dict)  # by criterion key, as the readers wrote them

    application: Mapped[Application] = relationship()


class Ratification(Row):
    """The formal yes to a round's list, with the ring-fence figures as they stood."""

    __tablename__ = "ratification"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), unique=True)
    ratified_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    figures: Mapped[Json]
    override_reason: Mapped[str | None] = mapped_column(sa.Text())  # published
    decision_pack: Mapped[Json | None]  # docs/decision-pack.md; none for lists signed before there were any
    release_due_at: Mapped[datetime | None]  # everybody is to be told then, unless somebody stops it
    release_asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    released_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    round: Mapped[Round] = relationship()


class Award(Row):
    """A grant. `public_id` is for open data and opens nothing here."""

    __tablename__ = "award"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    amount: Mapped[Money]
    months: Mapped[int]
    status: Mapped[AwardStatus] = mapped_column(
        text_enum(AwardStatus), default=AwardStatus.IN_PRINCIPLE, index=True
    )
    is_confidential: Mapped[bool] = mapped_column(default=False)
    public_id: Mapped[str] = mapped_column(sa.String(60), unique=True)
    public_title: Mapped[str] = mapped_column(sa.String(140))
    public_summary: Mapped[str] = mapped_column(sa.Text())
    awarded_on: Mapped[date]
    starts_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    agreement_digest: Mapped[str | None] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    round: Mapped[Round] = relationship()
    application: Mapped[Application] = relationship()
    organisation: Mapped[Organisation] = relationship()
    shares: Mapped[list[AwardShare]] = relationship(  # as they were offered: the lead first
        back_populates="award", order_by="(AwardShare.created_at, AwardShare.id)"
    )
    instalments: Mapped[list[Instalment]] = relationship(back_populates="award", order_by="Instalment.number")

    @property
    def keeps_confidential(self) -> bool:
        """Any of the three is enough: the award, the group as it is today, or what it once answered."""
        return self.is_confidential or self.application.keeps_confidential

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("months > 0", name="months_positive"),
        sa.CheckConstraint(
            "status NOT IN ('active', 'closing', 'completed') OR accepted_at IS NOT NULL",
            name="active_once_accepted",
        ),
    )


class AwardShare(Row):
    """What one organisation of a partnership gets; counted under its own by-and-for status."""

    __tablename__ = "award_share"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    amount: Mapped[Money]

    award: Mapped[Award] = relationship(back_populates="shares")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("award_id", "organisation_id"),
        sa.CheckConstraint("amount > 0", name="share_positive"),
    )


class NotNeeded(StrEnum):
    """Why a check is not made."""

    GRANT_SIZE = "grant_size"
    LEGAL_FORM = "legal_form"
    NONE_THERE = "none_there"  # no number in a register, and none is needed
    FUND_DECIDED = "fund_decided"  # the note says why


class CheckItem(Row):
    """One thing to settle between "yes in principle" and the agreement; the group reads all of it."""

    __tablename__ = "check_item"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))  # of the call's list of checks
    status: Mapped[CheckStatus] = mapped_column(text_enum(CheckStatus), default=CheckStatus.OPEN)
    not_needed: Mapped[NotNeeded | None] = mapped_column(text_enum(NotNeeded))
    evidence: Mapped[Evidence | None] = mapped_column(text_enum(Evidence))
    help: Mapped[str] = mapped_column(sa.Text(), default="")
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    due_on: Mapped[date | None]  # to plan with; nothing happens on it
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(sa.Text(), default="")

    award: Mapped[Award] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)

    __table_args__ = (
        sa.UniqueConstraint("award_id", "key"),
        sa.CheckConstraint(
            "(status IN ('done', 'not_needed')) = (done_at IS NOT NULL)", name="settled_has_a_time"
        ),
        sa.CheckConstraint("(status = 'not_needed') = (not_needed IS NOT NULL)", name="not_needed_says_why"),
        sa.CheckConstraint("not_needed <> 'fund_decided' OR note <> ''", name="fund_says_why"),
        sa.CheckConstraint("status <> 'help_offered' OR help <> ''", name="says_which_help"),
    )


class Instalment(Row):
    """One planned payment; the instalments of an award add up to it exactly."""

    __tablename__ = "instalment"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    number: Mapped[int]
    amount: Mapped[Money]
    due_on: Mapped[date]
    status: Mapped[InstalmentStatus] = mapped_column(
        text_enum(InstalmentStatus), default=InstalmentStatus.PLANNED, index=True
    )
    check_in_kind: Mapped[str | None] = mapped_column(sa.String(40))  # the conversation that releases it
    approved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    paid_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    paid_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship(back_populates="instalments")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("award_id", "number"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_has_a_time"),
        sa.CheckConstraint(
            "paid_by_id IS NULL OR approved_by_id IS NULL OR paid_by_id <> approved_by_id",
            name="approver_is_not_payer",
        ),
    )


class PaymentHold(Row):
    """A payment stopped for a reason: one person asks, another agrees, and on a day somebody looks again."""

    __tablename__ = "payment_hold"

    instalment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("instalment.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text())  # the group reads it
    review_on: Mapped[date]
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    agreed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    instalment: Mapped[Instalment] = relationship()

    __table_args__ = (
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name="two_people"),
        sa.CheckConstraint("agreed_by_id IS NULL OR started_at IS NOT NULL", name="agreed_has_a_time"),
    )


class Clawback(Row):
    """Money a group has to give back after it was paid: one person proposes it, another one decides.

    `received` grows until everything is back.
    """

    __tablename__ = "clawback"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    status: Mapped[ClawbackStatus] = mapped_column(text_enum(ClawbackStatus), default=ClawbackStatus.PROPOSED)
    amount: Mapped[Money]
    received: Mapped[Money] = mapped_column(default=Decimal(0))
    reason: Mapped[str] = mapped_column(sa.Text())  # the group reads it
    proposed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.award.call_id

    @property
    def outstanding(self) -> Decimal:
        return self.amount - self.received

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("received >= 0 AND received <= amount", name="never_more_than_asked"),
        sa.CheckConstraint("(status = 'received') = (received = amount)", name="received_is_all"),
        sa.CheckConstraint(
            "(status IN ('asked', 'received')) = (decided_at IS NOT NULL)", name="decided_has_a_time"
        ),
        sa.CheckConstraint("received = 0 OR decided_at IS NOT NULL", name="received_once_asked"),
    )
