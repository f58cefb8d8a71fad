"""Names of files, as far as they can be shown and saved safely."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/webm": "webm",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"/\\|?*;%]')


def clean_name(name: str) -> str:
    """Without folders, invisible or steering characters, and names that mean something to a system."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    shown = re.sub(r"\s+", " ", _UNSAFE.sub("_", shown)).strip(" .")
    if len(shown) > LONGEST:
        stem, dot, ending = shown.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 5 else ""
        shown = (stem if ending else shown)[: LONGEST - len(ending)] + ending
    return f"_{shown}" if _RESERVED.fullmatch(shown) else shown or "file"


def name_to_save(name: str, media_type: str) -> str:
    """The name with the one ending that fits what the file is."""
    ending = ENDINGS[media_type]
    stem, dot, last = name.rpartition(".")
    has_ending = dot and last.isascii() and last.isalnum() and len(last) <= 5
    return f"{stem if has_ending else name}.{ending}"


def ascii_name(name: str) -> str:
    """For browsers that read no other: letters that ASCII lacks become underlines."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, _dot, ending = plain.rpartition(".")
    return f"{re.sub(r'[^A-Za-z0-9 ()_-]', '_', stem).strip() or 'file'}.{ending}"
