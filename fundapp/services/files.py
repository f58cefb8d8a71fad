"""Files that people send: taking them in, whole or in pieces; what the check found; taking them away.

How other parts use this (everything inside the entry point's unit of work):

- A plain form: mark the view `@takes_files` (web/files.py; larger bodies are then let through) and call
  `receive_file(upload.stream, name=upload.filename, kinds={FileKind.AUDIO}, organisation=…, actor=…, now=…,
  once=token)`. It raises NotTaken (with `reason`, a `file_checks.results.Refusal`), TooLarge, QuotaReached or
  NoRoom; words for all of them: the macros in components/file.html.
- In pieces, for weak lines: `begin_upload` (same `once`: the same upload again, to go on with), then
  `append_piece` until all is there (WrongOffset.known says where to go on), then `finish_upload`.
- `use_file(file, application, place=question.key)` lets an application show it; `stop_using` takes it back.
  Whoever may read the application may read the file at `url_for("files.file", file_id=…)`, once it is clean.
- Show it with `stored_file(file)` of components/file.html, in whatever state it is.
- `erase_file` for retention and for "take this away". The bytes go after the commit.

A new file is QUARANTINED and promised to the job `check_file`, which makes it CLEAN or REFUSED.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import chain
from typing import IO
from uuid import UUID

from fundapp.clock import day_of
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.file_checks.names import clean_name
from fundapp.file_checks.results import Checked, Refusal
from fundapp.file_checks.sniff import HEAD, sniff
from fundapp.lifecycles import FileStatus
from fundapp.models.application import Application
from fundapp.models.file import FileKind, FileUse, StoredFile
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.queries.files import find_unsigned_upload, find_upload, find_use
from fundapp.services.events import move
from fundapp.services.file_quotas import hold_quota, largest_of
from fundapp.services.outbox import enqueue, forget_done
from fundapp.storage import Room, TooLarge, WrongOffset, file_store, pieces_of

CHECK_FILE = "check_file"
DELETE_BYTES = "delete_bytes"
TIDY_FILES = "tidy_files"
UNKNOWN_TYPE = "application/octet-stream"
LARGEST_PIECE = 5 * 1024 * 1024
INTERCHANGEABLE = (FileKind.AUDIO, FileKind.VIDEO)  # one container holds both; only the parser can tell


class NotTaken(FundError):
    """Not a file for this place; `reason` says why."""

    code = "file_not_taken"
    status = 422

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def receive_file(
    stream: IO[bytes],
    *,
    name: str,
    kinds: Collection[FileKind],
    organisation: Organisation | None,
    actor: User,
    now: datetime,
    once: str,
) -> StoredFile:
    """Keep what was sent, unread by anybody, and promise its check. The same `once` keeps one file,
    also when some of it has come in pieces.

    Raises NotTaken, TooLarge, QuotaReached and NoRoom.
    """
    if (known := find_upload(actor, once)) is not None:
        return _take_rest(known, stream, actor, now)
    head = stream.read(HEAD)
    kind, media_type = _first_look(head, kinds)
    store = file_store()
    key = store.new_key(Room.QUARANTINE)
    size = store.write(key, chain([head], pieces_of(stream)), most=largest_of(kind))
    try:
        hold_quota(organisation, actor, size=size, now=now)
        if (known := find_upload(actor, once)) is not None:  # a second press, while we waited for the lock
            store.delete(key)
            return _take_rest(known, stream, actor, now)
        file = _new_file(name, kinds, organisation, actor, now, once)
        file.kind, file.media_type, file.size_bytes, file.storage_key = kind, media_type, size, key
        db.session.add(file)
        _quarantine(file, actor, now)
    except BaseException:
        store.delete(key)
        raise
    return file


def receive_unsigned(
    stream: IO[bytes], *, name: str, kinds: Collection[FileKind], most: int, now: datetime, once: str
) -> StoredFile:
    """From somebody without an account, of at most `most` bytes. Nobody can be counted, so the caller holds
    a lock and the limits. Of the time only the day is kept.

    Raises NotTaken, TooLarge and NoRoom.
    """
    if (known := find_unsigned_upload(once)) is not None:
        return known
    head, store = stream.read(HEAD), file_store()
    kind, media_type = _first_look(head, kinds)
    key = store.new_key(Room.QUARANTINE)
    size = store.write(key, chain([head], pieces_of(stream)), most=min(most, largest_of(kind)))
    file = _new_file(name, kinds, None, None, day_of(now), once)
    file.kind, file.media_type, file.size_bytes, file.storage_key = kind, media_type, size, key
    db.session.add(file)
    _quarantine(file, None, day_of(now))
    return file


def moment_for(file: StoredFile, now: datetime) -> datetime:
    """What may be written down of when something was done with a file: of one from nobody known, the day."""
    return day_of(now) if _is_from_nobody(file) else now


def _is_from_nobody(file: StoredFile) -> bool:
    return file.organisation_id is None and file.uploaded_by_id is None


def _forget_check(file: StoredFile) -> None:
    """The jobs of the check have a time of day."""
    if _is_from_nobody(file):
        forget_done(CHECK_FILE, "file_id", str(file.id))


def begin_upload(
    *,
    name: str,
    size: int,
    kinds: Collection[FileKind],
    organisation: Organisation | None,
    actor: User,
    now: datetime,
    once: str,
) -> StoredFile:
    """A file of `size` bytes that will come in pieces; its room is kept free. The same `once`: the same one.

    Raises NotTaken (empty), TooLarge and QuotaReached.
    """
    if (known := find_upload(actor, once)) is not None:
        return known
    if size <= 0:
        raise NotTaken(Refusal.EMPTY)
    if size > max(largest_of(kind) for kind in kinds):
        raise TooLarge
    hold_quota(organisation, actor, size=size, now=now)
    if (known := find_upload(actor, once)) is not None:
        return known
    file = _new_file(name, kinds, organisation, actor, now, once)
    file.kind = next(kind for kind in FileKind if kind in kinds)
    file.size_bytes, file.storage_key = size, file_store().new_key(Room.QUARANTINE)
    db.session.add(file)
    db.session.flush()
    return file


def received_bytes(file: StoredFile) -> int:
    """How much of an upload is here."""
    return file_store().size(file.storage_key) if file.storage_key else file.size_bytes


def append_piece(file: StoredFile, piece: bytes, *, offset: int) -> int:
    """The next piece; returns how much is here now. Raises WrongOffset, TooLarge, NoRoom, NotPossibleNow."""
    if file.status is not FileStatus.RECEIVING or file.storage_key is None:
        raise NotPossibleNow("the upload has ended")
    if len(piece) > LARGEST_PIECE or offset + len(piece) > file.size_bytes:
        raise TooLarge
    return file_store().append(file.storage_key, piece, offset=offset)


def finish_upload(file: StoredFile, *, actor: User, now: datetime) -> StoredFile:
    """All pieces are here: promise the check, or refuse at once what is no file for this place.

    Raises WrongOffset when something is missing. Finishing twice changes nothing.
    """
    lock_row(StoredFile, file.id)
    if file.status is not FileStatus.RECEIVING or file.storage_key is None:
        return file
    store = file_store()
    if (size := store.size(file.storage_key)) != file.size_bytes:
        raise WrongOffset(size)
    with store.open(file.storage_key) as stored:
        head = stored.read(HEAD)
    try:
        file.kind, file.media_type = _first_look(head, kinds_of(file))
        if size > largest_of(file.kind):
            raise NotTaken(Refusal.TOO_LARGE)
    except NotTaken as error:
        refuse_file(file, error.reason, now=now)
        return file
    _quarantine(file, actor, now)
    return file


def accept_file(file: StoredFile, found: Checked, *, key: str, size: int, sha256: str, now: datetime) -> None:
    """The harmless copy under `key` takes the place of what was sent, which is destroyed."""
    sent = file.storage_key
    file.kind, file.media_type, file.seconds = FileKind(found.kind), found.media_type, found.seconds
    file.sha256, file.size_bytes, file.storage_key, file.checked_at = sha256, size, key, now
    move(file, "accept", actor=None, now=now)
    _forget_check(file)
    promise_deletion(sent)


def refuse_file(file: StoredFile, reason: Refusal, *, now: datetime) -> None:
    """What was sent is destroyed; the reason stays, for the group to read."""
    sent, file.storage_key = file.storage_key, None
    file.refused_reason, file.checked_at = reason.value, now
    move(file, "refuse", actor=None, now=now, details={"reason": reason.value})
    _forget_check(file)
    promise_deletion(sent)


def erase_file(file: StoredFile, *, actor: User | None, now: datetime, reason: str | None = None) -> None:
    """Nobody can read it from here on. What stays: that there was one, of which kind and size, and when."""
    lock_row(StoredFile, file.id)
    if file.status is FileStatus.ERASED:
        return
    kept, file.storage_key = file.storage_key, None
    file.original_name, file.sha256, file.erased_at = "", None, now
    move(file, "erase", actor=actor, now=now, reason=reason)
    promise_deletion(kept)


def use_file(file: StoredFile, application: Application, *, place: str) -> None:
    """Let an application show a file of its group. Twice is once."""
    if file.organisation_id != application.organisation_id:
        raise ValueError("a file is used by its own group's applications only")
    if find_use(file, application, place=place) is None:
        db.session.add(FileUse(file=file, application=application, place=place))
        db.session.flush()


def stop_using(file: StoredFile, application: Application, *, place: str) -> None:
    if (use := find_use(file, application, place=place)) is not None:
        db.session.delete(use)
        db.session.flush()


def promise_check(
    file_id: UUID, *, due_at: datetime | None = None, once_key: str | None = None, **arguments: str
) -> None:
    enqueue(CHECK_FILE, due_at=due_at, once_key=once_key, file_id=str(file_id), **arguments)


def promise_deletion(key: str | None) -> None:
    """After the commit, so that a change that fails has destroyed nothing."""
    if key is not None:
        enqueue(DELETE_BYTES, key=key)


def kinds_of(file: StoredFile) -> frozenset[FileKind]:
    return frozenset(FileKind(kind) for kind in file.allowed_kinds.split(","))


def _take_rest(file: StoredFile, stream: IO[bytes], actor: User, now: datetime) -> StoredFile:
    """The whole file after some pieces of it; of one that is all here nothing is read."""
    if file.status is FileStatus.RECEIVING:
        offset = stream.seek(received_bytes(file))
        for piece in pieces_of(stream):
            offset = append_piece(file, piece, offset=offset)
        finish_upload(file, actor=actor, now=now)
    return file


def _new_file(
    name: str,
    kinds: Collection[FileKind],
    organisation: Organisation | None,
    actor: User | None,
    now: datetime,
    once: str,
) -> StoredFile:
    return StoredFile(
        organisation=organisation,
        uploaded_by_id=actor.id if actor else None,
        allowed_kinds=",".join(sorted(kinds)),
        status=FileStatus.RECEIVING,
        original_name=clean_name(name),
        media_type=UNKNOWN_TYPE,
        once=once,
        created_at=now,
    )


def _first_look(head: bytes, kinds: Collection[FileKind]) -> tuple[FileKind, str]:
    """Raises NotTaken for what could never become a file of one of these kinds."""
    if not head:
        raise NotTaken(Refusal.EMPTY)
    found = sniff(head)
    if found is None:
        raise NotTaken(Refusal.UNKNOWN)
    kind = FileKind(found.kind)
    if kind in kinds:
        return kind, found.media_type
    if kind in INTERCHANGEABLE and (others := [each for each in INTERCHANGEABLE if each in kinds]):
        return others[0], found.media_type
    raise NotTaken(Refusal.WRONG_KIND)


def _quarantine(file: StoredFile, actor: User | None, now: datetime) -> None:
    file.received_at = now
    move(file, "receive", actor=actor, now=now)
    promise_check(file.id)
