"""DOCX, XLSX and ODT: taken apart with limits, each part looked at, packed anew without author and places."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO

from PIL import Image

from .lossless import strip_picture
from .markup import check_drawing, check_xml, without_fetching, without_names
from .pictures import only_pixels, open_picture
from .results import Refusal, Refused
from .sniff import DOCX, HEAD, ODT, XLSX, sniff
from .zips import open_zip, unpacked

MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": DOCX,
    b"spreadsheetml.sheet.main+xml": XLSX,
}
CONTENT_TYPES, ODF_TYPE, ODF_MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
PROGRAMS = ("vbaproject", "activex", "macrosheets", "oleobject", "externallinks/", "basic/", "scripts/")
XML_ENDINGS = (".xml", ".rels", ".vml", ".rdf")
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".jfif")
REBUILT = {"image/tiff": "TIFF", "image/webp": "WEBP", "image/heic": "HEIF"}
HARMFUL_STARTS = (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\xca\xfe\xba\xbe")
MADE_AT = (1980, 1, 1, 0, 0, 0)
DEEPEST = 1  # a table inside a text document; never one inside that

_OOXML = (
    '<?xml version="1.0" encoding="UTF-8"?><{tag} xmlns{prefix}="http://schemas.openxmlformats.org/{path}"/>'
)
WITHOUT_AUTHOR = {
    "docProps/core.xml": _OOXML.format(
        tag="cp:coreProperties", prefix=":cp", path="package/2006/metadata/core-properties"
    ),
    "docProps/app.xml": _OOXML.format(
        tag="Properties", prefix="", path="officeDocument/2006/extended-properties"
    ),
    "docProps/custom.xml": _OOXML.format(
        tag="Properties", prefix="", path="officeDocument/2006/custom-properties"
    ),
    "meta.xml": '<?xml version="1.0" encoding="UTF-8"?><office:document-meta office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:meta/></office:document-meta>',
}


def clean_office(source: IO[bytes] | Path, target: IO[bytes] | Path, *, depth: int = 0) -> str:
    """Write the harmless copy; returns its media type. Raises Refused."""
    with open_zip(source) as opened:
        media_type = _media_type(opened)
        _refuse_programs(opened.namelist())
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
            for name, content in unpacked(opened):
                entry = zipfile.ZipInfo(name, MADE_AT)
                entry.compress_type = zipfile.ZIP_STORED if name == ODF_TYPE else zipfile.ZIP_DEFLATED
                written.writestr(entry, _clean_part(name, content, depth))
    return media_type


def _media_type(opened: zipfile.ZipFile) -> str:
    names = opened.namelist()
    if names and names[0] == ODF_TYPE:
        said = opened.read(ODF_TYPE)[:100].decode("ascii", "replace")
        if said != ODT:
            raise Refused(Refusal.UNKNOWN)
        if b"encryption-data" in opened.read(ODF_MANIFEST):
            raise Refused(Refusal.ENCRYPTED)
        return ODT
    if CONTENT_TYPES not in names:
        raise Refused(Refusal.UNKNOWN)
    types = opened.read(CONTENT_TYPES)
    if b"macroEnabled" in types:
        raise Refused(Refusal.MACROS)
    found = [media_type for mark, media_type in MAIN_PARTS.items() if mark in types]
    if len(found) != 1:
        raise Refused(Refusal.UNKNOWN)
    return found[0]


def _refuse_programs(names: list[str]) -> None:
    for name in names:
        plain = name.casefold()
        if any(plain.startswith(each) or f"/{each}" in plain for each in PROGRAMS):
            raise Refused(Refusal.MACROS)


def _clean_part(name: str, content: bytes, depth: int) -> bytes:
    ending = Path(name).suffix.casefold()
    if name in WITHOUT_AUTHOR:
        return WITHOUT_AUTHOR[name].encode()
    if ending == ".svg":
        check_drawing(content)
        return content
    if ending in XML_ENDINGS:
        check_xml(content)
        return without_fetching(content) if ending == ".rels" else without_names(content)
    if ending in PICTURE_ENDINGS or sniff(content[:HEAD]) is not None:
        return _clean_inside(content, depth)
    if content.startswith(HARMFUL_STARTS):
        raise Refused(Refusal.MACROS)
    return content


def _clean_inside(content: bytes, depth: int) -> bytes:
    """A picture, or a table in a text document."""
    found = sniff(content[:HEAD])
    if content.startswith(b"PK\x03\x04"):
        if depth >= DEEPEST:
            raise Refused(Refusal.TOO_HEAVY)
        made = io.BytesIO()
        clean_office(io.BytesIO(content), made, depth=depth + 1)
        return made.getvalue()
    if (stripped := strip_picture(content)) is not None:
        _decode(stripped)
        return stripped
    if found is not None and found.media_type in REBUILT:
        picture = only_pixels(open_picture(io.BytesIO(content), REBUILT[found.media_type]))
        return _saved(picture, REBUILT[found.media_type])
    if content.startswith(b"GIF8"):
        return _saved(only_pixels(open_picture(io.BytesIO(content), "GIF")), "GIF")
    if content.startswith(b"BM"):
        return _saved(only_pixels(open_picture(io.BytesIO(content), "BMP")), "BMP")
    raise Refused(Refusal.UNKNOWN)


def _decode(content: bytes) -> None:
    """Raises what Pillow raises when the picture is none."""
    format_name = "JPEG" if content.startswith(b"\xff\xd8") else "PNG"
    open_picture(io.BytesIO(content), format_name).load()


def _saved(picture: Image.Image, format_name: str) -> bytes:
    made = io.BytesIO()
    picture.save(made, format_name)
    return made.getvalue()
