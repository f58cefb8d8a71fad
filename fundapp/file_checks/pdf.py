"""PDF: written anew without programs, attached files, authors, and the notes inside photos."""

from __future__ import annotations

import base64
import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from .lossless import strip_picture
from .results import Refusal, Refused

MOST_OBJECTS = 100_000
MOST_PAGES = 2000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PIXELS = 100_000_000
DEEPEST = 50
MOST_FILTERS = 3
STREAM = re.compile(rb"stream\r?\n")
PIECE = 64 * 1024

# Wherever they stand: what runs, what is attached, and what tells of the person who wrote it.
TAKEN_OUT = (
    *(
        "/AA",
        "/OpenAction",
        "/JavaScript",
        "/JS",
        "/XFA",
        "/EmbeddedFiles",
        "/EF",
        "/AF",
        "/RichMediaContent",
    ),
    *("/Metadata", "/PieceInfo", "/LastModified", "/Collection", "/Perms", "/Alternates"),
)
ABOUT_A_COMMENT = (
    "/T",
    "/CreationDate",
    "/M",
)  # its author and time; in a form's field /T is the field's name
NO_COMMENTS = ("/Widget", "/Link")
HARMLESS_ACTIONS = ("/GoTo", "/URI", "/Named")
HARMLESS_LINKS = ("http://", "https://", "mailto:", "tel:")
HARMFUL_ANNOTATIONS = ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D")
JPEG, JPEG_2000, FLATE, TEXT_85 = "/DCTDecode", "/JPXDecode", "/FlateDecode", "/ASCII85Decode"


def clean_pdf(source: Path, target: Path) -> None:
    """Raises Refused, or what pikepdf raises for a broken one."""
    _refuse_bombs(source)
    try:
        opened = Pdf.open(source)
    except pikepdf.PasswordError as error:
        raise Refused(Refusal.ENCRYPTED) from error
    with opened as pdf:
        if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
            raise Refused(Refusal.TOO_HEAVY)
        if not len(pdf.pages):
            raise Refused(Refusal.BROKEN)
        _refuse_nested_packing(pdf)
        _drop_harmful_annotations(pdf)
        for each in pdf.objects:
            _clean(each, 0)
        for stream in _streams(pdf):
            if stream.get("/Subtype") == "/Image":
                _clean_picture(stream)
        if "/Info" in pdf.trailer:
            del pdf.trailer.Info
        _write(pdf, target)


def _write(pdf: Pdf, target: Path) -> None:
    pdf.save(
        target,
        encryption=False,
        fix_metadata_version=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )


def _refuse_bombs(source: Path) -> None:
    """Before it is opened: opening already unpacks the index. Each packed part is counted, piece by piece."""
    left = MOST_UNPACKED
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in STREAM.finditer(content):
            left -= _unpacked_size(content, found.end(), left)
            if left <= 0:
                raise Refused(Refusal.TOO_HEAVY)


def _unpacked_size(content: mmap.mmap, at: int, most: int) -> int:
    """Of what is packed from there on; 0 where nothing is."""
    unpacker, size, packed = zlib.decompressobj(), 0, b""
    try:
        while size < most and not unpacker.eof:
            if not packed:
                packed, at = content[at : at + PIECE], at + PIECE
            if not packed:
                return size
            size += len(unpacker.decompress(packed, PIECE * 16))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return size  # readers show what comes before the damage
    return size


def _refuse_nested_packing(pdf: Pdf) -> None:
    """Packed twice, a gigabyte hides from counting."""
    for stream in _streams(pdf):
        filters = _filters(stream)
        if filters.count(FLATE) > 1 or len(filters) > MOST_FILTERS:
            raise Refused(Refusal.TOO_HEAVY)


def _drop_harmful_annotations(pdf: Pdf) -> None:
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, Array):
            kept = [each for each in annotations if _is_harmless(each)]
            page.obj.Annots = Array(kept)


def _is_harmless(annotation: object) -> bool:
    return isinstance(annotation, Dictionary) and annotation.get("/Subtype") not in HARMFUL_ANNOTATIONS


def _clean(value: object, depth: int) -> None:
    """Everything that hangs on this object directly; what it points to is an object of its own."""
    if depth > DEEPEST:
        raise Refused(Refusal.TOO_HEAVY)
    if isinstance(value, Array):
        for each in value:
            _clean_if_direct(each, depth)
    elif isinstance(value, Dictionary | Stream):
        for key in TAKEN_OUT:
            if key in value:
                del value[key]
        _clean_annotation(value)
        for key in list(value.keys()):
            _clean_if_direct(value[key], depth)


def _clean_if_direct(value: object, depth: int) -> None:
    if isinstance(value, Object) and not value.is_indirect:
        _clean(value, depth + 1)


def _clean_annotation(value: Object) -> None:
    """No author of a comment, and of actions only going to a page and opening an ordinary link."""
    is_annotation = "/Rect" in value and "/Subtype" in value
    if is_annotation and value.Subtype not in NO_COMMENTS:
        for key in ABOUT_A_COMMENT:
            if key in value:
                del value[key]
    for key in ("/A", "/PA"):
        if key in value and not _is_harmless_action(value[key]):
            del value[key]


def _is_harmless_action(action: object) -> bool:
    if not isinstance(action, Dictionary) or "/Next" in action:
        return not isinstance(action, Dictionary)  # other things are called /A too
    if "/S" not in action:
        return True
    if action.S == "/URI":
        return str(action.get("/URI", "")).lower().startswith(HARMLESS_LINKS)
    return action.S in HARMLESS_ACTIONS


def _streams(pdf: Pdf) -> Iterator[Object]:
    return (each for each in pdf.objects if isinstance(each, Stream))


def _filters(stream: Object) -> list[str]:
    found = stream.get("/Filter")
    if found is None:
        return []
    return [str(each) for each in found] if isinstance(found, Array) else [str(found)]


def _clean_picture(stream: Object) -> None:
    if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_PIXELS:
        raise Refused(Refusal.TOO_HEAVY)
    filters = _filters(stream)
    if not filters or filters[-1] not in (JPEG, JPEG_2000):
        return  # bare pixels
    stripped = strip_picture(_without_wrapping(stream.read_raw_bytes(), filters[:-1]))
    if stripped is None:
        raise Refused(Refusal.BROKEN)
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, Array):
        parameters = parameters[-1]
    if not isinstance(parameters, Dictionary):
        parameters = None
    stream.write(stripped, filter=Name(filters[-1]), decode_parms=parameters)


def _without_wrapping(content: bytes, filters: list[str]) -> bytes:
    for each in filters:
        if each == FLATE:
            content = zlib.decompress(content)
        elif each == TEXT_85:
            content = base64.a85decode(content.strip().removesuffix(b"~>"))
        else:
            raise Refused(Refusal.UNKNOWN)
    return content
