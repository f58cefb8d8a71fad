"""Papers the worker makes: forms, copies for groups, packs for readers. The bytes are in `storage.py`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.agreement import AgreementText
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import CallVersion
from fundapp.models.panel import PanelSeat


class PaperKind(StrEnum):
    BLANK_FORM = "blank_form"  # PDF, for everybody
    COPY = "copy"  # PDF of what a group has written
    BUNDLE = "bundle"  # all copies and all files of an application in one ZIP
    READING_PACK = "reading_pack"  # PDF of what one member of a panel may read
    READING_RECORDINGS = "reading_recordings"  # ZIP of the recorded answers among it
    AGREEMENT = "agreement"  # PDF of an agreement with its letter and signatures


class MadePaper(Row):
    """One paper, asked for and then made. `recipe`: digest of what it is made of; the same is made once."""

    __tablename__ = "made_paper"

    kind: Mapped[PaperKind] = mapped_column(text_enum(PaperKind))
    recipe: Mapped[str] = mapped_column(sa.String(64), unique=True)
    call_version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("call_version.id"), index=True)
    application_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("application.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("panel_seat.id"), index=True)
    agreement_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agreement_text.id"), index=True)
    stage: Mapped[ApplicationStage | None] = mapped_column(text_enum(ApplicationStage))
    language: Mapped[str] = mapped_column(sa.String(20))
    is_large: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    storage_key: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    failed_reason: Mapped[str | None] = mapped_column(sa.String(40))  # a services.papers.Failure

    call_version: Mapped[CallVersion | None] = relationship()
    application: Mapped[Application | None] = relationship()
    seat: Mapped[PanelSeat | None] = relationship()
    agreement: Mapped[AgreementText | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'blank_form') = (call_version_id IS NOT NULL AND stage IS NOT NULL)"
            " AND (kind IN ('copy', 'bundle')) = (application_id IS NOT NULL)"
            " AND (kind IN ('reading_pack', 'reading_recordings')) = (seat_id IS NOT NULL)"
            " AND (kind = 'agreement') = (agreement_id IS NOT NULL)",
            name="about_one_thing",
        ),
        sa.CheckConstraint(
            "(made_at IS NULL) = (storage_key IS NULL) AND (made_at IS NULL) = (sha256 IS NULL)"
            " AND (made_at IS NULL) = (size_bytes IS NULL)",
            name="made_has_bytes",
        ),
        sa.CheckConstraint("made_at IS NULL OR failed_reason IS NULL", name="made_or_failed"),
    )
