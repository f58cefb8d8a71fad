"""Applications, their answers with every text ever saved, partners and helpers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Money, Row, text_enum
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.organisation import Organisation
from fundapp.models.user import User

if TYPE_CHECKING:
    from fundapp.models.answer_media import AnswerMedia, AnswerOrigin
    from fundapp.models.redaction import RedactedCopy
    from fundapp.models.translation import ClarificationTranslation


class ApplicationStage(StrEnum):
    EOI = "eoi"
    FULL = "full"


class HelpKind(StrEnum):
    WRITING = "writing"
    INTERPRETING = "interpreting"
    UMBRELLA = "umbrella"
    ACCESS = "access"


class Application(Row):
    """One organisation's answer to one round of a call, in the words of one frozen version."""

    __tablename__ = "application"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    call_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call_version.id"))
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    started_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    stage: Mapped[ApplicationStage] = mapped_column(text_enum(ApplicationStage), default=ApplicationStage.EOI)
    status: Mapped[ApplicationStatus] = mapped_column(
        text_enum(ApplicationStatus), default=ApplicationStatus.DRAFT, index=True
    )
    strand_code: Mapped[str | None] = mapped_column(sa.String(20))
    theme_code: Mapped[str | None] = mapped_column(sa.String(40))
    amount_requested: Mapped[Money | None]
    language: Mapped[str] = mapped_column(sa.String(20), default="en")
    is_confidential: Mapped[bool] = mapped_column(default=False)
    needs_host: Mapped[bool] = mapped_column(default=False)
    eligibility_answers: Mapped[Json] = mapped_column(default=dict)
    eoi_submitted_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]  # of the stage it is in
    receipt: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    group_told_at: Mapped[datetime | None]
    grace_until: Mapped[datetime | None]  # more time in this stage, because the group asked for it
    erase_warned_at: Mapped[datetime | None]  # of a draft: its people know that it will be erased
    texts_erased_at: Mapped[datetime | None]  # its words were kept long enough; what is counted stays
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    round: Mapped[Round] = relationship()
    call_version: Mapped[CallVersion] = relationship()
    organisation: Mapped[Organisation] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="application")
    shares: Mapped[list[PartnerShare]] = relationship(
        back_populates="application",
        order_by="(PartnerShare.is_lead.desc(), PartnerShare.created_at, PartnerShare.id)",
    )
    redacted_copy: Mapped[RedactedCopy | None] = relationship(
        "RedactedCopy", back_populates="application", uselist=False
    )

    @property
    def keeps_confidential(self) -> bool:
        """Somebody would be at risk if this group were named; said here or in another application."""
        return self.is_confidential or self.organisation.is_confidential

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("round_id", "organisation_id"),
        sa.CheckConstraint("amount_requested > 0", name="amount_positive"),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND receipt IS NOT NULL)",
            name="receipt_once_submitted",
        ),
        sa.CheckConstraint(
            "stage = 'eoi' OR eoi_submitted_at IS NOT NULL", name="full_stage_after_the_first"
        ),
    )


class Answer(Row):
    """The newest saved text of one question. `rev` counts saves; a save must name the rev it saw."""

    __tablename__ = "answer"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    question_key: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=False))
    language: Mapped[str | None] = mapped_column(sa.String(20))
    rev: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    application: Mapped[Application] = relationship(back_populates="answers")
    origins: Mapped[list[AnswerOrigin]] = relationship(
        "AnswerOrigin", back_populates="answer", order_by="AnswerOrigin.rev"
    )
    media: Mapped[list[AnswerMedia]] = relationship(
        "AnswerMedia", back_populates="answer", order_by="AnswerMedia.position"
    )

    __table_args__ = (sa.UniqueConstraint("application_id", "question_key"),)

    @property
    def recordings(self) -> list[AnswerMedia]:
        """Those that count, in their order."""
        return [each for each in self.media if each.counts]

    @property
    def spoken(self) -> list[AnswerMedia]:
        """Of those, what somebody has to listen to; not the files that a question asks for."""
        return [each for each in self.recordings if not each.is_file]

    @property
    def seconds(self) -> int:
        """Of all recordings together, as far as they are checked."""
        return sum(each.file.seconds or 0 for each in self.recordings)

    @property
    def origin(self) -> AnswerOrigin | None:
        """Of the text as it stands; none when the group typed it, or when there is no text."""
        return self.origins[-1] if self.origins and self.value is not None else None

    @property
    def waits_for_the_group(self) -> bool:
        """The fund typed it, and nobody of the group has confirmed or corrected it yet."""
        origin = self.origin
        is_typed = origin is not None and origin.typed_by_role is not None and origin.rev == self.rev
        return is_typed and origin is not None and origin.confirmed_at is None


class AnswerRevision(Row):
    """Every text ever saved. `once` is the form's token: the same posting saves once."""

    __tablename__ = "answer_revision"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    question_key: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=False))
    language: Mapped[str | None] = mapped_column(sa.String(20))
    rev: Mapped[int | None]  # none: a stale text that was kept here but did not become the answer
    once: Mapped[str] = mapped_column(sa.String(64))
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    __table_args__ = (sa.UniqueConstraint("application_id", "question_key", "once"),)


class PartnerShare(Row):
    """What one organisation of a partnership gets of the request; shares add up to it."""

    __tablename__ = "partner_share"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    amount: Mapped[Money]
    is_lead: Mapped[bool] = mapped_column(default=False)

    application: Mapped[Application] = relationship(back_populates="shares")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("application_id", "organisation_id"),
        sa.CheckConstraint("amount > 0", name="share_positive"),
    )


class ApplicationHelper(Row):
    """Somebody the group asked to help write: may draft, may not submit, is recorded.

    The row outlives the help: who has helped once has a tie with the group for good.
    """

    __tablename__ = "application_helper"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    kind: Mapped[HelpKind] = mapped_column(text_enum(HelpKind), default=HelpKind.WRITING)
    organisation_name: Mapped[str] = mapped_column(sa.String(200), default="")
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("application_id", "user_id"),)


class Clarification(Row):
    """A question back to the group, asked through the secretary; no reader is named."""

    __tablename__ = "clarification"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    criterion_key: Mapped[str | None] = mapped_column(sa.String(40))
    question_key: Mapped[str | None] = mapped_column(sa.String(40))  # the answer whose meaning was not clear
    question: Mapped[str] = mapped_column(sa.Text())
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    answer: Mapped[str | None] = mapped_column(sa.Text())
    answered_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    translations: Mapped[list[ClarificationTranslation]] = relationship(
        "ClarificationTranslation",
        back_populates="clarification",
        order_by="ClarificationTranslation.language",
    )

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
