"""Files after they came: the virus scan, the check, and the end of what nobody needs any more."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Json, db, lock_row, short_transaction, unit_of_work
from fundapp.file_checks.results import Checked, Refusal, Refused
from fundapp.file_checks.run import check_file
from fundapp.file_checks.scanner import ScannerAway, harm_found
from fundapp.jobs.kinds import Store, job
from fundapp.lifecycles import FileStatus
from fundapp.models.file import StoredFile
from fundapp.queries.files import known_keys, list_abandoned_uploads, list_stuck_files
from fundapp.services.check_in_files import tell_about_unusable_in_check_in
from fundapp.services.files import (
    CHECK_FILE,
    DELETE_BYTES,
    TIDY_FILES,
    accept_file,
    erase_file,
    moment_for,
    promise_check,
    promise_deletion,
    refuse_file,
)
from fundapp.services.recordings import tell_about_unusable
from fundapp.services.spoken import lose_refused
from fundapp.storage import Room, file_store, pieces_of, settings_of_files

logger = logging.getLogger(__name__)

SCANNED = "scanned"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
A_DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)
MOST_KEYS = 500


@job(CHECK_FILE)
def check(arguments: Json) -> Store:
    """Two turns where a scanner is set, one where none is: each has the whole time of a job for itself."""
    file_id = UUID(arguments["file_id"])
    found = _find_waiting(file_id)
    if found is None:
        return _nothing
    key, kinds = found
    if settings_of_files().clamd and SCANNED not in arguments:
        return _scan(file_id, key, int(arguments.get("tries", "0")))
    return _check(file_id, key, kinds)


def _find_waiting(file_id: UUID) -> tuple[str, list[str]] | None:
    with short_transaction(writes=False) as session:
        query = sa.select(StoredFile.storage_key, StoredFile.allowed_kinds).where(
            StoredFile.id == file_id, StoredFile.status == FileStatus.QUARANTINED
        )
        row = session.execute(query).one_or_none()
    return (str(row.storage_key), row.allowed_kinds.split(",")) if row else None


def _scan(file_id: UUID, key: str, tries: int) -> Store:
    try:
        with file_store().local_copy(key) as path:
            name = harm_found(settings_of_files().clamd, path)
    except ScannerAway as error:
        logger.error("no virus check", extra={"file_id": str(file_id), "error": str(error)})
        return partial(_try_later, file_id, tries + 1)
    if name is not None:
        logger.warning("harmful file refused", extra={"file_id": str(file_id)})
        return partial(_refuse, file_id, Refusal.VIRUS)
    return partial(promise_check, file_id, scanned="yes")


def _check(file_id: UUID, key: str, kinds: list[str]) -> Store:
    """The harmless copy is in the store before the row names it."""
    store = file_store()
    with store.scratch_folder() as folder, store.local_copy(key) as path:
        made = folder / "harmless"
        try:
            result = check_file(path, made, kinds)
        except Refused as refused:
            return partial(_refuse, file_id, refused.reason)
        clean_key = store.new_key(Room.CLEAN)
        size, digest = made.stat().st_size, _digest(made)
        with made.open("rb") as file:
            store.write(clean_key, pieces_of(file), most=size)
    return partial(_accept, file_id, result, clean_key, size, digest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _accept(file_id: UUID, result: Checked, key: str, size: int, digest: str) -> None:
    file = _locked(file_id)
    if file is None:  # erased meanwhile
        promise_deletion(key)
        return
    accept_file(file, result, key=key, size=size, sha256=digest, now=moment_for(file, utcnow()))


def _refuse(file_id: UUID, reason: Refusal) -> None:
    if (file := _locked(file_id)) is not None:
        now = moment_for(file, utcnow())
        refuse_file(file, reason, now=now)
        tell_about_unusable(file, now=now)
        tell_about_unusable_in_check_in(file, now=now)
        lose_refused(file, now=now)


def _try_later(file_id: UUID, tries: int) -> None:
    """A new promise each time: a scanner may be away for longer than one job is tried."""
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
    promise_check(file_id, due_at=utcnow() + pause, tries=str(tries))


def _locked(file_id: UUID) -> StoredFile | None:
    lock_row(StoredFile, file_id)
    file = db.session.get(StoredFile, file_id, populate_existing=True)
    return file if file is not None and file.status is FileStatus.QUARANTINED else None


@job(DELETE_BYTES)
def delete_bytes(arguments: Json) -> Store:
    """The row that named them is changed already."""
    file_store().delete(arguments["key"])
    return _nothing


@job(TIDY_FILES)
def tidy_files(_arguments: Json) -> Store:
    """Once a day: bytes that no row names, uploads nobody finished, and checks that were given up."""
    store, old = file_store(), list(file_store().keys_before(utcnow() - A_DAY))
    for first in range(0, len(old), MOST_KEYS):
        keys = old[first : first + MOST_KEYS]
        with unit_of_work():
            known = known_keys(keys)
        for key in set(keys) - known:
            store.delete(key)
    return _tidy_rows


def _tidy_rows() -> None:
    now = utcnow()
    for file in list_abandoned_uploads(before=now - TWO_DAYS):
        erase_file(file, actor=None, now=now, reason="the upload was never finished")
    for file in list_stuck_files(before=now - A_DAY):
        promise_check(file.id, once_key=f"{CHECK_FILE}:{file.id}:{now.date()}")


def _nothing() -> None:
    """No row is left to change."""
