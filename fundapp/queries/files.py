"""Reading about files; their bytes are in `storage.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import FileStatus
from fundapp.models.application import Application
from fundapp.models.file import FileUse, StoredFile
from fundapp.models.message import OutboxJob
from fundapp.models.organisation import Organisation
from fundapp.models.paper import MadePaper
from fundapp.models.user import User

KEPT = (FileStatus.RECEIVING, FileStatus.QUARANTINED, FileStatus.CLEAN)


@dataclass(frozen=True)
class Amount:
    files: int
    size: int


def get_file(file_id: UUID) -> StoredFile:
    """In any state. Raises NoResultFound."""
    query = sa.select(StoredFile).where(StoredFile.id == file_id)
    return db.session.execute(query.options(joinedload(StoredFile.organisation))).scalar_one()


def find_upload(actor: User, once: str) -> StoredFile | None:
    """What this person has sent under this token."""
    query = sa.select(StoredFile).where(StoredFile.uploaded_by_id == actor.id, StoredFile.once == once)
    return db.session.execute(query).scalar_one_or_none()


def find_unsigned_upload(once: str) -> StoredFile | None:
    """What somebody without an account has sent under this token."""
    query = sa.select(StoredFile).where(StoredFile.uploaded_by_id.is_(None), StoredFile.once == once)
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def find_use(file: StoredFile, application: Application, *, place: str) -> FileUse | None:
    query = sa.select(FileUse).where(
        FileUse.file_id == file.id, FileUse.application_id == application.id, FileUse.place == place
    )
    return db.session.execute(query).scalar_one_or_none()


def is_used(file: StoredFile) -> bool:
    """Some application shows it."""
    query = sa.select(FileUse.id).where(FileUse.file_id == file.id)
    return db.session.execute(query.limit(1)).first() is not None


def list_files_of(application: Application) -> Sequence[FileUse]:
    """Every file the application shows, with its place, in the order they came."""
    query = (
        sa.select(FileUse)
        .where(FileUse.application_id == application.id)
        .options(joinedload(FileUse.file))
        .order_by(FileUse.place, FileUse.created_at, FileUse.id)
    )
    return db.session.execute(query).scalars().all()


def kept_by_group(organisation: Organisation) -> Amount:
    """What lies on our disk for the group, with what is announced and on its way."""
    return _amount(StoredFile.organisation_id == organisation.id, StoredFile.status.in_(KEPT))


def sent_by_person(user: User, *, since: datetime) -> Amount:
    """What this person has sent, whatever became of it."""
    return _amount(StoredFile.uploaded_by_id == user.id, StoredFile.created_at > since)


def _amount(*which: sa.ColumnElement[bool]) -> Amount:
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(StoredFile.size_bytes), 0)).where(*which)
    files, size = db.session.execute(query).one()
    return Amount(files, int(size))


def list_abandoned_uploads(*, before: datetime, limit: int = 100) -> Sequence[StoredFile]:
    """Begun before then and never finished."""
    query = (
        sa.select(StoredFile)
        .where(StoredFile.status == FileStatus.RECEIVING, StoredFile.created_at < before)
        .order_by(StoredFile.created_at, StoredFile.id)
        .limit(limit)
    )
    return db.session.execute(query).scalars().all()


def list_stuck_files(*, before: datetime, limit: int = 100) -> Sequence[StoredFile]:
    """In quarantine since before then with no promise left to check them."""
    checks = sa.select(OutboxJob.arguments["file_id"].as_string()).where(
        OutboxJob.kind == "check_file", OutboxJob.done_at.is_(None), OutboxJob.given_up_at.is_(None)
    )
    promised = {UUID(file_id) for file_id in db.session.execute(checks).scalars()}
    query = (
        sa.select(StoredFile)
        .where(StoredFile.status == FileStatus.QUARANTINED, StoredFile.received_at < before)
        .order_by(StoredFile.received_at, StoredFile.id)
    )
    waiting = db.session.execute(query.limit(limit)).scalars().all()
    return [file for file in waiting if file.id not in promised]


def known_keys(keys: Sequence[str]) -> set[str]:
    """Those of the keys that a row still names."""
    sent = sa.select(StoredFile.storage_key).where(StoredFile.storage_key.in_(keys))
    made = sa.select(MadePaper.storage_key).where(MadePaper.storage_key.in_(keys))
    return {key for key in db.session.execute(sa.union_all(sent, made)).scalars() if key}
