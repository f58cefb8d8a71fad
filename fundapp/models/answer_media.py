"""Answers that were not simply typed: where a text comes from, and recordings with their transcripts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.lifecycles import FileStatus, TranscriptStatus
from fundapp.models.application import Answer
from fundapp.models.file import StoredFile
from fundapp.models.fund import FundRoleKind


class OriginKind(StrEnum):
    PHONE_INTERVIEW = "phone_interview"  # somebody of the fund typed what the group said
    PASTED = "pasted"  # the group's own text, from another application
    DOCUMENT = "document"  # the group's own text, brought from a file it wrote in


class AnswerOrigin(Row):
    """Where the text of one save comes from. A text without such a row was typed by the group.

    Later saves of the same answer are the group's own: that is how it corrects what was typed for it.
    """

    __tablename__ = "answer_origin"

    answer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("answer.id"), index=True)
    rev: Mapped[int]  # the save it is about; 0: what the group has corrected in an earlier stage
    kind: Mapped[OriginKind] = mapped_column(text_enum(OriginKind))
    pasted_from: Mapped[str | None] = mapped_column(sa.String(200))
    typed_by_role: Mapped[FundRoleKind | None] = mapped_column(text_enum(FundRoleKind))
    noted_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    answer: Mapped[Answer] = relationship(back_populates="origins")

    __table_args__ = (
        sa.UniqueConstraint("answer_id", "rev"),
        sa.CheckConstraint(
            "(kind = 'phone_interview') = (typed_by_role IS NOT NULL)", name="role_of_who_typed"
        ),
    )


class MediaForm(StrEnum):
    VOICE = "voice"
    VIDEO = "video"
    SIGN_LANGUAGE = "sign_language"
    FILE = "file"  # of a question for files: to look at, and nobody writes down what is said in it


class TranscriptBy(StrEnum):
    GROUP = "group"
    STAFF = "staff"


class AnswerMedia(Row):
    """One recording of an answer, with what is said in it; or one of the files that a question asks for.
    An answer may have several, one after the other.

    Taken away is not erased: the row and its file stay as long as the application does.
    """

    __tablename__ = "answer_media"

    answer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("answer.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    form: Mapped[MediaForm] = mapped_column(text_enum(MediaForm))
    position: Mapped[int]
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]
    status: Mapped[TranscriptStatus] = mapped_column(
        text_enum(TranscriptStatus), default=TranscriptStatus.NOT_HEARD
    )
    transcript: Mapped[str | None] = mapped_column(sa.Text())
    transcript_language: Mapped[str | None] = mapped_column(sa.String(20))
    transcript_by: Mapped[TranscriptBy | None] = mapped_column(text_enum(TranscriptBy))
    transcript_rev: Mapped[int] = mapped_column(default=0)  # counts saves; a save must name the one it saw

    answer: Mapped[Answer] = relationship(back_populates="media")
    file: Mapped[StoredFile] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("answer_id", "file_id"),
        sa.CheckConstraint(
            "(status IN ('not_heard', 'needed')) = (transcript IS NULL)", name="transcript_once_written"
        ),
        sa.CheckConstraint("(transcript IS NULL) = (transcript_by IS NULL)", name="transcript_has_a_writer"),
    )

    @property
    def is_file(self) -> bool:
        return self.form is MediaForm.FILE

    @property
    def counts(self) -> bool:
        """An answer is given by it: there, and not found unusable."""
        return self.removed_at is None and self.file.status in (FileStatus.QUARANTINED, FileStatus.CLEAN)


class TranscriptRevision(Row):
    """Every transcript ever saved. `rev` none: it came too late and did not become the transcript."""

    __tablename__ = "transcript_revision"

    media_id: Mapped[UUID] = mapped_column(sa.ForeignKey("answer_media.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text())
    language: Mapped[str | None] = mapped_column(sa.String(20))
    written_by: Mapped[TranscriptBy] = mapped_column(text_enum(TranscriptBy))
    rev: Mapped[int | None]
    once: Mapped[str] = mapped_column(sa.String(64))
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    __table_args__ = (sa.UniqueConstraint("media_id", "once"),)
