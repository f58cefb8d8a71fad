"""Small files that would fill memory or disk: refused early, by a process that cannot take much."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest

from fundapp.file_checks.results import Refusal
from tests.file_checks.makers import BODY, docx, odt, pdf, xlsx

MEGABYTE = 1024 * 1024
MOST_MEMORY = 200 * MEGABYTE
LARGEST = 2 * MEGABYTE  # of the files themselves


def packed_zeros(megabytes: int) -> bytes:
    """Quickly: one packed megabyte, repeated. The sum at the end is wrong; nobody should get there."""
    packer = zlib.compressobj(9)
    head = packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * megabytes + packer.flush()


def zip_bomb() -> bytes:
    """About 1,029 to 1, like the one measured, in a text document."""
    made = io.BytesIO(docx())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/a.xml", "w") as part:
        for _number in range(101):
            part.write(bytes(MEGABYTE))
    return made.getvalue()


def lying_zip() -> bytes:
    """Says it unpacks to ten bytes, and unpacks to five megabytes."""
    content = docx({"word/a.xml": bytes(5 * MEGABYTE)})
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", 10) + content[at + 28 :]


def overlapping_zip() -> bytes:
    """A hundred entries that all read the same bytes."""
    content = docx()
    end = content.rindex(b"PK\x05\x06")
    entries = int.from_bytes(content[end + 10 : end + 12], "little")
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    last = content[content.rindex(b"PK\x01\x02") : end]
    size = int.from_bytes(last[28:30], "little")
    copies = b"".join(
        last[:46] + (b"%04d" % number).ljust(size, b"x")[:size] + last[46 + size :] for number in range(100)
    )
    directory = content[start:end] + copies
    total = entries + 100
    return (
        content[:start]
        + directory
        + b"PK\x05\x06"
        + struct.pack("<4H2IH", 0, 0, total, total, len(directory), start, 0)
    )


def nested_zip() -> bytes:
    inside = docx()
    for _number in range(3):
        inside = docx({"word/embeddings/a.docx": inside})
    return inside


def huge_png() -> bytes:
    """30,000 by 30,000 pixels in a hundred kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    data = packed_zeros(30_000 * (1 + 30_000 // 8) // MEGABYTE + 1)
    header = struct.pack(">2I5B", 30_000, 30_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf_bomb(times: int) -> bytes:
    """A page of a gigabyte, packed once or twice."""
    content = packed_zeros(1024)
    if times > 1:
        content = zlib.compress(content, 9)
    document, made = pikepdf.open(io.BytesIO(pdf())), io.BytesIO()
    stream = pikepdf.Stream(document, content)
    stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * times)
    document.pages[0].Contents = stream
    document.save(made, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return made.getvalue()


def pdf_object_bomb() -> bytes:
    """An index of objects that unpacks to a gigabyte while the file is opened."""
    packed = packed_zeros(1024)
    head = b"%PDF-1.5\n"
    body = (
        b"1 0 obj<</Type/XRef/Size 99999999/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\nstartxref\n9\n%%EOF"
    )
    return head + body


def pdf_of_many_objects() -> bytes:
    document, made = pikepdf.open(io.BytesIO(pdf())), io.BytesIO()
    document.Root.Many = pikepdf.Array(
        [document.make_indirect(pikepdf.Array([])) for _number in range(100_001)]
    )
    document.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><a>&i;</a>"
)
BLOW_UP = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "' + "x" * 100_000 + '">]><a>' + "&a;" * 10_000 + "</a>"
)
FETCHES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'
DEEP = "<a>" * 300_000

BOMBS = {
    "zip of 1,029 to 1": (zip_bomb, Refusal.TOO_HEAVY),
    "zip that lies": (lying_zip, Refusal.BROKEN),
    "zip with shared parts": (overlapping_zip, Refusal.TOO_HEAVY),
    "zip in zip in zip": (nested_zip, Refusal.TOO_HEAVY),
    "zip of 10,000 parts": (
        lambda: docx({f"word/{number}": "" for number in range(10_000)}),
        Refusal.TOO_HEAVY,
    ),
    "png of 30,000 squared": (huge_png, Refusal.TOO_HEAVY),
    "pdf page of a gigabyte": (lambda: pdf_bomb(1), Refusal.TOO_HEAVY),
    "pdf page packed twice": (lambda: pdf_bomb(2), Refusal.TOO_HEAVY),
    "pdf index of a gigabyte": (pdf_object_bomb, Refusal.TOO_HEAVY),
    "pdf of 100,000 objects": (pdf_of_many_objects, Refusal.TOO_HEAVY),
    "docx that laughs": (lambda: docx({"word/document.xml": LAUGHS}), Refusal.TOO_HEAVY),
    "docx that blows up": (lambda: docx({"word/document.xml": BLOW_UP}), Refusal.TOO_HEAVY),
    "docx that fetches": (lambda: docx({"word/document.xml": FETCHES}), Refusal.TOO_HEAVY),
    "docx that is deep": (lambda: docx({"word/document.xml": DEEP}), Refusal.BROKEN),
    "xlsx that laughs": (lambda: xlsx({"xl/workbook.xml": LAUGHS}), Refusal.TOO_HEAVY),
    "odt that laughs": (lambda: odt({"content.xml": LAUGHS}), Refusal.TOO_HEAVY),
    "svg that laughs in a docx": (lambda: docx({"word/media/a.svg": LAUGHS}), Refusal.TOO_HEAVY),
    "sheet of macros": (
        lambda: docx({"word/document.xml": BODY, "xl/macrosheets/a.xml": "x"}),
        Refusal.MACROS,
    ),
}
# Checks each file named, and says what came out and how much memory the greediest check took.
JUDGE = """
import json, resource, sys
from pathlib import Path
from fundapp.file_checks.results import Refused
from fundapp.file_checks.run import check_file
said = {}
for name in sys.argv[2:]:
    try:
        check_file(Path(name), Path(sys.argv[1]), ["picture", "document"])
        said[Path(name).name] = None
    except Refused as refused:
        said[Path(name).name] = refused.reason.value
print(json.dumps([said, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def test_bombs_are_refused_with_little_memory(tmp_path: Path):
    for name, (make, _reason) in BOMBS.items():
        content = make()
        assert len(content) < LARGEST, f"{name} is no small file"
        (tmp_path / name).write_bytes(content)

    command = [sys.executable, "-c", JUDGE, str(tmp_path / "out"), *(str(tmp_path / name) for name in BOMBS)]
    said, kilobytes = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    assert said == {name: reason.value for name, (_make, reason) in BOMBS.items()}
    assert kilobytes * 1024 <= MOST_MEMORY


@pytest.mark.parametrize("size", [10, 20_000])
def test_document_of_ordinary_length_is_no_bomb(size: int, tmp_path: Path):
    from tests.file_checks.checking import outcome_of

    text = "".join(f"<w:t>Sentence number {number} of our report.</w:t>" for number in range(size))

    assert (
        outcome_of(tmp_path, docx({"word/document.xml": BODY.replace("<w:t>Kept text</w:t>", text)})).refused
        is None
    )
