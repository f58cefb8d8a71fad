"""What becomes of a reader's sentence before a group reads it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row
from fundapp.models.panel import Score


class SentenceCheck(Row):
    """Somebody of the fund has read a sentence: it goes into the letter in these words, or is left out.

    It holds for the sentence with this digest; one that was changed since has to be read again.
    """

    __tablename__ = "sentence_check"

    score_id: Mapped[UUID] = mapped_column(sa.ForeignKey("score.id", ondelete="CASCADE"), unique=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    is_left_out: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(sa.Text(), default="")
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    score: Mapped[Score] = relationship()

    __table_args__ = (sa.CheckConstraint("is_left_out = (text = '')", name="left_out_without_text"),)
