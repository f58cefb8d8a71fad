"""The 360Giving file as a table: one row for each grant, the titles of the standard, nothing that it lacks.

The standard's own tool (flattentool) makes the same JSON of it again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from forms.spreadsheet import DANGEROUS_FIRST, write_workbook
from fundapp.db import Json

_PLACES: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    ("Identifier", ("id",)),
    ("Title", ("title",)),
    ("Description", ("description",)),
    ("Currency", ("currency",)),
    ("Amount Applied For", ("amountAppliedFor",)),
    ("Amount Awarded", ("amountAwarded",)),
    ("Award Date", ("awardDate",)),
    ("Planned Dates:Start Date", ("plannedDates", 0, "startDate")),
    ("Planned Dates:End Date", ("plannedDates", 0, "endDate")),
    ("Planned Dates:Duration (months)", ("plannedDates", 0, "duration")),
    ("Recipient Org:Identifier", ("recipientOrganization", 0, "id")),
    ("Recipient Org:Name", ("recipientOrganization", 0, "name")),
    ("Recipient Org:Charity Number", ("recipientOrganization", 0, "charityNumber")),
    ("Recipient Org:Company Number", ("recipientOrganization", 0, "companyNumber")),
    ("Beneficiary Location:Name", ("beneficiaryLocation", 0, "name")),
    ("Beneficiary Location:Geographic Code", ("beneficiaryLocation", 0, "geoCode")),
    ("Beneficiary Location:Geographic Code Type", ("beneficiaryLocation", 0, "geoCodeType")),
    ("Beneficiary Location:Country Code", ("beneficiaryLocation", 0, "countryCode")),
    ("Funding Org:Identifier", ("fundingOrganization", 0, "id")),
    ("Funding Org:Name", ("fundingOrganization", 0, "name")),
    ("Grant Programme:Code", ("grantProgramme", 0, "code")),
    ("Grant Programme:Title", ("grantProgramme", 0, "title")),
    ("From An Open Call?", ("fromOpenCall",)),
    ("Last Modified", ("dateModified",)),
    ("DEI Details:DEI Data Standard Version", ("deiDetails", "deiVersion")),
    *(
        (f"DEI Details:{title}:{name}", ("deiDetails", area, *path))
        for title, area in (("Leadership", "leadership"), ("Mission", "mission"), ("Project", "project"))
        for name, path in (
            ("Asked Status", ("askedStatus",)),
            ("Reply Status", ("replyStatus",)),
            ("Available Options", ("availableOptions",)),
            ("DEI Response:Taxonomy Codes", ("response", "taxonomyCodes")),
        )
    ),
)
_ABOUT = (
    ("Version", ("version",)),
    ("Extensions", ("extensions",)),
    ("Title", ("title",)),
    ("Description", ("description",)),
    ("Issued", ("issued",)),
    ("Modified", ("modified",)),
    ("Identifier", ("identifier",)),
    ("Publisher:Identifier", ("publisher", "identifier")),
    ("Publisher:Name", ("publisher", "name")),
    ("Download URL", ("downloadURL",)),
    ("Access URL", ("accessURL",)),
    ("License", ("license",)),
)


class NotInTheTable(ValueError):
    """A field of the file for which the table has no column: it would be lost in silence."""


def grants_as_csv(package: Json) -> str:
    """Without the facts about the whole file, which this format cannot carry.

    A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    for place, row in enumerate(_rows(package["grants"])):
        sheet.writerow(row if place == 0 else [_harmless(cell) for cell in row])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS_FIRST) else cell


def grants_as_workbook(package: Json) -> bytes:
    """With the sheet `Meta`, as the standard names it."""
    about = [[title, found] for title, path in _ABOUT if (found := _cell(package, path))]
    return write_workbook({"grants": list(_rows(package["grants"])), "Meta": about})


def _rows(grants: Sequence[Json]) -> Iterator[list[str]]:
    """Columns that no grant fills are left out."""
    for grant in grants:
        _check_columns(grant)
    used = [(title, path) for title, path in _PLACES if any(_cell(grant, path) for grant in grants)]
    yield [title for title, _path in used]
    for grant in grants:
        yield [_cell(grant, path) for _title, path in used]


def _check_columns(grant: Json) -> None:
    known = {path for _title, path in _PLACES}
    if unknown := [path for path in _leaves(grant, ()) if path not in known]:
        raise NotInTheTable(str(unknown))


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """A list of texts is one cell."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, (*path, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, each in enumerate(value):
            yield from _leaves(each, (*path, number))
    else:
        yield path


def _cell(value: Any, path: Sequence[str | int]) -> str:
    for step in path:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            value = (value or {}).get(step)
        if value is None:
            return ""
    return ";".join(value) if isinstance(value, list) else str(value)
