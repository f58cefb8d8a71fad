"""Files for the tests, built here: photos that tell where they were taken, documents with authors, sounds."""

from __future__ import annotations

import io
import struct
import zipfile
from fractions import Fraction

import av
import numpy as np
import pikepdf
import pillow_heif
from PIL import Image, PngImagePlugin, TiffImagePlugin

CANARIES = ("GPS", "XMP", "IPTC", "MAKER", "THUMB", "TRAILER", "COMMENT", "ARTIST")
PICTURE_FORMATS = ("jpeg", "png", "webp", "tiff", "heic")
WIDE, HIGH = 60, 40
TURN = 6  # orientation: the top of the scene is at the right of the stored pixels


def canary(name: str) -> bytes:
    return f"CANARY-{name}-51.5265,-0.0589".encode()


def red_corner(width: int = WIDE, height: int = HIGH) -> Image.Image:
    """Blue, with a red quarter at the top left."""
    picture = Image.new("RGB", (width, height), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return picture


def _ifd(entries: list[tuple[int, int, int, bytes]], start: int, following: int = 0) -> bytes:
    """One directory of a TIFF at `start`, its longer values behind it."""
    entries = sorted(entries)
    values_at = start + 2 + 12 * len(entries) + 4
    table, values = struct.pack("<H", len(entries)), b""
    for tag, kind, count, data in entries:
        if len(data) <= 4:
            table += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
        else:
            table += struct.pack("<HHII", tag, kind, count, values_at + len(values))
            values += data + b"\0" * (len(data) % 2)
    return table + struct.pack("<I", following) + values


def exif_block(*, orientation: int = TURN) -> bytes:
    """What a phone writes: the place, the maker's own note, the owner, and a small copy of the photo."""
    short, text, number, raw = 3, 2, 4, 7
    degrees = struct.pack("<6I", 51, 1, 31, 1, 35, 1)
    first: list[tuple[int, int, int, bytes]] = [
        (0x0112, short, 1, struct.pack("<H", orientation)),
        (0x010F, text, 5, b"Phone\0"),
        (0x013B, text, len(canary("ARTIST")) + 1, canary("ARTIST") + b"\0"),
    ]
    pointers = [(0x8769, number, 1, b"\0" * 4), (0x8825, number, 1, b"\0" * 4)]
    size = len(_ifd(first + pointers, 8))
    camera = [(0x927C, raw, len(canary("MAKER")), canary("MAKER"))]
    camera_at = 8 + size
    gps_at = camera_at + len(_ifd(camera, camera_at))
    gps = [
        (0x0001, text, 2, b"N\0"),
        (0x0002, 5, 3, degrees),
        (0x0012, text, len(canary("GPS")) + 1, canary("GPS") + b"\0"),
    ]
    thumb_at = gps_at + len(_ifd(gps, gps_at))
    thumb = b"\xff\xd8\xff\xfe" + struct.pack(">H", len(canary("THUMB")) + 2) + canary("THUMB") + b"\xff\xd9"
    small: list[tuple[int, int, int, bytes]] = [
        (0x0103, short, 1, struct.pack("<H", 6)),
        (0x0201, number, 1, struct.pack("<I", thumb_at + 2 + 36 + 4)),
        (0x0202, number, 1, struct.pack("<I", len(thumb))),
    ]
    first += [
        (0x8769, number, 1, struct.pack("<I", camera_at)),
        (0x8825, number, 1, struct.pack("<I", gps_at)),
    ]
    return (
        b"II*\0\x08\0\0\0"
        + _ifd(first, 8, thumb_at)
        + _ifd(camera, camera_at)
        + _ifd(gps, gps_at)
        + _ifd(small, thumb_at)
        + thumb
    )


def xmp() -> bytes:
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        b'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSAreaInformation="' + canary("XMP") + b'"/>'
        b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def iptc() -> bytes:
    """A city, in the block Photoshop writes."""
    data = b"\x1c\x02\x5a" + struct.pack(">H", len(canary("IPTC"))) + canary("IPTC")
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)


