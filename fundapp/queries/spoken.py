"""What people say aloud in co-design by a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import FileStatus, SpokenStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.file import StoredFile


def get_spoken(spoken_id: UUID) -> CodesignRecording:
    """With its call and its file. Raises NoResultFound."""
    call = joinedload(CodesignRecording.call)
    query = (
        sa.select(CodesignRecording)
        .where(CodesignRecording.id == spoken_id)
        .options(
            call.joinedload(Call.fund),
            call.selectinload(Call.versions),
            joinedload(CodesignRecording.file),
            joinedload(CodesignRecording.link),
            joinedload(CodesignRecording.point),
        )
    )
    return db.session.execute(query).scalar_one()


def list_spoken(call: Call) -> Sequence[CodesignRecording]:
    """Those to be written down first, then the rest; by day, and within one in an order that says nothing."""
    waits = sa.case((CodesignRecording.status == SpokenStatus.WAITING, 0), else_=1)
    query = (
        sa.select(CodesignRecording)
        .where(CodesignRecording.call_id == call.id)
        .options(
            joinedload(CodesignRecording.file),
            joinedload(CodesignRecording.link),
            joinedload(CodesignRecording.point),
        )
        .order_by(waits, CodesignRecording.keep_until, CodesignRecording.created_at, CodesignRecording.id)
    )
    return db.session.execute(query).scalars().all()


def count_spoken(call: Call) -> Counter[SpokenStatus]:
    query = sa.select(CodesignRecording.status, sa.func.count()).where(CodesignRecording.call_id == call.id)
    found: Counter[SpokenStatus] = Counter()
    for status, number in db.session.execute(query.group_by(CodesignRecording.status)):
        found[status] = number
    return found


def count_kept_recordings(call: Call) -> int:
    """Whose sound lies on our disk, checked or not."""
    query = (
        sa.select(sa.func.count())
        .select_from(CodesignRecording)
        .join(CodesignRecording.file)
        .where(CodesignRecording.call_id == call.id, StoredFile.storage_key.is_not(None))
    )
    return db.session.execute(query).scalar_one()


def find_spoken_with(file: StoredFile) -> CodesignRecording | None:
    query = sa.select(CodesignRecording).where(CodesignRecording.file_id == file.id)
    return db.session.execute(query).scalar_one_or_none()


def find_spoken_of(point: CodesignPoint) -> CodesignRecording | None:
    """What a point was written down from."""
    query = sa.select(CodesignRecording).where(CodesignRecording.point_id == point.id)
    return db.session.execute(query.options(joinedload(CodesignRecording.file)).limit(1)).scalar_one_or_none()


def list_kept_too_long(today: date) -> Sequence[CodesignRecording]:
    """Whose day is over and whose sound is still here."""
    query = (
        sa.select(CodesignRecording)
        .join(CodesignRecording.file)
        .where(CodesignRecording.keep_until < today, StoredFile.status != FileStatus.ERASED)
        .options(joinedload(CodesignRecording.file), joinedload(CodesignRecording.call))
        .order_by(CodesignRecording.id)
    )
    return db.session.execute(query).scalars().all()
