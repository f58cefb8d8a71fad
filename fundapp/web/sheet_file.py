"""Tables as files for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response

DANGEROUS_FIRST = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would read the cell as a formula


def sheet_file(name: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Response:
    """A CSV file that spreadsheets read in every language and never as formulas."""
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(columns)
    for row in rows:
        sheet.writerow([_cell(value) for value in row])
    return Response(
        "\ufeff" + written.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    written = "" if value is None else str(value)
    if isinstance(value, int | Decimal):
        return written  # a number below zero begins with a minus and is no formula
    return f"'{written}" if written.startswith(DANGEROUS_FIRST) else written
