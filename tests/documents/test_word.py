"""The file to write in, and what comes out of it again."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from docx import Document
from lxml import etree

from forms.definition import Stage
from forms.i18n import activate
from fundapp.documents.blank_form import form_to_write_in
from fundapp.documents.codes import Code, code_of, find_code
from fundapp.documents.reading import UnreadableFile, read_word
from fundapp.documents.word import paper_as_word
from tests.documents.conftest import reference_call

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EMPTY = code_of("Q1", 0, None).digest


def word_form(stage: Stage = Stage.FULL, language: str = "en") -> bytes:
    with activate(language):
        return paper_as_word(form_to_write_in(reference_call(), stage))


def xml_of(data: bytes) -> etree._Element:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def changed(data: bytes, part: str, text: bytes) -> bytes:
    """The same file with one part replaced."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, text if info.filename == part else old.read(info))
    return file.getvalue()


def write_in(data: bytes, answers: dict[str, str]) -> bytes:
    """As a person does: types into the cell below the code."""
    document = Document(BytesIO(data))
    for table in document.tables:
        code = find_code(table.cell(0, 0).text)
        if code and code.key in answers:
            table.cell(1, 0).text = answers[code.key]
    file = BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_every_question_of_the_stage_has_one_place(language: str):
    read = read_word(word_form(language=language))

    keys = [question.key for question in reference_call().form.questions(Stage.FULL)]
    assert [place.code for place in read.places] == [Code(key, 0, EMPTY) for key in keys]
    assert [place.text for place in read.places if place.code.key not in ("Q8", "Q11_shares")] == [""] * 11


@pytest.mark.parametrize("language", ["en", "ar"])
def test_file_has_limits_and_reasons_of_every_question(language: str):
    text = "\n".join(read_word(word_form(language=language)).outside)

    questions = list(reference_call().form.questions(Stage.FULL))
    wanted = [each.in_language(language) for q in questions for each in (q.label, q.why_we_ask)]
    assert [each for each in wanted if each not in text] == []
    assert text.count("3") >= 3


def test_arabic_paragraphs_tables_and_runs_are_right_to_left():
    document = xml_of(word_form(language="ar"))

    arabic = [p for p in document.iter(f"{W}p") if re.search(r"[\u0600-\u06ff]", "".join(p.itertext()))]
    assert len(arabic) > 60
    assert [p for p in arabic if p.find(f"{W}pPr/{W}bidi") is None] == []
    runs = [
        r for p in arabic for r in p.iter(f"{W}r") if re.match(r"\s*[\u0600-\u06ff]", "".join(r.itertext()))
    ]
    assert [r for r in runs if r.find(f"{W}rPr/{W}rtl") is None] == []
    tables = list(document.iter(f"{W}tbl"))
    assert [t for t in tables if t.find(f"{W}tblPr/{W}bidiVisual") is None] == []


def test_english_file_has_nothing_right_to_left():
    document = xml_of(word_form())

    assert not list(document.iter(f"{W}bidi", f"{W}rtl", f"{W}bidiVisual"))


def test_file_says_nothing_about_who_made_it():
    properties = Document(BytesIO(word_form())).core_properties

    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "A plain answer.",
        "Two lines.\nAnd more.",
        "إجابة واحدة.\nسطر ثانٍ",
        "መልሲ ብትግርኛ።",
        "  spaces around  ",
        "<b>&amp;",
    ],
)
def test_what_was_typed_comes_back(text: str):
    data = write_in(word_form(), {"Q2": text})

    places = {place.code.key: place.text for place in read_word(data).places}
    assert places["Q2"] == text.strip()


def test_text_outside_the_places_is_found():
    document = Document(BytesIO(word_form()))
    document.add_paragraph("I wrote this at the end.")
    file = BytesIO()
    document.save(file)

    assert read_word(file.getvalue()).outside[-1] == "I wrote this at the end."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your answer: [Q2-3-9f3a1c2b]", Code("Q2", 3, "9f3a1c2b")),
        ("\u2067إجابتكم:\u2069 [Q11_shares-0-00000000]", Code("Q11_shares", 0, "00000000")),
        ("[ Q2 – 3 – 9f3a1c2b ]", Code("Q2", 3, "9f3a1c2b")),
        ("[Q2\u20113\u20119f3a1c2b]", Code("Q2", 3, "9f3a1c2b")),
        ("[Q2]", None),
        ("Q2-3-9f3a1c2b", None),
        ("[../../etc-1-00000000]", None),
        ("", None),
    ],
)
def test_code_is_found_whatever_programs_do_around_it(text: str, code: Code | None):
    assert find_code(text) == code


def test_deleted_and_moved_text_of_tracked_changes_is_not_read():
    text = zipfile.ZipFile(BytesIO(write_in(word_form(), {"Q2": "KEPT"}))).read("word/document.xml")
    tracked = text.replace(
        b"<w:t>KEPT</w:t>", b"<w:t>KEPT</w:t></w:r><w:del><w:r><w:delText>GONE</w:delText></w:r></w:del><w:r>"
    )

    places = {
        p.code.key: p.text for p in read_word(changed(word_form(), "word/document.xml", tracked)).places
    }

    assert places["Q2"] == "KEPT"


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "hahaha"><!ENTITY y "&x;&x;&x;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&y;</w:body></w:document>"""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not a file",
        b"%PDF-1.7",
        word_form()[:5000],
        changed(word_form(), "word/document.xml", b"not xml"),
        changed(word_form(), "word/document.xml", b"<a/>"),
        changed(word_form(), "word/document.xml", ENTITIES),
        changed(word_form(), "word/document.xml", ENTITIES.decode().encode("utf-16")),
        changed(word_form(), "word/document.xml", b"<a>" * 5000),
        changed(word_form(), "word/document.xml", b"<a>" + b" " * 9_000_000 + b"</a>"),
    ],
    ids=[
        "empty",
        "broken zip",
        "pdf",
        "cut off",
        "no xml",
        "no body",
        "entities",
        "entities-16",
        "deep",
        "bomb",
    ],
)
def test_hostile_or_broken_file_is_refused(data: bytes):
    with pytest.raises(UnreadableFile):
        read_word(data)
