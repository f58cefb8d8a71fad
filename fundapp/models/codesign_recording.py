"""What somebody says aloud in co-design, by a link, until somebody of the fund has written it down."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.lifecycles import SpokenStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, PointShowing
from fundapp.models.codesign_voice import CodesignLink
from fundapp.models.file import StoredFile


class CodesignRecording(Row):
    """One thing that was said aloud. Its file is erased on the day after `keep_until`, written down or not.

    Like a point it leads to nobody: no user, and of the time only the day.
    """

    __tablename__ = "codesign_recording"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("codesign_link.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    status: Mapped[SpokenStatus] = mapped_column(
        text_enum(SpokenStatus), default=SpokenStatus.WAITING, index=True
    )
    said_by: Mapped[Json]  # the role in words, by language
    said_in: Mapped[str] = mapped_column(sa.String(12))
    showing: Mapped[PointShowing] = mapped_column(text_enum(PointShowing))
    about: Mapped[str | None] = mapped_column(sa.String(60))  # a part of the call, e.g. "question:Q5"
    keep_until: Mapped[date]
    point_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("codesign_point.id", ondelete="SET NULL"), index=True
    )
    aside_why: Mapped[str] = mapped_column(sa.Text(), default="")

    call: Mapped[Call] = relationship()
    link: Mapped[CodesignLink] = relationship()
    file: Mapped[StoredFile] = relationship()
    point: Mapped[CodesignPoint | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("point_id IS NULL OR status = 'written'", name="a_point_once_written"),
        sa.CheckConstraint("(status = 'set_aside') = (aside_why <> '')", name="set_aside_says_why"),
    )
