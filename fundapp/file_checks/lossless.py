"""Pictures inside documents keep every pixel and their place, and lose what is written beside them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from .results import Refusal, Refused

JPEG_KEPT = {0xE0, 0xEE}  # JFIF, and Adobe's note on colours; all other notes and comments go
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
START_OF_SCAN, END = 0xDA, 0xD9
JPEG_2000_START = b"\x00\x00\x00\x0cjP  "
JPEG_2000_NOTES = {b"xml ", b"uuid", b"uinf"}
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs", b"bKGD"}


def strip_picture(content: bytes) -> bytes | None:
    """A JPEG, JPEG 2000 or PNG without notes and without anything after its end; None for other types.

    Raises Refused for a damaged one.
    """
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return b"".join(_jpeg_parts(content))
        if content.startswith(PNG_START):
            return b"".join(_png_parts(content))
        if content.startswith(JPEG_2000_START):
            return b"".join(_jpeg_2000_parts(content))
    except (IndexError, ValueError) as error:
        raise Refused(Refusal.BROKEN) from error
    return None


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == END:
            yield b"\xff\xd9"
            return
        if marker in ALONE:
            at += 2
            continue
        size = int.from_bytes(content[at + 2 : at + 4])
        if size < 2:
            raise ValueError("no size")
        end = at + 2 + size
        if marker == START_OF_SCAN:
            end = _end_of_scan(content, end)
        is_note = marker & 0xF0 == 0xE0 or marker == 0xFE
        if not is_note or (marker in JPEG_KEPT and not content.startswith(b"JFXX", at + 4)):
            yield _short_jfif(content[at:end]) if marker == 0xE0 else content[at:end]
        at = end


def _short_jfif(segment: bytes) -> bytes:
    """Without the thumbnail it may hold."""
    if not segment.startswith(b"JFIF\x00", 4) or len(segment) < 16:
        return b""
    return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that belongs to no scan. Raises ValueError when none does."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def _png_parts(content: bytes) -> Iterator[bytes]:
    yield PNG_START
    at = len(PNG_START)
    while True:
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(
            content[end - 4 : end]
        ):
            raise ValueError("damaged")
        if name in PNG_KEPT:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end


def _jpeg_2000_parts(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + size if size else len(content)
        if 0 < size < 8 or end > len(content):
            raise ValueError("no size")
        if name not in JPEG_2000_NOTES:
            yield content[at:end]
        if name == b"jp2c":
            return
        at = end
