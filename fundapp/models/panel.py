"""Panels, seats, conflicts of interest, who reads what, and their marks."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.models.application import Application, Clarification
from fundapp.models.call import Call, Round
from fundapp.models.organisation import Organisation
from fundapp.models.user import User


class SeatKind(StrEnum):
    UMBRELLA = "umbrella"
    LIVED_EXPERIENCE = "lived_experience"
    PAST_GRANTEE = "past_grantee"
    FUNDER_OFFICER = "funder_officer"


class PaperFormat(StrEnum):
    """How a member wants to read."""

    SCREEN = "screen"
    PRINT = "print"
    LARGE_PRINT = "large_print"
    RECORDED = "recorded"
    BY_PHONE = "by_phone"


class ConflictResponse(StrEnum):
    NOTE = "note"
    NO_SCORING = "no_scoring"
    LEAVE_ROOM = "leave_room"


class TieSource(StrEnum):
    """Where a tie is known from. Those in the middle block a member also writes into the register."""

    DECLARED = "declared"
    RECOGNISED = "recognised"  # while reading a copy without names: the member was not told whom

    EMPLOYER = "employer"
    COMMITTEE = "committee"
    FAMILY = "family"
    PARTNER = "partner"
    SUPPLIER = "supplier"
    PAST = "past"

    MEMBER = "member"
    NOMINATED = "nominated"
    HELPER = "helper"
    HELPER_OF_NOMINATOR = "helper_of_nominator"
    HELPING_ORGANISATION = "helping_organisation"
    HOST = "host"
    HOSTING_ORGANISATION = "hosting_organisation"
    PARTNER_ORGANISATION = "partner_organisation"
    SHARED_ACCOUNT = "shared_account"
    SAME_REGISTER = "same_register"
    SHARED_MEMBER = "shared_member"
    MAIL_HOUSE = "mail_house"
    SAME_SET_ASIDE = "same_set_aside"
    SAME_RING_FENCE = "same_ring_fence"


class Panel(Row):
    """The people who decide on one round."""

    __tablename__ = "panel"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), unique=True)
    quorum: Mapped[int]
    practice_opens_at: Mapped[datetime | None]
    practice_closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    order_seed: Mapped[str] = mapped_column(sa.String(32), default="")  # of the readers' orders of reading
    names_are_hidden: Mapped[bool] = mapped_column(default=False)  # as the call said when reading began

    call: Mapped[Call] = relationship()
    round: Mapped[Round] = relationship()
    seats: Mapped[list[PanelSeat]] = relationship(back_populates="panel", order_by="PanelSeat.created_at")

    __table_args__ = (
        sa.CheckConstraint(
            "(practice_opens_at IS NULL) = (practice_closes_at IS NULL)", name="practice_has_both_dates"
        ),
        sa.CheckConstraint("practice_opens_at < practice_closes_at", name="practice_dates_in_order"),
    )

    def hides_names(self, now: datetime) -> bool:
        """Readers see copies without names, under numbers, until the panel meets."""
        return self.names_are_hidden and now < self.round.panel_meets_at


class PanelSeat(Row):
    """One member's place. `conflicts_declared_at` opens the first name; before that nothing is shown."""

    __tablename__ = "panel_seat"

    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    kind: Mapped[SeatKind] = mapped_column(text_enum(SeatKind))
    nominated_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    is_chair: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int] = mapped_column(default=20)  # applications the member can read
    languages: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)  # reads in these; codes
    conflicts_declared_at: Mapped[datetime | None]
    pay_way: Mapped[str | None] = mapped_column(sa.String(40))  # a key of the call's ways; none: not chosen
    pay_to: Mapped[str] = mapped_column(sa.String(200), default="")  # the organisation, where that is the way
    paper_format: Mapped[PaperFormat] = mapped_column(text_enum(PaperFormat), default=PaperFormat.SCREEN)
    paper_note: Mapped[str] = mapped_column(sa.Text(), default="")  # what else helps the member to take part
    term_from: Mapped[date | None]
    term_to: Mapped[date | None]  # the last day in office

    panel: Mapped[Panel] = relationship(back_populates="seats")
    user: Mapped[User] = relationship()
    nominated_by: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("panel_id", "user_id"),
        sa.CheckConstraint("NOT is_chair OR kind <> 'funder_officer'", name="funder_cannot_chair"),
        sa.CheckConstraint("capacity >= 0", name="capacity_not_negative"),
    )


