"""What groups say, read for what comes up in it: the code book, who read which text, and what was marked.

No words of a group are copied here: a passage is a place in a text, with the digest of what was read.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.monitoring import CheckIn, CheckInFile, Story
from fundapp.models.user import User
from fundapp.told_steps import ThemeCodeStatus


class TextKind(StrEnum):
    """Where a group said it."""

    ANSWER = "answer"  # of a conversation
    CORRECTION = "correction"  # what the group would say otherwise than the fund typed
    RECORDING = "recording"  # nothing is written down: the whole of it is marked
    STORY = "story"


class Turn(StrEnum):
    FIRST = "first"
    SECOND = "second"
    SETTLED = "settled"  # what both hold after they have talked about it


class ThemeCode(Row):
    """A line of the code book of a call: what comes up in what groups say. Never a target."""

    __tablename__ = "theme_code"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    meaning: Mapped[str] = mapped_column(sa.Text())
    example: Mapped[str] = mapped_column(sa.Text(), default="")
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    status: Mapped[ThemeCodeStatus] = mapped_column(
        text_enum(ThemeCodeStatus), default=ThemeCodeStatus.IN_USE
    )
    merged_into_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    end_reason: Mapped[str] = mapped_column(sa.Text(), default="")
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    added_by: Mapped[User | None] = relationship(foreign_keys=added_by_id)
    ended_by: Mapped[User | None] = relationship(foreign_keys=ended_by_id)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("call_id", "name"),
        sa.UniqueConstraint("id", "call_id"),
        sa.ForeignKeyConstraint(["merged_into_id", "call_id"], ["theme_code.id", "theme_code.call_id"]),
        sa.CheckConstraint("name <> '' AND meaning <> ''", name="says_what_it_means"),
        sa.CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_one"),
        sa.CheckConstraint(
            "(status = 'in_use') = (ended_at IS NULL) AND (status = 'in_use') = (end_reason = '')",
            name="ended_says_why",
        ),
    )


class CodedText(Row):
    """One text of a group, and who reads it first and second. `number`: in the order first readings ended."""

    __tablename__ = "coded_text"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    kind: Mapped[TextKind] = mapped_column(text_enum(TextKind))
    check_in_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("check_in.id"), index=True)
    question_key: Mapped[str | None] = mapped_column(sa.String(40))
    check_in_file_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("check_in_file.id"))
    story_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("story.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(120), unique=True)
    number: Mapped[int | None]
    first_reader_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    first_read_at: Mapped[datetime | None]
    is_drawn: Mapped[bool] = mapped_column(default=False)
    second_reader_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    second_read_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    award: Mapped[Award] = relationship()
    check_in: Mapped[CheckIn | None] = relationship()
    check_in_file: Mapped[CheckInFile | None] = relationship()
    story: Mapped[Story | None] = relationship()
    first_reader: Mapped[User | None] = relationship(foreign_keys=first_reader_id)
    second_reader: Mapped[User | None] = relationship(foreign_keys=second_reader_id)
    kept_out: Mapped[TextKeptOut | None] = relationship(back_populates="coded_text")
    tags: Mapped[list[ThemeTag]] = relationship(
        back_populates="coded_text",
        order_by="ThemeTag.starts_at, ThemeTag.created_at, ThemeTag.id",
        overlaps="theme_code",
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("call_id", "number"),
        sa.UniqueConstraint("id", "call_id"),
        sa.UniqueConstraint("id", "award_id"),
        sa.CheckConstraint("second_reader_id <> first_reader_id", name="two_readers"),
        sa.CheckConstraint("(number IS NULL) = (first_read_at IS NULL)", name="numbered_once_read"),
        sa.CheckConstraint("NOT is_drawn OR first_read_at IS NOT NULL", name="drawn_once_read"),
        sa.CheckConstraint(
            "is_drawn OR second_reader_id IS NULL AND second_read_at IS NULL", name="second_only_if_drawn"
        ),
        sa.CheckConstraint("settled_at IS NULL OR second_read_at IS NOT NULL", name="settled_after_both"),
        sa.CheckConstraint(
            "(kind = 'story') = (story_id IS NOT NULL)"
            " AND (kind = 'answer') = (question_key IS NOT NULL)"
            " AND (kind = 'recording') = (check_in_file_id IS NOT NULL)"
            " AND (kind = 'story') = (check_in_id IS NULL)",
            name="one_source",
        ),
    )


class TextKeptOut(Row):
    """The group does not want this text to be counted or used in what the fund tells everybody."""

    __tablename__ = "text_kept_out"

    coded_text_id: Mapped[UUID] = mapped_column(sa.ForeignKey("coded_text.id"), unique=True)
    kept_out_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    coded_text: Mapped[CodedText] = relationship(back_populates="kept_out")


class ThemeTag(Row):
    """A code on a passage of a text, or on the whole of it where no place is named."""

    __tablename__ = "theme_tag"

    call_id: Mapped[UUID]
    coded_text_id: Mapped[UUID] = mapped_column(index=True)
    theme_code_id: Mapped[UUID] = mapped_column(index=True)
    turn: Mapped[Turn] = mapped_column(text_enum(Turn))
    starts_at: Mapped[int | None]
    ends_at: Mapped[int | None]
    text_digest: Mapped[str] = mapped_column(sa.String(64))

    coded_text: Mapped[CodedText] = relationship(back_populates="tags", overlaps="theme_code")
    theme_code: Mapped[ThemeCode] = relationship(overlaps="coded_text,tags")

    __table_args__ = (
        sa.ForeignKeyConstraint(["coded_text_id", "call_id"], ["coded_text.id", "coded_text.call_id"]),
        sa.ForeignKeyConstraint(["theme_code_id", "call_id"], ["theme_code.id", "theme_code.call_id"]),
        sa.CheckConstraint(
            "(starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL OR starts_at >= 0)"
            " AND (starts_at IS NULL OR ends_at > starts_at)",
            name="a_place_in_the_text",
        ),
    )
