"""Texts and their translations as a spreadsheet or a PO file, for translators who work elsewhere."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from forms.base import clean_text
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.spreadsheet import Cell, SheetProblem, WrongWorkbook, read_workbook, write_workbook

SHEET = "texts"
LARGEST_PO = 2_000_000
_REV = re.compile(r"\brev: ([0-9]{1,9}-[0-9a-f]{16})\b", re.ASCII)
COLUMNS = ("unit", "source", "text", "state", "translated_by", "read_by", "rev", "source_digest")


@dataclass(frozen=True)
class FileText:
    """One text in a file. `number` is its row or line; `is_confirmed`: the file says that it is right."""

    number: int
    unit: str
    source: str
    text: str
    translated_by: str = ""
    read_by: str = ""
    rev: str = ""
    is_confirmed: bool = False


@dataclass(frozen=True)
class OutText:
    """One text on its way out. `source_before`: the words it was made from, where they are others now."""

    unit: str
    source: str
    text: str
    state: str
    translated_by: str
    read_by: str
    rev: str
    source_before: str | None = None


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def write_sheet(texts: Iterable[OutText], source_language: str, language: str) -> bytes:
    """One row for each text. Translators fill the column of their language."""
    headings: dict[str, Cell] = {
        "source": f"source: {LANGUAGES[source_language].own_name} ({source_language})",
        "text": f"text: {LANGUAGES[language].own_name} ({language})",
    }
    rows: list[list[Cell]] = [[headings.get(name, name) for name in COLUMNS]]
    for each in texts:
        people: list[Cell] = [each.translated_by, each.read_by, each.rev, digest(each.source)]
        rows.append([each.unit, each.source, each.text, each.state, *people])
    return write_workbook({SHEET: rows})


def read_sheet(data: bytes, language: str) -> list[FileText]:
    """Raises WrongWorkbook with the rows that cannot be right."""
    grids = read_workbook(data)
    grid = grids.get(SHEET) or next(iter(grids.values()), [])
    places = _places(grid[0] if grid else [], language)
    texts, problems = [], []
    for number, row in enumerate(grid[1:], start=2):
        cells = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        if not cells.get("text"):
            continue
        if (kept := cells.get("source_digest")) and digest(cells["source"]) != kept:
            message = _("The source of this text was changed in the file. Change the translation only.")
            problems.append(SheetProblem(SHEET, number, message))
            continue
        texts.append(
            FileText(
                number,
                cells["unit"],
                cells["source"],
                cells["text"],
                cells.get("translated_by", ""),
                cells.get("read_by", ""),
                cells.get("rev", ""),
            )
        )
    if problems:
        raise WrongWorkbook(problems)
    return texts


def _places(heading: Sequence[str], language: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, words in enumerate(heading):
        name = words.partition(":")[0].strip().lower()
        if name in COLUMNS:
            places.setdefault(name, at)
    if not {"unit", "source", "text"} <= places.keys():
        message = _("The first row must name the columns “unit”, “source” and “text”.")
        raise WrongWorkbook([SheetProblem(SHEET, 1, message)])
    said = heading[places["text"]]
    if "(" in said and f"({language})" not in said:
        message = _("This file is for another language: “%(name)s”.", name=said[:60])
        raise WrongWorkbook([SheetProblem(SHEET, 1, message)])
    return places


def write_po_file(texts: Iterable[OutText], language: str, project: str) -> bytes:
    """The id of a text is its context; what is not read by a second person is marked fuzzy."""
    catalog = Catalog(project=project, version="1", charset="utf-8", fuzzy=False)
    for each in texts:
        notes = [f"rev: {each.rev}", f"state: {each.state}"]
        notes += [f"translated by: {each.translated_by}"] if each.translated_by else []
        notes += [f"read by: {each.read_by}"] if each.read_by else []
        catalog.add(
            each.source,
            each.text,
            context=each.unit,
            flags=["fuzzy"] if each.text and each.state != "reviewed" else [],
            auto_comments=notes,
            previous_id=each.source_before or (),
        )
    catalog.mime_headers = [
        ("Language", language),
        ("Content-Type", "text/plain; charset=utf-8"),
    ]
    written = io.BytesIO()
    write_po(written, catalog, width=0, include_previous=True)
    return written.getvalue()


def read_po_file(data: bytes, language: str) -> list[FileText]:
    """Raises WrongWorkbook, in the same words as for a spreadsheet."""
    if len(data) > LARGEST_PO:
        limit = f"{LARGEST_PO:,}"
        raise _wrong(_("This file is too large. The most is %(limit)s bytes.", limit=limit))
    try:
        catalog = read_po(io.BytesIO(data), ignore_obsolete=True, abort_invalid=True)
        said = dict(catalog.mime_headers).get("Language", "")
    except (PoFileError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise _wrong(_("This file cannot be read as a PO file. Save it again and send it.")) from error
    if said and said.replace("_", "-").lower() != language.lower() and said in LANGUAGES:
        raise _wrong(_("This file is for another language: “%(name)s”.", name=said[:60]))
    texts = []
    for message in catalog:
        if not isinstance(message.id, str) or not isinstance(message.string, str):
            continue
        text = clean_text(message.string)[0].strip()
        source = message.id.replace("\0", "")
        if not source or not text:
            continue
        rev = _REV.search("\n".join(message.auto_comments))
        texts.append(
            FileText(
                message.lineno or 0,
                message.context or "",
                source,
                text,
                rev=rev.group(1) if rev else "",
                is_confirmed=not message.fuzzy,
            )
        )
    return texts


def _wrong(message: str) -> WrongWorkbook:
    return WrongWorkbook([SheetProblem("", 0, message)])
