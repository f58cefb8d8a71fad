"""A first look at the first bytes: enough to refuse nonsense at once. Parsers have the last word."""

from __future__ import annotations

from .results import Sniffed

HEAD = 4096
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ZIP = "application/zip"

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"miaf")
AUDIO_BRANDS = (b"M4A ", b"M4B ", b"F4A ")

# Each at the very beginning of the file, as its standard says; a type hidden further in is not looked for.
AT_START: tuple[tuple[bytes, Sniffed], ...] = (
    (b"\xff\xd8\xff", Sniffed("picture", "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Sniffed("picture", "image/png")),
    (b"II*\x00", Sniffed("picture", "image/tiff")),
    (b"MM\x00*", Sniffed("picture", "image/tiff")),
    (b"%PDF-", Sniffed("document", "application/pdf")),
    (b"PK\x03\x04", Sniffed("document", ZIP)),
    (b"\x1aE\xdf\xa3", Sniffed("audio", "audio/webm")),  # or video: only a parser knows
    (b"OggS", Sniffed("audio", "audio/ogg")),
    (b"#!AMR", Sniffed("audio", "audio/amr")),
    (b"ID3", Sniffed("audio", "audio/mpeg")),
)


def sniff(head: bytes) -> Sniffed | None:
    """What a file that begins like this claims to be; None: nothing we take."""
    for mark, found in AT_START:
        if head.startswith(mark):
            return found
    if head[:4] == b"RIFF":
        return {
            b"WEBP": Sniffed("picture", "image/webp"),
            b"WAVE": Sniffed("audio", "audio/wav"),
        }.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if len(head) > 2 and head[0] == 0xFF:
        if head[1] & 0xF6 == 0xF0:
            return Sniffed("audio", "audio/aac")
        if head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
            return Sniffed("audio", "audio/mpeg")
    return None


def _of_brand(brand: bytes) -> Sniffed:
    if brand in HEIC_BRANDS:
        return Sniffed("picture", "image/heic")
    if brand in AUDIO_BRANDS:
        return Sniffed("audio", "audio/mp4")
    return Sniffed("video", "video/mp4")  # or only sound: only a parser knows
