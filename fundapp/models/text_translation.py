"""Translations of what a call says, one text in one language in each row, and the work of translators."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Row, text_enum


class TextState(StrEnum):
    """How far a translation is. Whether its source has changed since is never stored: it is compared."""

    MACHINE = "machine"
    DRAFT = "draft"
    REVIEWED = "reviewed"


class TextTranslation(Row):
    """Of one unit (`fundapp.call_file.texts`), with the very words it was made from."""

    __tablename__ = "text_translation"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id", ondelete="CASCADE"), index=True)
    unit: Mapped[str] = mapped_column(sa.String(300))
    language: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str] = mapped_column(sa.Text())
    text: Mapped[str] = mapped_column(sa.Text())
    state: Mapped[TextState] = mapped_column(text_enum(TextState))
    from_machine: Mapped[bool] = mapped_column(default=False)  # until a person writes it anew
    made_by: Mapped[str] = mapped_column(sa.String(120), default="")  # a person, an organisation or a program
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    reviewed_by: Mapped[str] = mapped_column(sa.String(120), default="")
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("call_id", "language", "unit"),
        sa.CheckConstraint(
            "(state = 'reviewed') = (reviewed_by <> '' AND reviewed_at IS NOT NULL)", name="says_who_reviewed"
        ),
        sa.CheckConstraint("reviewed_by <> made_by OR made_by = ''", name="reviewed_by_another"),
        sa.CheckConstraint("state <> 'machine' OR from_machine", name="machine_is_from_machine"),
        sa.CheckConstraint("NOT from_machine OR made_by <> ''", name="says_which_program"),
    )


class TextWorkKind(StrEnum):
    WROTE = "wrote"
    REVIEWED = "reviewed"


class TextWork(Row):
    """A text that somebody translated or read, counted once for the same words of the source."""

    __tablename__ = "text_work"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(sa.String(20))
    unit: Mapped[str] = mapped_column(sa.String(300))
    source_digest: Mapped[str] = mapped_column(sa.String(16))
    who: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[TextWorkKind] = mapped_column(text_enum(TextWorkKind))
    words: Mapped[int]  # of the source
    done_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("call_id", "language", "unit", "source_digest", "who", "kind"),
        sa.CheckConstraint("words >= 0", name="words_not_negative"),
    )
