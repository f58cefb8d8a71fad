"""Votes of a panel, the draw of a round, and the order that came out of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Money, Row
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import Panel, PanelSeat


class PanelVote(Row):
    """One step of the vote of a panel. `candidates`: ids of the applications it is about.

    `tally`: by application, what it was given when it was counted, and what it could have been given.
    """

    __tablename__ = "panel_vote"

    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    step: Mapped[int]
    candidates: Mapped[list[str]] = mapped_column(sa.JSON())
    opened_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    tally: Mapped[Json | None]

    panel: Mapped[Panel] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.panel.call_id

    @property
    def is_open(self) -> bool:
        return self.counted_at is None

    __table_args__ = (
        sa.UniqueConstraint("panel_id", "step"),
        sa.CheckConstraint("step IN (1, 2)", name="one_or_two_steps"),
    )


class Ballot(Row):
    """What one member chose. Only they see it; it can be changed until the vote is counted."""

    __tablename__ = "ballot"

    vote_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_vote.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    given_at: Mapped[datetime]

    vote: Mapped[PanelVote] = relationship()
    seat: Mapped[PanelSeat] = relationship()
    choices: Mapped[list[BallotChoice]] = relationship(
        back_populates="ballot", cascade="all, delete-orphan", order_by="BallotChoice.application_id"
    )

    __table_args__ = (sa.UniqueConstraint("vote_id", "seat_id"),)


class BallotChoice(Row):
    """A yes to one application, or so many pounds for it."""

    __tablename__ = "ballot_choice"

    ballot_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ballot.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    amount: Mapped[Money | None]

    ballot: Mapped[Ballot] = relationship(back_populates="choices")

    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "application_id"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
    )


class Draw(Row):
    """A secret seed, made before anybody reads. Its fingerprint is public at once, the seed once
    everybody is told.

    `drawn_at`: it was used, so it can be shown to those who may know the order.
    """

    __tablename__ = "draw"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), unique=True)
    seed: Mapped[str] = mapped_column(sa.String(64))  # hexadecimal
    commitment: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the seed's bytes, hexadecimal
    drawn_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.round.call_id


class DecidedPlace(Row):
    """A place in the order that a vote or a draw has given. `reason`: a code with its numbers."""

    __tablename__ = "decided_place"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    place: Mapped[int]
    reason: Mapped[Json]

    application: Mapped[Application] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("round_id", "place"),
        sa.CheckConstraint("place >= 1", name="place_from_one"),
    )
