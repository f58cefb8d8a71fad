"""Groups, who belongs to them, and what they declare about who leads them."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Money, Row, text_enum
from fundapp.lifecycles import ClaimStatus
from fundapp.models.user import User


class LegalForm(StrEnum):
    UNCONSTITUTED = "unconstituted"
    UNINCORPORATED = "unincorporated"
    CIO = "cio"
    CIC = "cic"
    CASC = "casc"
    CHARITABLE_COMPANY = "charitable_company"
    COMPANY = "company"
    OTHER = "other"


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


class ByAndForClaim(Row):
    """What a group says of who leads it, in bands about the organisation, for one call."""

    __tablename__ = "by_and_for_claim"

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    community: Mapped[Community] = mapped_column(text_enum(Community))
    answers: Mapped[Json]  # the bands declared, by question key of the call's check
    status: Mapped[ClaimStatus] = mapped_column(text_enum(ClaimStatus), default=ClaimStatus.DECLARED)
    reason: Mapped[str | None] = mapped_column(sa.Text())
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "call_id", "community"),
        sa.CheckConstraint("status <> 'not_met' OR reason IS NOT NULL", name="not_met_says_why"),
    )
