"""Reading a zip that wants to fill the disk, hide parts, or point outside."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .results import Refusal, Refused

MOST_ENTRIES = 1000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 100  # of the whole; text alone packs to about a twentieth
SMALL = 1024 * 1024  # what unpacks to less than this is no bomb at any ratio
LOCAL_HEADER = 30
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def open_zip(file: IO[bytes] | Path) -> zipfile.ZipFile:
    """Judged by its directory alone, before anything is unpacked. Raises Refused."""
    try:
        opened = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Refused(Refusal.BROKEN) from error
    entries = opened.infolist()
    packed, unpacked = sum(each.compress_size for each in entries), sum(each.file_size for each in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise Refused(Refusal.TOO_HEAVY)
    if unpacked > SMALL and unpacked > packed * MOST_RATIO:
        raise Refused(Refusal.TOO_HEAVY)
    if any(each.flag_bits & ENCRYPTED for each in entries):
        raise Refused(Refusal.ENCRYPTED)
    if _overlap(entries):
        raise Refused(Refusal.TOO_HEAVY)
    names = [each.filename for each in entries]
    if len({name.casefold() for name in names}) != len(names) or not all(map(_is_plain, names)):
        raise Refused(Refusal.BROKEN)
    if any(each.compress_type not in METHODS for each in entries):
        raise Refused(Refusal.BROKEN)
    return opened


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Parts that share bytes: one of them would unpack to many."""
    end = 0
    for each in sorted(entries, key=lambda entry: entry.header_offset):
        if each.header_offset < end:
            return True
        end = each.header_offset + LOCAL_HEADER + each.compress_size
    return False


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        ".." not in parts
        and not name.startswith("/")
        and not any(each in name for each in ("\\", "\x00", ":"))
        and len(name) <= 200
    )


def unpacked(opened: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Names and contents; folders are left out. An entry that is longer than it said is refused."""
    for entry in opened.infolist():
        if entry.is_dir():
            continue
        try:
            with opened.open(entry) as part:
                content = part.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Refused(Refusal.BROKEN) from error
        if len(content) != entry.file_size:
            raise Refused(Refusal.BROKEN)
        yield entry.filename, content
