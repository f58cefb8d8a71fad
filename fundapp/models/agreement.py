"""The text of a grant agreement and who signed it. The database keeps both as they were."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.award import Award
from fundapp.models.organisation import Organisation
from fundapp.models.user import User


class Side(StrEnum):
    """Whom a person signs for."""

    FUND = "fund"
    GROUP = "group"
    HOST = "host"


class SignerRole(StrEnum):
    """What the person is in the organisation; a free word could say more than anybody needs."""

    CHAIR = "chair"
    TREASURER = "treasurer"
    SECRETARY = "secretary"
    COMMITTEE = "committee"
    DIRECTOR = "director"
    WORKER = "worker"
    OTHER = "other"


class AgreementText(Row):
    """One version of what an agreement says, in all its languages. Other facts make a new version.

    `content` is written in one fixed form; `digest` is the SHA-256 of exactly these bytes, and
    `facts_digest` that of what it promises, so that changed facts are seen.
    """

    __tablename__ = "agreement_text"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    number: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text())
    digest: Mapped[str] = mapped_column(sa.String(64))
    facts_digest: Mapped[str] = mapped_column(sa.String(64))
    group_signers: Mapped[int]  # how many people of the group sign
    host_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))  # the third side
    made_at: Mapped[datetime]

    award: Mapped[Award] = relationship()
    host: Mapped[Organisation | None] = relationship()
    signatures: Mapped[list[AgreementSignature]] = relationship(
        back_populates="text", order_by="AgreementSignature.signed_at"
    )

    __table_args__ = (
        sa.UniqueConstraint("award_id", "number"),
        sa.UniqueConstraint("award_id", "digest"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("group_signers > 0", name="somebody_of_the_group_signs"),
    )


class AgreementSignature(Row):
    """One person's yes to exactly one text; `digest` is that of the text the person read.

    `name` goes when the person is erased; that somebody signed stays.
    """

    __tablename__ = "agreement_signature"

    text_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agreement_text.id"), index=True)
    side: Mapped[Side] = mapped_column(text_enum(Side))
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[SignerRole] = mapped_column(text_enum(SignerRole))
    digest: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[str] = mapped_column(sa.String(20))  # in which the person read it
    signed_at: Mapped[datetime]

    text: Mapped[AgreementText] = relationship(back_populates="signatures")
    user: Mapped[User] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("text_id", "user_id"),  # nobody signs for two sides
    )
