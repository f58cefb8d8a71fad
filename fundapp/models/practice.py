"""The practice round: samples that everybody marks, and what the panel agrees a level means."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row
from fundapp.models.panel import Panel, PanelSeat


class PracticeSample(Row):
    """An invented or anonymous application, with one text for each criterion."""

    __tablename__ = "practice_sample"

    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    texts: Mapped[Json]  # by criterion key

    panel: Mapped[Panel] = relationship()

    __table_args__ = (sa.UniqueConstraint("panel_id", "number"),)


class PracticeSheet(Row):
    """One member's marks for a sample. Once locked, the spread of all locked ones is shown to them."""

    __tablename__ = "practice_sheet"

    sample_id: Mapped[UUID] = mapped_column(sa.ForeignKey("practice_sample.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    marks: Mapped[Json]  # by criterion key: value, cant_tell, sentence
    locked_at: Mapped[datetime | None]

    sample: Mapped[PracticeSample] = relationship()
    seat: Mapped[PanelSeat] = relationship()

    __table_args__ = (sa.UniqueConstraint("sample_id", "seat_id"),)


class LevelAgreement(Row):
    """In the panel's own words: what a level of a criterion means in this round."""

    __tablename__ = "level_agreement"

    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    criterion_key: Mapped[str] = mapped_column(sa.String(40))
    level: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text())

    panel: Mapped[Panel] = relationship()

    __table_args__ = (sa.UniqueConstraint("panel_id", "criterion_key", "level"),)
