"""Groups, who belongs to them, and what they declare about who leads them."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.call_file.award_checks import LegalForm
from fundapp.db import Json, Money, Row, text_enum
from fundapp.lifecycles import ClaimStatus
from fundapp.models.user import User

__all__ = [
    "ByAndForClaim",
    "Community",
    "LegalForm",
    "MemberRight",
    "Organisation",
    "OrganisationMember",
]


class MemberRight(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"


class Community(StrEnum):
    BY_AND_FOR = "by_and_for"
    MIGRANT = "migrant"


class Organisation(Row):
    """A group. There is no street address: the borough is enough."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(sa.String(200))
    legal_form: Mapped[LegalForm | None] = mapped_column(text_enum(LegalForm))
    charity_number: Mapped[str | None] = mapped_column(sa.String(20))
    company_number: Mapped[str | None] = mapped_column(sa.String(20))
    annual_income: Mapped[Money | None]  # last year, pounds, roughly
    borough: Mapped[str | None] = mapped_column(sa.String(60))
    languages: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)  # people work in; codes
    umbrellas: Mapped[str] = mapped_column(
        sa.Text(), default=""
    )  # bodies it belongs to, as the group names them
    is_umbrella: Mapped[bool] = mapped_column(default=False)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    is_first_time: Mapped[bool] = mapped_column(default=True)  # never funded by this fund before
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)  # for open data, opens nothing

    members: Mapped[list[OrganisationMember]] = relationship(back_populates="organisation")

    __table_args__ = (sa.CheckConstraint("annual_income >= 0", name="income_not_negative"),)


class OrganisationMember(Row):
    __tablename__ = "organisation_member"

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    right: Mapped[MemberRight] = mapped_column(text_enum(MemberRight))

    organisation: Mapped[Organisation] = relationship(back_populates="members")
    user: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("organisation_id", "user_id"),)


class EvidenceKind(StrEnum):
    """What a finding about a claim rests on. Papers that say who somebody is are never asked for."""

    BOARD_SHARE = "board_share"
    PEOPLE_SHARE = "people_share"
    GOVERNING_DOCUMENT = "governing_document"
    MAIN_PURPOSE = "main_purpose"
    FOUNDERS = "founders"
    OWN_WORDS = "own_words"
    CONVERSATION = "conversation"
    UMBRELLA = "umbrella"
    PUBLIC_RECORD = "public_record"


class ByAndForClaim(Row):
    """What a group says of who leads it, in bands about the organisation, for one call."""

    __tablename__ = "by_and_for_claim"

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    community: Mapped[Community] = mapped_column(text_enum(Community))
    answers: Mapped[Json]  # the bands declared, by question key of the call's check
    status: Mapped[ClaimStatus] = mapped_column(text_enum(ClaimStatus), default=ClaimStatus.DECLARED)
    reason: Mapped[str | None] = mapped_column(sa.Text())
    evidence: Mapped[Json] = mapped_column(default=dict)  # a short note, or none, by EvidenceKind
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    # After the deadline somebody wants what was decided looked at again, and nobody else has agreed yet.
    again_asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "call_id", "community"),
        sa.CheckConstraint(
            "again_asked_by_id IS NULL OR status IN ('confirmed', 'not_met')", name="asked_about_a_decision"
        ),
        sa.CheckConstraint("status <> 'not_met' OR reason IS NOT NULL", name="not_met_says_why"),
    )
