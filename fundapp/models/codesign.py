"""Sessions in which the groups shape a call, what was said, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.call_file.codesign import CodesignResponse, Topic
from fundapp.db import Json, Row, text_enum
from fundapp.models.call import Call


class PointSource(StrEnum):
    """Who wrote it down."""

    FUND = "fund"
    TYPED_FOR = "typed_for"  # somebody of the fund, for a person who said it now
    LINK = "link"  # the person, by a link
    VOICE = "voice"  # somebody of the fund, who heard what the person sent by a link


class PointShowing(StrEnum):
    """How others may see it; the person decides."""

    OWN_WORDS = "own_words"
    OUR_WORDS = "our_words"  # the fund puts it into words of its own first


class CodesignSession(Row):
    """A meeting that shaped the call. People are counts, never names."""

    __tablename__ = "codesign_session"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    held_on: Mapped[date]
    content: Mapped[Json]  # the call file's session: place, languages, offers, counts

    call: Mapped[Call] = relationship()

    __table_args__ = (sa.UniqueConstraint("call_id", "key"),)


class CodesignPoint(Row):
    """One thing that was said. `changed` names what it changed, e.g. "question:Q5"."""

    __tablename__ = "codesign_point"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    session_key: Mapped[str | None] = mapped_column(sa.String(40))
    topic: Mapped[Topic] = mapped_column(text_enum(Topic))
    said_by: Mapped[Json]  # the role in words, by language
    said: Mapped[Json]  # by language
    said_in: Mapped[str | None] = mapped_column(sa.String(12))  # the language of the speaker
    response: Mapped[CodesignResponse | None] = mapped_column(text_enum(CodesignResponse))
    reason: Mapped[Json | None]  # by language
    what_changed: Mapped[Json | None]  # by language
    changed: Mapped[Json]  # {"things": ["question:E9", …]}
    decided_by: Mapped[Json | None]  # by language
    decided_on: Mapped[date | None]
    next_review: Mapped[date | None]
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]
    came_by: Mapped[PointSource] = mapped_column(text_enum(PointSource), default=PointSource.FUND)
    showing: Mapped[PointShowing] = mapped_column(text_enum(PointShowing), default=PointShowing.OWN_WORDS)
    retold: Mapped[Json | None]  # by language, in words of the fund
    about: Mapped[str | None] = mapped_column(sa.String(60))  # a part of the call, e.g. "question:Q5"

    call: Mapped[Call] = relationship()

    @property
    def shown_words(self) -> Json | None:
        """What others may read; None until the fund has put it into its own words."""
        return self.said if self.showing is PointShowing.OWN_WORDS else self.retold

    __table_args__ = (
        sa.UniqueConstraint("call_id", "key"),
        sa.CheckConstraint(
            "published_at IS NULL OR showing = 'own_words' OR retold IS NOT NULL",
            name="retold_before_it_is_shown",
        ),
        sa.CheckConstraint(
            "response IS NULL OR (reason IS NOT NULL AND decided_by IS NOT NULL AND decided_on IS NOT NULL)",
            name="an_answer_says_why_who_when",
        ),
    )
