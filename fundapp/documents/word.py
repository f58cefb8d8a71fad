"""Papers as word-processor files (DOCX) to write in. Every answer place is a table with its code."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from forms.i18n import activate, current_language, translate
from forms.languages import text_direction
from fundapp.documents.codes import code_of
from fundapp.documents.paper import Entry, Paper, PaperChoice, Words, own

EMPTY_BOX, CHOSEN_BOX = "☐", "☒"
_SHADE = "F5EADB"


def paper_as_word(paper: Paper) -> bytes:
    """A file for any word processor, in the paper's language and direction."""
    with activate(paper.language):
        document = Document()
        _prepare(document, paper)
        _write(document, own(paper.title.text), style="Title")
        _write(document, paper.about, style="Subtitle")
        for label, words in paper.facts:
            _write(document, Words(f"{label} {words.text}", words.language))
        for words in (*paper.lead, *(_how_to() if paper.is_blank else ())):
            _write(document, words)
        for part in paper.parts:
            _write(document, part.title, style="Heading 1")
            for entry in part.entries:
                (_entry if paper.is_blank else _answered)(document, entry)
        for name in paper.attached:
            _write(document, Words(name), style="List Bullet")
        _criteria(document, paper)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _how_to() -> tuple[Words, ...]:
    return (
        own(translate("Write inside the boxes. Then bring the file back on the page of your application.")),
        own(translate("Please leave the codes in square brackets: they lead each answer to its question.")),
    )


def _prepare(document: WordDocument, paper: Paper) -> None:
    """Nothing about who made it; fonts for every script; the direction of the whole file."""
    properties = document.core_properties
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.title, properties.language = paper.title.text, paper.language
    normal = document.styles["Normal"]
    normal.font.size = Pt(12)
    normal.font.name = "Arial"
    sizes = OxmlElement("w:szCs")  # of scripts such as Arabic
    sizes.set(qn("w:val"), "24")
    normal.element.get_or_add_rPr().insert_element_before(sizes, "w:highlight", "w:u", "w:rtl", "w:lang")
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:cs", "w:eastAsia", "w:hAnsi"):
        fonts.set(qn(script), "Arial")
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.italic = False
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), "Arial")
    if current_language().direction == "rtl":
        section = document.sections[0]._sectPr
        section.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid", "w:printerSettings")


def _entry(document: WordDocument, entry: Entry) -> None:
    _write(document, entry.label, style="Heading 2")
    if entry.help_text:
        _write(document, entry.help_text)
    if entry.why_we_ask:
        _write(document, own(translate("Why we ask")), bold=True)
        _write(document, entry.why_we_ask)
    for note in entry.notes:
        _write(document, note)
    lines = sum(1 + len(parts) for parts in entry.grid)
    rows, columns = (1 + lines, 2) if entry.grid else (2 + entry.rows, 2 if entry.rows else 1)
    table = document.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    if current_language().direction == "rtl":
        table.table_direction = WD_TABLE_DIRECTION.RTL
    _head(table, entry)
    if entry.grid:
        _grid(table, entry)
    elif entry.rows:
        _rows(table, entry)
    else:
        _answer(table, entry)
    document.add_paragraph()


def _answered(document: WordDocument, entry: Entry) -> None:
    """For a copy: the question, what was answered, and where that comes from."""
    _write(document, entry.label, style="Heading 2")
    for line in entry.answer:
        for each in str(line).split("\n"):
            _write(document, Words(each, entry.answer_language))
    if not entry.answer:
        _write(document, own(translate("Not answered yet")))
    for note in entry.notes:
        _write(document, note)


def _head(table: Table, entry: Entry) -> None:
    """Says that the answer goes below, with the code that leads it back."""
    cells = table.rows[0].cells
    cell = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _SHADE)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)
    paragraph = cell.paragraphs[0]
    words = translate("Mark your choice with an X:") if entry.choices else translate("Your answer:")
    _run(paragraph, own(words), bold=True)
    code = _run(paragraph, Words(f" {entry.mark or code_of(entry.key, 0, None)}", "en"))
    code.font.size = Pt(8)
    _turn(paragraph, own(words))


def _answer(table: Table, entry: Entry) -> None:
    cell = table.cell(1, 0)
    if entry.choices:
        words = _boxes(entry.choices)
    else:
        text = "\n".join(map(str, entry.answer))
        words = [Words(each, entry.answer_language) for each in text.split("\n")]
    _fill(cell, words)


def _boxes(choices: tuple[PaperChoice, ...]) -> list[Words]:
    return [
        Words(f"{CHOSEN_BOX if choice.is_chosen else EMPTY_BOX} {choice.words.text}", choice.words.language)
        for choice in choices
    ]


def _grid(table: Table, entry: Entry) -> None:
    """A row that says which entry, then one row for each of its parts: what is asked, and the answer."""
    place = 1
    for number, parts in enumerate(entry.grid, start=1):
        cells = table.rows[place].cells
        _fill(cells[0].merge(cells[1]), [own(translate("Entry %(number)s", number=number))])
        for part in parts:
            place += 1
            cells = table.rows[place].cells
            _fill(cells[0], [part.label])
            answer = [Words(each, entry.answer_language) for each in part.answer.split("\n")]
            _fill(cells[1], _boxes(part.choices) or answer)
        place += 1


def _rows(table: Table, entry: Entry) -> None:
    first = translate("Name of the group") if entry.kind == "shares" else translate("What for")
    for cell, head in zip(table.rows[1].cells, (first, translate("Amount")), strict=True):
        _fill(cell, [own(head)])
    lines = entry.answer
    for number in range(entry.rows):
        line = lines[number] if number < len(lines) else None
        cells = table.rows[2 + number].cells
        _fill(cells[0], [Words(line.text if line else "", entry.answer_language)])
        _fill(cells[1], [Words(line.amount if line else "", "en")])


def _criteria(document: WordDocument, paper: Paper) -> None:
    if paper.criteria:
        _write(document, own(translate("What readers look at")), style="Heading 1")
    for criterion in paper.criteria:
        title = Words(f"{criterion.title.text} · {criterion.weight}", criterion.title.language)
        _write(document, title, style="Heading 2")
        for level, words in criterion.levels:
            _write(document, own(level), bold=True)
            _write(document, words)


def _fill(cell: _Cell, words: list[Words]) -> None:
    for number, each in enumerate(words):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _run(paragraph, each)
        _turn(paragraph, each)


def _write(document: WordDocument, words: Words, *, style: str | None = None, bold: bool = False) -> None:
    paragraph = document.add_paragraph(style=style)
    _run(paragraph, words, bold=bold)
    _turn(paragraph, words)


def _turn(paragraph: Paragraph, words: Words) -> None:
    """Right to left for the whole paragraph; without it word processors guess."""
    if words.direction == "rtl":
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def _run(paragraph: Paragraph, words: Words, *, bold: bool = False) -> Any:
    run = paragraph.add_run(words.text)
    run.bold = bold or None
    properties = run._r.get_or_add_rPr()
    language = OxmlElement("w:lang")
    is_rtl = text_direction(words.text) == "rtl"
    if words.language:
        language.set(qn("w:bidi" if is_rtl else "w:val"), words.language)
    if is_rtl:
        properties.append(OxmlElement("w:rtl"))
    if words.language:
        properties.append(language)
    return run
