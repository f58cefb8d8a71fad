"""The rows of one sheet by the names of its columns; what we do not know is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forms.i18n import _
from forms.languages import is_language_code
from forms.localized import LocalizedText
from forms.spreadsheet import Grid, SheetProblem
from forms.xlsform.sheets import FORM_LANGUAGE_EXAMPLE, PLAIN_OF, TEXTS_OF

LONGEST_TEXT = 5_000
_IN_BRACKETS = re.compile(r"\(([A-Za-z0-9-]{2,20})\)\s*$", re.ASCII)


@dataclass(frozen=True)
class SheetRow:
    sheet: str
    number: int
    plain: dict[str, str]
    texts: dict[str, dict[str, str]]

    def __getitem__(self, name: str) -> str:
        return self.plain.get(name, "")

    def text(self, name: str, languages: Sequence[str]) -> LocalizedText | None:
        found = self.texts.get(name, {})
        ordered = {code: found[code] for code in languages if code in found}
        return LocalizedText.of(ordered) if ordered else None


@dataclass
class Table:
    """`languages` are those of its columns, in their order, also where every cell is empty."""

    rows: list[SheetRow] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


Column = tuple[str, str | None]  # name, and the language of a text


def read_table(sheet: str, grid: Grid, default: str, problems: list[SheetProblem]) -> Table:
    """`default`: the language of a text column that names none."""
    table = Table()
    if not grid:
        return table
    columns = [_column(sheet, heading, default) for heading in grid[0]]
    _refuse_repeated(sheet, columns, problems)
    unknown: set[int] = set()
    for name in TEXTS_OF[sheet]:
        for column in columns:
            if column is not None and column[0] == name and column[1] and column[1] not in table.languages:
                table.languages.append(column[1])
    for number, cells in enumerate(grid[1:], start=2):
        if not any(cells):
            continue
        row = SheetRow(sheet, number, {}, {})
        for place, cell in enumerate(cells):
            if cell:
                _put(row, place, cell, columns, grid[0], unknown, problems)
        table.rows.append(row)
    return table


def _column(sheet: str, heading: str, default: str) -> Column | None:
    """None for a column that has no place in our forms."""
    name, colons, language = (part.strip() for part in heading.partition("::"))
    if not colons:
        name, _colon, language = (part.strip() for part in heading.partition(":"))
    name = name.lower()
    if name in PLAIN_OF[sheet] and not language:
        return name, None
    if name not in TEXTS_OF[sheet]:
        return None
    code = language_in(language) if language else default
    return (name, code) if code else None


def language_in(words: str) -> str | None:
    """The code of ours in "العربية (ar)" or "ar"; None when there is none."""
    found = _IN_BRACKETS.search(words)
    code = found.group(1) if found else words.strip()
    return code if is_language_code(code) else None


def _refuse_repeated(sheet: str, columns: Sequence[Column | None], problems: list[SheetProblem]) -> None:
    known = [column for column in columns if column is not None]
    for name, language in {column for column in known if known.count(column) > 1}:
        shown = f"{name} ({language})" if language else name
        problems.append(SheetProblem(sheet, 1, _("The column “%(name)s” is there twice.", name=shown)))


def _put(
    row: SheetRow,
    place: int,
    cell: str,
    columns: Sequence[Column | None],
    headings: Sequence[str],
    unknown: set[int],
    problems: list[SheetProblem],
) -> None:
    column = columns[place] if place < len(columns) else None
    if column is None:
        if place not in unknown:  # said once, at the first row that uses it
            unknown.add(place)
            heading = headings[place] if place < len(headings) else ""
            problems.append(SheetProblem(row.sheet, row.number, _unknown_column(heading, row.sheet)))
        return
    name, language = column
    if language is None:
        row.plain[name] = cell
    elif len(cell) > LONGEST_TEXT:
        message = _("Write at most %(limit)s characters here.", limit=f"{LONGEST_TEXT:,}")
        problems.append(SheetProblem(row.sheet, row.number, message))
    else:
        row.texts.setdefault(name, {})[language] = cell


def _unknown_column(heading: str, sheet: str) -> str:
    name = heading.partition(":")[0].strip().lower()
    if name in TEXTS_OF[sheet]:
        return _(
            "The column “%(name)s” does not say its language. Name it like this: %(example)s.",
            name=heading[:60],
            example=FORM_LANGUAGE_EXAMPLE.replace("label", name),
        )
    return _(
        "The column “%(name)s” has no place in our forms. Empty it or take it away.", name=heading[:60] or "…"
    )
