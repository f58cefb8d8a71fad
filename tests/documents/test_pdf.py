"""PDF in every script: tagged, with the fonts we name, without a missing glyph, and readable by machines."""

from __future__ import annotations

import subprocess
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from forms.definition import Stage
from forms.i18n import activate
from fundapp.documents.blank_form import blank_form
from fundapp.documents.paper import Paper, Words
from fundapp.documents.pdf import paper_as_pdf
from tests.documents.conftest import reference_call
from tests.documents.six_pages import FONTS, SENTENCES, six_pages

pytestmark = pytest.mark.program("pango-1.0", "pdftotext")
LANGUAGES = ["ar", "ur", "ckb", "am", "ti", "bn", "uk"]


@cache
def made(language: str) -> bytes:
    return paper_as_pdf(six_pages(language))


def text_of(pdf: bytes, folder: Path) -> str:
    """As a program reads it that knows about directions."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True).stdout.decode()


def letters(text: str) -> str:
    """Without signs, spaces and vowel marks: fonts and readers move those about."""
    return "".join(
        each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each)[0] == "L"
    )


def fonts_of(pdf: bytes) -> set[tuple[str, bool]]:
    """Name without its subset's letters, and whether it is embedded."""
    found = set()
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            for font in page.Resources.Font.values():
                descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                name = str(descendant.BaseFont).lstrip("/").split("+")[-1]
                descriptor = descendant.FontDescriptor
                found.add((name, any(key in descriptor for key in ("/FontFile2", "/FontFile3", "/FontFile"))))
    return found


def glyphs_without_a_shape(pdf: bytes) -> int:
    """Glyph 0 (.notdef) is what is drawn for a letter that no font has."""
    count = 0
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("Tj", "TJ"):
                    count += sum(map(_zeros, operands[0] if str(operator) == "TJ" else operands))
    return count


def _zeros(piece: Any) -> int:
    if not isinstance(piece, pikepdf.String):
        return 0
    data = bytes(piece)
    return sum(data[place : place + 2] == b"\x00\x00" for place in range(0, len(data), 2))


@pytest.mark.parametrize("language", LANGUAGES)
def test_application_of_six_pages_is_tagged_and_has_no_missing_glyph(language: str) -> None:
    pdf = made(language)

    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 6
        assert opened.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in opened.Root
        assert str(opened.Root.Lang) == language
        assert "pdfuaid:part" in opened.Root.Metadata.read_bytes().decode()
        assert opened.docinfo.get("/Title") is not None
    assert glyphs_without_a_shape(pdf) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_fonts_are_embedded_and_those_of_the_script(language: str) -> None:
    fonts = fonts_of(made(language))

    assert {is_embedded for _name, is_embedded in fonts} == {True}
    families = {name.removesuffix("-Bold").replace("-", "") for name, _is_embedded in fonts}
    assert families == {"NotoSans", FONTS[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_of_the_answers_comes_out_in_the_order_it_was_written(language: str, tmp_path: Path) -> None:
    text = text_of(made(language), tmp_path)

    assert letters(text).count(letters(SENTENCES[language])) >= 14 * 5
    places = [text.find(str(number + 101)) for number in range(14)]
    assert places == sorted(places)
    assert -1 not in places
    assert text.count("£2,500.50") == 1


@pytest.mark.parametrize("is_large", [False, True])
def test_smallest_letters_of_large_print_have_eighteen_points(is_large: bool) -> None:
    with activate("en"):
        pdf = paper_as_pdf(blank_form(reference_call(), Stage.FULL), is_large=is_large)

    sizes = set()
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    sizes.add(
                        round(
                            float(operands[1]) * 0.75 if float(operands[1]) > 100 else float(operands[1]), 1
                        )
                    )
    assert min(sizes) >= (18 if is_large else 10)


def test_nothing_outside_the_paper_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even when markup got into a paper in some way."""
    import urllib.request

    from fundapp.documents import pdf as module

    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    asked: list[str] = []
    monkeypatch.setattr(
        urllib.request.OpenerDirector, "open", lambda _self, url, *_rest: asked.append(str(url))
    )
    page = f'<html lang="en"><title>t</title><link rel=stylesheet href="{secret.as_uri()}"><img src="http://127.0.0.1:9/">'
    monkeypatch.setattr(module, "paper_as_html", lambda *_args, **_kwargs: page)

    pdf = paper_as_pdf(Paper(language="en", title=Words("t"), about=Words("t"), parts=()))

    assert pdf.startswith(b"%PDF")
    assert asked == []
