"""Where the bytes of files live. Names are random; nothing a person typed is ever part of a path.

A store for more than one machine has to keep the promises of `FileStore`; nothing else knows about paths.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol

from flask import Flask, current_app

from fundapp.errors import FundError
from fundapp.settings import Settings

PIECE = 1024 * 1024
SCRATCH = "scratch-"
RESERVE = 256 * 1024 * 1024
_KEY = re.compile(r"(?:quarantine|clean|made)/[0-9a-f]{2}/[0-9a-f]{32}")
_EXTENSION = "fundapp_storage"


class Room(StrEnum):
    """Nothing is ever served from the quarantine, whatever the database says."""

    QUARANTINE = "quarantine"
    CLEAN = "clean"
    MADE = "made"  # by us, of what the database holds


class TooLarge(FundError):
    """More bytes came than may be kept; nothing was kept."""

    code = "file_too_large"
    status = 413


class NoRoom(FundError):
    """The disk is full. What was there before is as it was."""

    code = "no_room"
    status = 507


class WrongOffset(FundError):
    """A piece does not continue what is there; `known` is how many bytes are."""

    code = "wrong_offset"

    def __init__(self, known: int) -> None:
        super().__init__(f"{known} bytes are here")
        self.known = known


class FileStore(Protocol):
    def new_key(self, room: Room) -> str:
        """A name that nobody can guess and nothing has yet."""

    def write(self, key: str, pieces: Iterable[bytes], *, most: int) -> int:
        """Keep all of it, durably, or nothing. Returns the size. Raises TooLarge and NoRoom."""

    def append(self, key: str, piece: bytes, *, offset: int) -> int:
        """Add a piece, durably; returns the size. Raises WrongOffset when `offset` is not the size now."""

    def size(self, key: str) -> int:
        """0 where nothing is."""

    def open(self, key: str) -> IO[bytes]: ...

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """A file on this machine with the same bytes, for programs that want one; not to be changed."""

    def scratch_folder(self) -> AbstractContextManager[Path]:
        """An empty folder on this machine, gone afterwards, with room for a file."""

    def delete(self, key: str) -> None:
        """Also when it is gone already."""

    def keys_before(self, time: datetime) -> Iterator[str]:
        """Everything last written before then, to find what the database knows nothing of."""


class LocalStore:
    """A folder. Written beside, synced, and renamed: a power cut leaves all of a file or nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_key(self, room: Room) -> str:
        name = secrets.token_hex(16)
        return f"{room}/{name[:2]}/{name}"

    def write(self, key: str, pieces: Iterable[bytes], *, most: int) -> int:
        path = self._path(key)
        _make_folder(path.parent)
        _leave_reserve(path.parent)
        beside = path.with_suffix(".part")
        size = 0
        try:
            with _disk_full_is_no_room(), beside.open("xb") as file:
                for piece in pieces:
                    size += len(piece)
                    if size > most:
                        raise TooLarge
                    file.write(piece)
                _sync(file)
            beside.replace(path)
            _sync_folder(path.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return size

    def append(self, key: str, piece: bytes, *, offset: int) -> int:
        path = self._path(key)
        _make_folder(path.parent)
        _leave_reserve(path.parent)
        is_new = not path.exists()
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two senders of the same piece: the second finds it there
            known = os.fstat(file.fileno()).st_size
            if known != offset:
                raise WrongOffset(known)
            try:
                with _disk_full_is_no_room():
                    file.write(piece)
                    _sync(file)
            except BaseException:
                os.ftruncate(file.fileno(), known)
                raise
        if is_new:
            _sync_folder(path.parent)
        return known + len(piece)

    def size(self, key: str) -> int:
        path = self._path(key)
        return path.stat().st_size if path.exists() else 0

    def open(self, key: str) -> IO[bytes]:
        return self._path(key).open("rb")

    @contextlib.contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        yield self._path(key)

    @contextlib.contextmanager
    def scratch_folder(self) -> Iterator[Path]:
        _make_folder(self._folder)
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self._folder) as folder:
            yield Path(folder)

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys_before(self, time: datetime) -> Iterator[str]:
        for folder in self._folder.glob(f"{SCRATCH}*"):
            if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < time:
                shutil.rmtree(folder, ignore_errors=True)
        for path in sorted(each for room in Room for each in self._folder.glob(f"{room}/*/*")):
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= time:
                    continue
                if path.suffix:  # of a process that died while it wrote
                    path.unlink()
                else:
                    yield path.relative_to(self._folder).as_posix()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of ours")
        return self._folder / key


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """Never the whole file in memory."""
    while piece := file.read(PIECE):
        yield piece


def _make_folder(folder: Path) -> None:
    """Ours alone, and there after a power cut, each one above it too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True, mode=0o700)
    _sync_folder(folder.parent)


def _leave_reserve(folder: Path) -> None:
    """Files are refused before the disk is full: what people write comes first."""
    if shutil.disk_usage(folder).free < RESERVE:
        raise NoRoom


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _disk_full_is_no_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from error
        raise


def init_storage(app: Flask, settings: Settings) -> None:
    app.extensions[_EXTENSION] = LocalStore(settings.data_dir.resolve() / "files")


def file_store() -> FileStore:
    """This installation's store."""
    store: FileStore = current_app.extensions[_EXTENSION]
    return store


def settings_of_files() -> Settings:
    """Limits and the scanner, as this installation has set them."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings
