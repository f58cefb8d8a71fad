"""Changes that the fund found in what a group told, in the words that the group confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.theme_code import CodedText, ThemeCode
from fundapp.told_steps import OutcomeStatus


class HarvestedOutcome(Row):
    """What changed, for whom, what the group contributed. `own_…`: the group's words, which count then."""

    __tablename__ = "harvested_outcome"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    theme_code_id: Mapped[UUID] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(sa.String(20))
    changed: Mapped[str] = mapped_column(sa.Text())
    for_whom: Mapped[str] = mapped_column(sa.Text())
    contribution: Mapped[str] = mapped_column(sa.Text())
    written_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    status: Mapped[OutcomeStatus] = mapped_column(text_enum(OutcomeStatus), default=OutcomeStatus.WAITING)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    own_language: Mapped[str | None] = mapped_column(sa.String(20))
    own_changed: Mapped[str] = mapped_column(sa.Text(), default="")
    own_for_whom: Mapped[str] = mapped_column(sa.Text(), default="")
    own_contribution: Mapped[str] = mapped_column(sa.Text(), default="")
    names_group: Mapped[bool] = mapped_column(default=False)
    objection: Mapped[str] = mapped_column(sa.Text(), default="")
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    award: Mapped[Award] = relationship()
    theme_code: Mapped[ThemeCode] = relationship(overlaps="call")
    passages: Mapped[list[OutcomePassage]] = relationship(
        back_populates="outcome",
        order_by="OutcomePassage.created_at, OutcomePassage.id",
        overlaps="coded_text",
    )

    @property
    def is_in_own_words(self) -> bool:
        return self.own_language is not None

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("id", "award_id"),
        sa.ForeignKeyConstraint(["theme_code_id", "call_id"], ["theme_code.id", "theme_code.call_id"]),
        sa.CheckConstraint("changed <> '' AND for_whom <> '' AND contribution <> ''", name="says_all_three"),
        sa.CheckConstraint(
            "(own_language IS NULL) = (own_changed = '') AND (own_language IS NULL) = (own_for_whom = '')"
            " AND (own_language IS NULL) = (own_contribution = '')",
            name="own_words_are_whole",
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (answered_at IS NULL) OR status = 'taken_back'", name="answered_at_a_time"
        ),
        sa.CheckConstraint("status = 'confirmed' OR NOT names_group", name="named_once_confirmed"),
        sa.CheckConstraint("status = 'objected' OR objection = ''", name="objection_while_objected"),
    )


class OutcomePassage(Row):
    """A place in a text of the same grant on which an outcome rests, with the digest of what was read."""

    __tablename__ = "outcome_passage"

    outcome_id: Mapped[UUID] = mapped_column(index=True)
    coded_text_id: Mapped[UUID] = mapped_column(index=True)
    award_id: Mapped[UUID]
    starts_at: Mapped[int | None]
    ends_at: Mapped[int | None]
    text_digest: Mapped[str] = mapped_column(sa.String(64))

    outcome: Mapped[HarvestedOutcome] = relationship(back_populates="passages", overlaps="coded_text")
    coded_text: Mapped[CodedText] = relationship(overlaps="outcome,passages")

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["outcome_id", "award_id"], ["harvested_outcome.id", "harvested_outcome.award_id"]
        ),
        sa.ForeignKeyConstraint(["coded_text_id", "award_id"], ["coded_text.id", "coded_text.award_id"]),
        sa.CheckConstraint(
            "(starts_at IS NULL) = (ends_at IS NULL)"
            " AND (starts_at IS NULL OR starts_at >= 0 AND ends_at > starts_at)",
            name="a_place_in_the_text",
        ),
    )
