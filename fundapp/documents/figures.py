"""The published figures of a call as one table: for each number its part, its row and its name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fundapp.db import Json

HEAD = ("part", "row", "name", "value")


def figures_as_csv(content: Json) -> str:
    """What is not known or not shown stays empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for part, found in content.items():
        if isinstance(found, list):
            for row in found:
                writer.writerows(_of_row(part, row))
        elif isinstance(found, dict):
            writer.writerows((part, "", name, _cell(value)) for name, value in found.items())
        else:
            writer.writerow((part, "", "", _cell(found)))
    return out.getvalue()


def _of_row(part: str, row: Json) -> Iterator[tuple[str, str, str, str]]:
    """A row is known by its key; a ring-fence has a kind too, which is not a name of it."""
    known = ("key",) if "key" in row else ("round", "kind")
    name = " ".join(str(row[each]) for each in known)
    return ((part, name, column, _cell(value)) for column, value in row.items() if column not in known)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
