"""Keeping in touch: check-ins, the group's own markers, stories and consent."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import RUNNING_GRANTS, TALKS_TO_COME, CheckInStatus, FileStatus
from fundapp.models.award import Award
from fundapp.models.file import StoredFile
from fundapp.story_steps import StoryStatus


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
    link: Mapped[str] = mapped_column(sa.String(500), default="")  # to what was written for others already
    typed_by_fund: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]  # the group has read what the fund typed
    correction: Mapped[str] = mapped_column(sa.Text(), default="")  # what the group would say otherwise
    reply: Mapped[str] = mapped_column(sa.Text(), default="")
    reply_due_on: Mapped[date | None]
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()
    files: Mapped[list[CheckInFile]] = relationship(
        back_populates="check_in", order_by="CheckInFile.created_at, CheckInFile.id"
    )

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
        sa.CheckConstraint("confirmed_at IS NULL OR held_at IS NOT NULL", name="confirmed_once_held"),
        sa.CheckConstraint("correction = '' OR confirmed_at IS NOT NULL", name="corrected_once_read"),
    )

    @property
    def is_over(self) -> bool:
        """It had not taken place when its grant ended."""
        return self.status in TALKS_TO_COME and self.award.status not in RUNNING_GRANTS

    @property
    def shown_files(self) -> list[CheckInFile]:
        """What tells something: there, and not found unusable."""
        return [each for each in self.files if each.counts]


class CheckInFile(Row):
    """A recording, a photo or a paper in which a group tells how it goes. The fund gets it with the rest."""

    __tablename__ = "check_in_file"

    check_in_id: Mapped[UUID] = mapped_column(sa.ForeignKey("check_in.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]

    check_in: Mapped[CheckIn] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()

    @property
    def counts(self) -> bool:
        return self.removed_at is None and self.file.status in (FileStatus.QUARANTINED, FileStatus.CLEAN)


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
    consents: Mapped[list[StoryConsent]] = relationship(
        back_populates="story", order_by="StoryConsent.purpose"
    )
    uses: Mapped[list[StoryUse]] = relationship(
        back_populates="story", order_by="StoryUse.created_at, StoryUse.id"
    )

    __mapper_args__ = {"version_id_col": version}


class StoryPurpose(StrEnum):
    """What a teller allows, each for itself."""

    PUBLIC_PAGE = "public_page"
    CIRCLE = "circle"  # read by other grantees and the panel, who choose the story that says most
    REPORT = "report"  # some words of it, in what the fund tells everybody once a year


class StoryUse(Row):
    """Words of a story that the fund wants to use. The group reads them first, and may say no at any time."""

    __tablename__ = "story_use"

    story_id: Mapped[UUID] = mapped_column(sa.ForeignKey("story.id"), index=True)
    words: Mapped[str] = mapped_column(sa.Text())
    shown_from: Mapped[date]
    proposed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    objected_at: Mapped[datetime | None]
    objected_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    story: Mapped[Story] = relationship(back_populates="uses")

    __table_args__ = (sa.CheckConstraint("words <> ''", name="uses_some_words"),)


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

    def is_in_force(self, today: date) -> bool:
        return self.withdrawn_at is None and self.ends_on >= today

    __table_args__ = (sa.UniqueConstraint("story_id", "purpose"),)
