"""Workbooks (.xlsx) as plain grids of text: what is written is never a formula, what is read is never run."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from forms.base import clean_text
from forms.i18n import _

LARGEST_FILE = 2_000_000  # bytes as sent
LARGEST_UNPACKED = 40_000_000  # bytes of all its parts together
MOST_ROWS = 10_000
MOST_COLUMNS = 200
MOST_SHEETS = 20
CELL_LIMIT = 32_767  # characters, of the format
DANGEROUS_FIRST = ("=", "+", "-", "@")
WIDE = 40
DAMAGED = (
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError),
    *(zlib.error, lzma.LZMAError),
)

Cell = str | int
Grid = list[list[str]]
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what the format would read as a code of a character
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
_UNESCAPED = re.compile(r"_x005[Ff]_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class SheetProblem:
    """Something to mend, with its place; `row` as the spreadsheet counts, 0 is the whole sheet or file."""

    sheet: str
    row: int
    message: str

    @property
    def words(self) -> str:
        if not self.sheet:
            return str(self.message)
        if not self.row:
            return str(_("Sheet “%(sheet)s”: %(say)s", sheet=self.sheet, say=self.message))
        return str(
            _(
                "Sheet “%(sheet)s”, row %(row)s: %(say)s",
                sheet=self.sheet,
                row=self.row,
                say=self.message,
            )
        )


class WrongWorkbook(ValueError):
    """Everything that is wrong with a workbook, at once."""

    def __init__(self, problems: Sequence[SheetProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.words for problem in self.problems))


def write_workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """One sheet for each name; the first row is the heading."""
    workbook = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number in range(1, max((len(row) for row in rows), default=0) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDE
        for place, row in enumerate(rows):
            sheet.append([_cell(sheet, value, is_heading=place == 0) for value in row])
    written = io.BytesIO()
    workbook.save(written)
    return _without_time(written.getvalue())


def _without_time(data: bytes) -> bytes:
    """The same content is the same file, whenever and by whomever it is asked for."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as now,
    ):
        for part in before.infolist():
            content = before.read(part)
            if part.filename == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            now.writestr(zipfile.ZipInfo(part.filename), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _cell(sheet: Any, value: Cell, *, is_heading: bool) -> Any:
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, "")
    cell.value = _ESCAPED.sub("_x005F_", _NO_CHARACTERS.sub("", value)[:CELL_LIMIT]) or None
    if value:
        cell.data_type = "s"  # also where it begins with "=": a text stays a text
    if value.startswith(DANGEROUS_FIRST):
        cell.quotePrefix = True  # … and when somebody opens the cell and closes it again
    cell.font = Font(bold=is_heading)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def read_workbook(data: bytes) -> dict[str, Grid]:
    """Its sheets by name, each cell as text, without empty rows at the end. Raises WrongWorkbook."""
    _check_file(data)
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        return _grids_of(workbook)
    except WrongWorkbook:
        raise
    except Exception as error:  # the library raises whatever its parsers meet
        raise _wrong_file(_("This file cannot be read as a spreadsheet. Save it again as .xlsx.")) from error


def _check_file(data: bytes) -> None:
    if len(data) > LARGEST_FILE:
        limit = f"{LARGEST_FILE:,}"
        raise _wrong_file(_("This file is too large. The most is %(limit)s bytes.", limit=limit))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_parts(packed)
    except DAMAGED as error:
        if isinstance(error, WrongWorkbook):
            raise
        raise _wrong_file(_("This is not a spreadsheet. Save it as .xlsx and send it again.")) from error


def _check_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    names = [part.filename.lower() for part in parts]
    if any(word in name for name in names for word in ("vbaproject", "macrosheets", "activex")):
        raise _wrong_file(_("This spreadsheet contains macros. Save it as .xlsx without them."))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise _wrong_file(_("This file holds more than a form can. Take away what does not belong to it."))
    left = LARGEST_UNPACKED
    for part in parts:
        with packed.open(part) as opened:
            content = opened.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _wrong_file(
                _("This file holds more than a form can. Take away what does not belong to it.")
            )
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _wrong_file(_("This file cannot be read as a spreadsheet. Save it again as .xlsx."))
        if part.filename == "[Content_Types].xml" and b"macroEnabled" in content:
            raise _wrong_file(_("This spreadsheet contains macros. Save it as .xlsx without them."))


def _grids_of(workbook: Any) -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    problems: list[SheetProblem] = []
    if len(workbook.worksheets) > MOST_SHEETS:
        message = _("There are too many sheets in this file. The most is %(n)s.", n=MOST_SHEETS)
        raise _wrong_file(message)
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
        grid: Grid = []
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
        for number, row in enumerate(rows, start=1):
            grid.append(_texts_of(row, sheet.title, number, problems))
        while grid and not any(grid[-1]):
            grid.pop()
        if len(grid) > MOST_ROWS:
            message = _("There are too many rows. The most is %(n)s.", n=MOST_ROWS)
            problems.append(SheetProblem(sheet.title, 0, message))
        grids[sheet.title] = grid
    if problems:
        raise WrongWorkbook(problems)
    return grids


def _texts_of(row: Sequence[Any], sheet: str, number: int, problems: list[SheetProblem]) -> list[str]:
    texts = []
    for cell in row:
        kind = getattr(cell, "data_type", "n")
        if kind in ("f", "e"):
            message = _("There is a formula in this row. Write the text or the number itself.")
            problems.append(SheetProblem(sheet, number, message))
        texts.append("" if kind in ("f", "e") else _text_of(cell.value))
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text_of(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean_text(_UNESCAPED.sub("_", str(value)))[0].strip()


def _wrong_file(message: str) -> WrongWorkbook:
    return WrongWorkbook([SheetProblem("", 0, message)])
