"""Keeping in touch: check-ins, the group's own markers, stories and consent."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import CheckInStatus, StoryStatus
from fundapp.models.award import Award


class MarkerLevel(StrEnum):
    NOT_YET = "not_yet"
    A_LITTLE = "a_little"
    A_LOT = "a_lot"
    WENT_BACK = "went_back"
    NOT_RIGHT = "not_right"


class IdentityLevel(StrEnum):
    NAMED = "named"
    GROUP_ONLY = "group_only"
    NO_NAMES = "no_names"


class CheckIn(Row):
    """One planned conversation of the call's schedule."""

    __tablename__ = "check_in"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))  # key of the call's schedule
    due_on: Mapped[date]
    status: Mapped[CheckInStatus] = mapped_column(
        text_enum(CheckInStatus), default=CheckInStatus.PLANNED, index=True
    )
    held_at: Mapped[datetime | None]
    answers: Mapped[Json] = mapped_column(default=dict)  # by question key of the call
    language: Mapped[str | None] = mapped_column(sa.String(20))
    minutes_taken: Mapped[int | None]
    reply: Mapped[str] = mapped_column(sa.Text(), default="")
    reply_due_on: Mapped[date | None]
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("award_id", "kind"),
        sa.CheckConstraint(
            "status NOT IN ('held', 'answered_by_funder') OR held_at IS NOT NULL",
            name="held_has_a_time",
        ),
        sa.CheckConstraint(
            "status <> 'answered_by_funder' OR replied_at IS NOT NULL", name="answered_has_a_reply"
        ),
    )


class Marker(Row):
    """A small sign of change in the group's own words; never a target."""

    __tablename__ = "marker"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    words: Mapped[str] = mapped_column(sa.Text())
    dropped_at: Mapped[datetime | None]

    award: Mapped[Award] = relationship()


class MarkerReading(Row):
    __tablename__ = "marker_reading"

    marker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("marker.id"), index=True)
    check_in_id: Mapped[UUID] = mapped_column(sa.ForeignKey("check_in.id"), index=True)
    level: Mapped[MarkerLevel] = mapped_column(text_enum(MarkerLevel))

    marker: Mapped[Marker] = relationship()

    __table_args__ = (sa.UniqueConstraint("marker_id", "check_in_id"),)


class Story(Row):
    """An account of a change. Shown to others only while a consent for that purpose is in force."""

    __tablename__ = "story"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    check_in_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("check_in.id"))
    domain: Mapped[str | None] = mapped_column(sa.String(40))  # key of the call's story domains
    text: Mapped[str] = mapped_column(sa.Text())
    language: Mapped[str | None] = mapped_column(sa.String(20))
    status: Mapped[StoryStatus] = mapped_column(
        text_enum(StoryStatus), default=StoryStatus.SHARED_WITH_FUNDER
    )
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()
    consents: Mapped[list[StoryConsent]] = relationship(back_populates="story")

    __mapper_args__ = {"version_id_col": version}


class StoryConsent(Row):
    """Permission for one purpose and channel, at one level of identity, until a day."""

    __tablename__ = "story_consent"

    story_id: Mapped[UUID] = mapped_column(sa.ForeignKey("story.id"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(40))  # e.g. "public_page"
    identity: Mapped[IdentityLevel] = mapped_column(text_enum(IdentityLevel))
    language: Mapped[str] = mapped_column(sa.String(20))  # the consent was read in
    ends_on: Mapped[date]
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]

    story: Mapped[Story] = relationship(back_populates="consents")

    __table_args__ = (sa.UniqueConstraint("story_id", "purpose"),)
