"""Reading a word-processor file again: the answer places by their codes, and whatever stands outside them.

Only texts are read; formatting, pictures, comments and macros are not. Nothing is unpacked but the text, and
no more of it than a form can hold.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from fundapp.documents.codes import INVISIBLE, Code, find_code

LARGEST_TEXT = (
    8 * 1024 * 1024
)  # of unpacked XML; the reference form with every answer at its limit has 0.1 MB
MOST_PARTS = 2000
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
)
TEXT_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "\u2011"}
_NOT_TEXT = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "sectPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}


class UnreadableFile(Exception):
    """Not a word-processor file, a broken one, or one that is far too large."""


@dataclass(frozen=True)
class AnswerPlace:
    """`rows` are the rows below the code, each with the text of its cells."""

    code: Code
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        return "\n".join("\n".join(cells) for cells in self.rows).strip()


@dataclass(frozen=True)
class ReadFile:
    places: tuple[AnswerPlace, ...]
    outside: tuple[str, ...]  # paragraphs that stand in no answer place


def plain(text: str) -> str:
    """For comparing: word processors change spaces and invisible signs."""
    return "".join(text.translate(INVISIBLE).split())


def read_word(data: bytes) -> ReadFile:
    """Raises UnreadableFile."""
    body = _body(_text_part(data))
    places, outside = [], []
    for block in body:
        place = _place(block) if block.tag == f"{_W}tbl" else None
        if place is not None:
            places.append(place)
        else:
            outside += [text for each in _paragraphs(block) if (text := each.strip())]
    return ReadFile(tuple(places), tuple(outside))


def _text_part(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_programs(archive)
            with archive.open(TEXT_PART) as part:
                text = part.read(LARGEST_TEXT + 1)
    except UNREADABLE as error:
        raise UnreadableFile from error
    if len(text) > LARGEST_TEXT:
        raise UnreadableFile("the text is too large")
    return text


def _refuse_programs(archive: zipfile.ZipFile) -> None:
    """A file with macros is none that a group wrote its answers in; we never run them, and do not read on."""
    names = archive.namelist()
    if len(names) > MOST_PARTS or any("vbaproject" in name.casefold() for name in names):
        raise UnreadableFile("macros, or far too many parts")


def _body(text: bytes) -> Any:
    """Without entities, network or a second file: what the XML says and nothing it points to."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("a declaration that no word processor writes")
    body = root.find(f"{_W}body")
    if body is None:
        raise UnreadableFile("no text")
    return body


def _place(table: Any) -> AnswerPlace | None:
    rows = [[_text_of(cell) for cell in row.iter(f"{_W}tc") if _is_own(cell, row)] for row in _rows_of(table)]
    code = find_code(" ".join(rows[0])) if rows else None
    return AnswerPlace(code, tuple(tuple(row) for row in rows[1:])) if code else None


def _rows_of(table: Any) -> list[Any]:
    return [row for row in table.iter(f"{_W}tr") if next(row.iterancestors(f"{_W}tbl")) is table]


def _is_own(cell: Any, row: Any) -> bool:
    return next(cell.iterancestors(f"{_W}tr")) is row


def _text_of(cell: Any) -> str:
    return "\n".join(_paragraphs(cell)).strip()


def _paragraphs(block: Any) -> Iterator[str]:
    paragraphs = [block] if block.tag == f"{_W}p" else block.iter(f"{_W}p")
    for paragraph in paragraphs:
        if not any(parent.tag in _NOT_TEXT for parent in paragraph.iterancestors()):
            yield "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_TEXT or child.tag == f"{_W}p":  # a text box inside: a paragraph of its own
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif isinstance(child.tag, str):
            yield from _pieces(child)