class ConflictOfInterest(Row):
    """A link between a person and an organisation that could sway a decision about it."""

    __tablename__ = "conflict_of_interest"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    response: Mapped[ConflictResponse] = mapped_column(text_enum(ConflictResponse))
    source: Mapped[str] = mapped_column(sa.String(40))  # a TieSource
    reason: Mapped[str | None] = mapped_column(sa.Text())

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (sa.UniqueConstraint("user_id", "call_id", "organisation_id"),)


class ReviewAssignment(Row):
    """An application given to a reader."""

    __tablename__ = "review_assignment"

    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    voided_at: Mapped[datetime | None]  # a conflict came up late
    order_key: Mapped[str] = mapped_column(sa.String(16), default="")  # the reader's own order of reading

    seat: Mapped[PanelSeat] = relationship()
    application: Mapped[Application] = relationship()

    __table_args__ = (sa.UniqueConstraint("seat_id", "application_id"),)


class Review(Row):
    """One reader's marks for one application. Once locked they stay, and the others' become visible."""

    __tablename__ = "review"

    assignment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("review_assignment.id"), unique=True)
    private_note: Mapped[str] = mapped_column(sa.Text(), default="")
    has_concern: Mapped[bool] = mapped_column(default=False)
    concern: Mapped[str] = mapped_column(sa.Text(), default="")  # what it is about; the secretary reads it
    locked_at: Mapped[datetime | None]
    unlocked_at: Mapped[datetime | None]  # opened again, with a reason in the record
    words_erased_at: Mapped[datetime | None]  # they were kept long enough; the marks stay
    version: Mapped[int] = mapped_column()

    assignment: Mapped[ReviewAssignment] = relationship()
    scores: Mapped[list[Score]] = relationship(back_populates="review")

    __mapper_args__ = {"version_id_col": version}


class Score(Row):
    """A level for one criterion, or "can't tell"; with one sentence the group may read."""

    __tablename__ = "score"

    review_id: Mapped[UUID] = mapped_column(sa.ForeignKey("review.id"), index=True)
    criterion_key: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[int | None]
    cant_tell: Mapped[bool] = mapped_column(default=False)
    sentence: Mapped[str] = mapped_column(sa.Text(), default="")
    typed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))  # for the reader, as told
    typed_at: Mapped[datetime | None]

    review: Mapped[Review] = relationship(back_populates="scores")
    typed_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(typed_by_id IS NULL) = (typed_at IS NULL)", name="typed_by_somebody_at_a_time"),
        sa.UniqueConstraint("review_id", "criterion_key"),
        sa.CheckConstraint("value IS NULL OR NOT cant_tell", name="a_level_or_cant_tell"),
    )


class InterestRegister(Row):
    """What a member wrote about their ties before any name was shown to them."""

    __tablename__ = "interest_register"

    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), unique=True)
    lines: Mapped[Json]  # a text for each kind of tie
    confirmed_at: Mapped[datetime]

    seat: Mapped[PanelSeat] = relationship()


class ReaderQuestion(Row):
    """What a reader would ask the group. The secretary sends it, or says why not; no reader is named.

    Either about a criterion ("can't tell") or about one answer ("the meaning is not clear").
    """

    __tablename__ = "reader_question"

    assignment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("review_assignment.id"), index=True)
    criterion_key: Mapped[str | None] = mapped_column(sa.String(40))
    question_key: Mapped[str | None] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text())
    raised_at: Mapped[datetime | None]  # with the secretary from then on
    clarification_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("clarification.id"))
    not_sent_reason: Mapped[str | None] = mapped_column(sa.Text())

    assignment: Mapped[ReviewAssignment] = relationship()
    clarification: Mapped[Clarification | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "criterion_key"),
        sa.UniqueConstraint("assignment_id", "question_key"),
        sa.CheckConstraint(
            "(criterion_key IS NULL) <> (question_key IS NULL)", name="about_a_criterion_or_an_answer"
        ),
        sa.CheckConstraint(
            "raised_at IS NOT NULL OR (clarification_id IS NULL AND not_sent_reason IS NULL)",
            name="settled_once_raised",
        ),
        sa.CheckConstraint("clarification_id IS NULL OR not_sent_reason IS NULL", name="sent_or_not_sent"),
    )
