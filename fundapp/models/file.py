"""Files that people send, and which applications use them. The bytes are in `storage.py`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.lifecycles import FileStatus
from fundapp.models.application import Application
from fundapp.models.organisation import Organisation


class FileKind(StrEnum):
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


class StoredFile(Row):
    """One file of one group, readable by nobody before it is clean. Size and digest: of what is kept now.

    A panel member's receipt belongs to no group.
    """

    __tablename__ = "stored_file"

    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    uploaded_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[FileKind] = mapped_column(text_enum(FileKind))
    allowed_kinds: Mapped[str] = mapped_column(sa.String(60))  # what the place it was sent to takes
    status: Mapped[FileStatus] = mapped_column(
        text_enum(FileStatus), default=FileStatus.RECEIVING, index=True
    )
    original_name: Mapped[str] = mapped_column(sa.String(200))  # cleaned; for showing and saving only
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger())  # while receiving: as announced
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    seconds: Mapped[int | None]
    storage_key: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    refused_reason: Mapped[str | None] = mapped_column(sa.String(40))  # a file_checks.Refusal
    received_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    once: Mapped[str] = mapped_column(sa.String(64))

    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("uploaded_by_id", "once"),
        sa.CheckConstraint("size_bytes >= 0", name="size_not_negative"),
        sa.CheckConstraint(
            "(status IN ('receiving', 'quarantined', 'clean')) = (storage_key IS NOT NULL)",
            name="bytes_until_refused_or_erased",
        ),
        sa.CheckConstraint(
            "status = 'receiving' OR received_at IS NOT NULL OR status IN ('refused', 'erased')",
            name="received_once_whole",
        ),
        sa.CheckConstraint(
            "status <> 'clean' OR (checked_at IS NOT NULL AND sha256 IS NOT NULL)", name="clean_was_checked"
        ),
        sa.CheckConstraint("status <> 'clean' OR storage_key LIKE 'clean/%'", name="clean_room_once_clean"),
        sa.CheckConstraint(
            "status NOT IN ('receiving', 'quarantined') OR storage_key LIKE 'quarantine/%'",
            name="quarantine_until_clean",
        ),
        sa.CheckConstraint("status <> 'refused' OR refused_reason IS NOT NULL", name="refused_says_why"),
        sa.CheckConstraint(
            "(status = 'erased') = (erased_at IS NOT NULL) AND (status <> 'erased' OR original_name = '')",
            name="erased_keeps_no_name",
        ),
        sa.CheckConstraint("seconds IS NULL OR kind IN ('audio', 'video')", name="only_media_last"),
        sa.CheckConstraint(
            "status <> 'clean' OR kind NOT IN ('audio', 'video') OR seconds IS NOT NULL",
            name="clean_media_has_a_length",
        ),
    )


class FileUse(Row):
    """An application that shows a file, and where. Who may read the application may read the file."""

    __tablename__ = "file_use"

    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(60))  # a question's key, or what the file is for

    file: Mapped[StoredFile] = relationship()
    application: Mapped[Application] = relationship()

    __table_args__ = (sa.UniqueConstraint("file_id", "application_id", "place"),)