def photo(kind: str, *, orientation: int = TURN) -> bytes:
    """A picture of the kind with everything about place and owner that its format can carry."""
    made = io.BytesIO()
    picture, exif = red_corner(), exif_block(orientation=orientation)
    if kind == "jpeg":
        picture.save(made, "JPEG", exif=b"Exif\0\0" + exif, xmp=xmp(), comment=canary("COMMENT"))
        block = b"Photoshop 3.0\0" + iptc()
        content = made.getvalue()
        content = content[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + content[2:]
    elif kind == "png":
        notes = PngImagePlugin.PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", xmp().decode())
        notes.add_text("Comment", canary("COMMENT").decode())
        notes.add_text("Raw profile type iptc", canary("IPTC").decode())
        picture.save(made, "PNG", exif=exif, pnginfo=notes)
        content = made.getvalue()
    elif kind == "webp":
        picture.save(made, "WEBP", exif=exif, xmp=xmp(), lossless=True)
        content = made.getvalue()
    elif kind == "tiff":
        content = _tiff(picture, orientation)
    else:
        pillow_heif.from_pillow(picture).save(made, exif=b"Exif\0\0" + exif, xmp=xmp(), quality=-1)
        content = made.getvalue()
    return content + canary("TRAILER")


def _tiff(picture: Image.Image, orientation: int) -> bytes:
    made, tags = io.BytesIO(), TiffImagePlugin.ImageFileDirectory_v2()
    tags[274], tags[700], tags[315] = orientation, xmp(), canary("ARTIST").decode()
    tags[270], tags[33723] = canary("COMMENT").decode(), canary("IPTC")
    tags.tagtype[700] = tags.tagtype[33723] = 7
    tags[37500] = canary("MAKER")
    tags.tagtype[37500] = 7
    tags[34853] = {1: "N", 2: (51.0, 31.0, 35.0), 18: canary("GPS").decode()}
    small = picture.resize((30, 20))
    small.encoderinfo = {"tiffinfo": {254: 1, 270: canary("THUMB").decode()}}
    picture.save(made, "TIFF", tiffinfo=tags, save_all=True, append_images=[small])
    return made.getvalue()


def word_photo() -> bytes:
    return photo("jpeg", orientation=1)


CORE = (
    '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/'
    'package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>'
    "CANARY-AUTHOR</dc:creator></cp:coreProperties>"
)
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/main.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships">{inside}</Relationships>'
)
BODY = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main"><w:body><w:ins w:id="1" w:author="CANARY-AUTHOR"><w:r>'
    "<w:t>Kept text</w:t></w:r></w:ins></w:body></w:document>"
)


def zipped(parts: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(more: dict[str, bytes | str] | None = None, *, kind: str = "wordprocessingml.document") -> bytes:
    """The smallest text document, with an author and a photo."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES.format(kind=kind),
        "_rels/.rels": RELS.format(inside=""),
        "docProps/core.xml": CORE,
        "word/document.xml": BODY,
        "word/media/image1.jpeg": word_photo(),
    }
    return zipped(parts | (more or {}))


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    return docx({"xl/comments1.xml": "<c><author>CANARY-AUTHOR</author></c>"} | (more or {}), kind=SHEET)


SHEET = "spreadsheetml.sheet"


def odt(more: dict[str, bytes | str] | None = None) -> bytes:
    meta = (
        '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta><meta:initial-creator>'
        "CANARY-AUTHOR</meta:initial-creator></office:meta></office:document-meta>"
    )
    content = '<c xmlns:dc="d"><dc:creator>CANARY-AUTHOR</dc:creator><p>Kept text</p></c>'
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": content,
        "meta.xml": meta,
        "Pictures/photo.jpg": word_photo(),
    }
    return zipped(parts | (more or {}))


def pdf(*, inside: bytes | None = None, password: str = "", **root: pikepdf.Object) -> bytes:
    """One page with a photo, an author in both places, and a note with a name."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    picture = pikepdf.Stream(document, inside or word_photo())
    picture.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=WIDE,
            Height=HIGH,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
    )
    page = document.pages[0]
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=document.make_indirect(picture)))
    page.Contents = pikepdf.Stream(document, b"q 100 0 0 100 20 20 cm /Im0 Do Q")
    page.obj.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Text,
                Rect=[0, 0, 9, 9],
                T="CANARY-AUTHOR",
                Contents="Kept text",
            )
        ]
    )
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    document.Root.Metadata = pikepdf.Stream(document, b"<x>CANARY-AUTHOR</x>")
    document.docinfo["/Author"] = "CANARY-AUTHOR"
    made = io.BytesIO()
    if password:
        document.save(made, encryption=pikepdf.Encryption(user=password, owner=password))
    else:
        document.save(made, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return made.getvalue()


def sound(
    kind: str = "webm", codec: str = "libopus", *, seconds: int = 1, rate: int = 48_000, video: str = ""
) -> bytes:
    """A tone, with a title and a place in its notes; with moving colours where a video codec is named."""
    made = io.BytesIO()
    with av.open(made, "w", format=kind) as written:
        written.metadata.update(
            {"title": "CANARY-TITLE", "location": "+51.5265-000.0589/", "comment": "CANARY"}
        )
        track = written.add_stream(codec, rate=rate)
        track.layout = "mono"
        if video:
            moving = written.add_stream(video, rate=10)
            moving.width, moving.height, moving.pix_fmt = 176, 144, "yuv420p"
            for number in range(seconds * 10):
                colours = np.full((144, 176, 3), number * 5 % 255, np.uint8)
                frame = av.VideoFrame.from_ndarray(colours, format="rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 10)
                written.mux(moving.encode(frame))
            written.mux(moving.encode(None))
        wave = (np.sin(np.arange(rate * seconds) * 440 * 6.283 / rate) * 8000).astype(np.int16).reshape(1, -1)
        tone = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
        tone.sample_rate, tone.pts = rate, 0
        written.mux(track.encode(tone))
        written.mux(track.encode(None))
    return made.getvalue()
