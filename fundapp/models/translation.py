"""Translations of what groups have answered: never in place of the original, each with who made it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Clarification


class TranslatedBy(StrEnum):
    GROUP = "group"
    STAFF = "staff"
    TRANSLATOR = "translator"
    MACHINE = "machine"  # made elsewhere and brought here by a person; nothing here translates


class ClarificationPart(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"


class Translation(Row):
    """What every translation says about itself, and what the group says to it."""

    __abstract__ = True

    language: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text())
    made_by: Mapped[TranslatedBy] = mapped_column(text_enum(TranslatedBy))
    made_by_name: Mapped[str] = mapped_column(sa.String(120), default="")  # of the translator or the program
    is_checked: Mapped[bool] = mapped_column(default=False)  # by a person who reads both languages
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    objected_at: Mapped[datetime | None]  # the group says that it did not mean this
    objection: Mapped[str] = mapped_column(sa.Text(), default="")  # what it meant, in its own words


class AnswerTranslation(Translation):
    """Of the text of an answer, or of what is said in one of its recordings."""

    __tablename__ = "answer_translation"

    answer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("answer.id"), index=True)
    media_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("answer_media.id"), index=True)
    source_rev: Mapped[int]  # the save of the original that was translated

    answer: Mapped[Answer] = relationship()
    media: Mapped[AnswerMedia | None] = relationship()

    __table_args__ = (
        sa.Index(
            "uq_answer_translation_of_text",
            "answer_id",
            "language",
            unique=True,
            sqlite_where=sa.text("media_id IS NULL"),
            postgresql_where=sa.text("media_id IS NULL"),
        ),
        sa.UniqueConstraint("media_id", "language"),
        sa.CheckConstraint(
            "made_by NOT IN ('translator', 'machine') OR made_by_name <> ''", name="says_who_or_what"
        ),
    )


class ClarificationTranslation(Translation):
    """Of a question to the group, or of what it answered."""

    __tablename__ = "clarification_translation"

    clarification_id: Mapped[UUID] = mapped_column(sa.ForeignKey("clarification.id"), index=True)
    part: Mapped[ClarificationPart] = mapped_column(text_enum(ClarificationPart))

    clarification: Mapped[Clarification] = relationship(back_populates="translations")

    __table_args__ = (
        sa.UniqueConstraint("clarification_id", "part", "language"),
        sa.CheckConstraint(
            "made_by NOT IN ('translator', 'machine') OR made_by_name <> ''", name="says_who_or_what"
        ),
    )
