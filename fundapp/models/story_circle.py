"""Story circles: grantees, then the panel, read stories of one domain, choose one, and say why."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.call import Call
from fundapp.models.monitoring import Story
from fundapp.models.user import User
from fundapp.story_steps import CircleStatus


class CircleLevel(StrEnum):
    GRANTEES = "grantees"
    PANEL = "panel"  # reads what circles of grantees have chosen


class StoryCircle(Row):
    """`story_id`: what the circle chose. Every word about a story is shown only while its consent runs."""

    __tablename__ = "story_circle"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    domain: Mapped[str] = mapped_column(sa.String(40))  # key of the call's story domains
    level: Mapped[CircleLevel] = mapped_column(text_enum(CircleLevel))
    held_on: Mapped[date]
    status: Mapped[CircleStatus] = mapped_column(text_enum(CircleStatus), default=CircleStatus.OPEN)
    silent: Mapped[int | None]  # how many had not chosen when the fund closed it; none: it waited for all
    story_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("story.id"), index=True)
    why: Mapped[str] = mapped_column(sa.Text(), default="")
    chosen_at: Mapped[datetime | None]
    written_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    is_right: Mapped[bool | None]  # what the group says of the story and of the reason beside it
    group_words: Mapped[str] = mapped_column(sa.Text(), default="")
    group_said_at: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(sa.Text(), default="")  # the story was checked
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    story: Mapped[Story | None] = relationship()
    stories: Mapped[list[CircleStory]] = relationship(
        back_populates="circle", order_by="CircleStory.created_at, CircleStory.id"
    )
    seats: Mapped[list[CircleSeat]] = relationship(
        back_populates="circle", order_by="CircleSeat.created_at, CircleSeat.id"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("silent > 0", name="closed_without_somebody"),
        sa.CheckConstraint(
            "status = 'open' OR (story_id IS NOT NULL AND why <> '' AND chosen_at IS NOT NULL)",
            name="chosen_with_a_reason",
        ),
        sa.CheckConstraint(
            "status <> 'verified' OR"
            " (is_right IS NOT NULL AND is_right AND how <> '' AND verified_at IS NOT NULL)",
            name="verified_with_the_group",
        ),
        sa.CheckConstraint("verified_by_id <> written_by_id", name="verified_by_a_second_person"),
    )


class CircleStory(Row):
    """A story that a circle reads."""

    __tablename__ = "circle_story"

    circle_id: Mapped[UUID] = mapped_column(sa.ForeignKey("story_circle.id"))
    story_id: Mapped[UUID] = mapped_column(sa.ForeignKey("story.id"), index=True)

    circle: Mapped[StoryCircle] = relationship(back_populates="stories")
    story: Mapped[Story] = relationship()

    __table_args__ = (sa.UniqueConstraint("circle_id", "story_id"),)


class CircleSeat(Row):
    """Somebody invited. `story_id` and `why`: what they chose, in their own words."""

    __tablename__ = "circle_seat"

    circle_id: Mapped[UUID] = mapped_column(sa.ForeignKey("story_circle.id"))
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))  # none: the panel
    story_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("story.id"))
    why: Mapped[str] = mapped_column(sa.Text(), default="")
    language: Mapped[str | None] = mapped_column(sa.String(20))
    spoken_at: Mapped[datetime | None]

    circle: Mapped[StoryCircle] = relationship(back_populates="seats")
    user: Mapped[User] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("circle_id", "user_id"),
        sa.CheckConstraint(
            "spoken_at IS NULL OR (story_id IS NOT NULL AND why <> '')", name="spoken_with_a_reason"
        ),
    )
