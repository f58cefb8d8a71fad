"""Documents of a group: sent once, and used for every call until the group sends a newer one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.file import StoredFile
from fundapp.models.organisation import Organisation


class DocumentKind(StrEnum):
    GOVERNING = "governing"
    SAFEGUARDING = "safeguarding"
    ACCOUNTS = "accounts"
    BANK = "bank"
    OTHER = "other"


class OrganisationDocument(Row):
    """A file as one of the group's papers. Which of them is the current one, its state and its day tell."""

    __tablename__ = "organisation_document"

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    kind: Mapped[DocumentKind] = mapped_column(text_enum(DocumentKind))
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    file: Mapped[StoredFile] = relationship()
