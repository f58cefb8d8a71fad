"""What groups tell us beside their application, kept as counts from the first moment.

There is no row for an answer, so nothing can be joined to who gave it: no id, no time, no order. Every answer
rewrites every count of its round and stage, so that not even the database's own marks (`rowid`, `xmin`,
`ctid`) tell which counts changed last.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, text_enum
from fundapp.models.application import ApplicationStage

MORE = "more"
MINUTES = (15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2400)  # upper ends of the bands
QUESTION_MINUTES = (1, 2, 3, 5, 8, 12, 20, 30)  # for one question; a page left open counts as the last
PEOPLE = (1, 2, 3, 5, 10)
SHARES = ("none", "some", "half", "most", "all")


class Sheet(StrEnum):
    """What is asked on a page of its own, with a ticket of its own."""

    TIME = "time"
    EQUALITY = "equality"


def band_of(number: int, upper_ends: tuple[int, ...]) -> str:
    return next((str(end) for end in upper_ends if number <= end), MORE)


def _bands(upper_ends: tuple[int, ...]) -> tuple[str, ...]:
    return (*map(str, upper_ends), MORE)


TOPICS: dict[Sheet, dict[str, tuple[str, ...]]] = {
    Sheet.TIME: {"minutes": _bands(MINUTES), "people": _bands(PEOPLE)},
    Sheet.EQUALITY: dict.fromkeys(
        ("women", "racially_minoritised", "migrants", "disabled", "lgbt", "under_25", "over_60"), SHARES
    ),
}


class Tally(Base):
    """How many groups chose this, in one round and stage."""

    __tablename__ = "tally"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    stage: Mapped[ApplicationStage] = mapped_column(text_enum(ApplicationStage), primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        sa.CheckConstraint("number >= 0", name="number_not_negative"),
        {"sqlite_with_rowid": False},
    )


class QuestionTally(Base):
    """How many groups that let us count needed up to so many minutes for one question, in one round."""

    __tablename__ = "question_tally"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    question_key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # upper end of the band
    number: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        sa.CheckConstraint("number >= 0", name="number_not_negative"),
        {"sqlite_with_rowid": False},
    )


class SpentTicket(Base):
    """A ticket that has been used. It says that somebody answered, not what."""

    __tablename__ = "spent_ticket"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)
