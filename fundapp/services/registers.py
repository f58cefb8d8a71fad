"""Bringing in a register from a file that anybody can download; nothing is asked of anybody outside."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import uuid4

import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import FundError
from fundapp.models.register import RegisterEntry
from fundapp.queries.register_numbers import RegisterNumber, as_number
from fundapp.services.events import record

AT_ONCE = 1_000
# How files of registers name the columns; the first one that a file has counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "registered_charity_number", "company_number", "companynumber", "charity number"),
    "name": ("name", "charity_name", "company_name", "companyname", "charity name"),
    "status": ("status", "charity_registration_status", "company_status", "companystatus", "charity status"),
    "date": ("date", "date_of_removal", "dissolutiondate", "ceased date", "date_of_registration"),
}
REGISTERED_ON = ("date_of_registration", "incorporationdate", "registered date")
LINKED = "linked_charity_number"  # a part of another charity: it has no number of its own
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y")


class NotARegister(FundError):
    """The file has no columns for number, name and status."""

    code = "not_a_register"


@dataclass(frozen=True)
class Brought:
    lines: int
    left_out: int


def import_register(lines: Iterable[str], *, register: str, file_of: date, now: datetime) -> Brought:
    """The whole register anew: what is not in the file is gone. Raises NotARegister, and keeps the old one.

    Only number, name, status and its day are kept. No trustees: some names are hidden by law, for safety.
    """
    reader = csv.DictReader(_without_mark(lines), dialect=csv.excel)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    found = {
        key: next((names[each] for each in known if each in names), "") for key, known in COLUMNS.items()
    }
    if not (found["number"] and found["name"] and found["status"]):
        raise NotARegister("The file needs columns for number, name and status.")
    db.session.execute(sa.delete(RegisterEntry).where(RegisterEntry.register == register))
    seen: set[str] = set()
    left_out = 0
    while some := list(islice(reader, AT_ONCE)):
        rows = []
        for line in some:
            number = _number(line.get(found["number"]) or "", register)
            if number is None or number in seen or (line.get(names.get(LINKED, "")) or "0") != "0":
                left_out += 1
                continue
            seen.add(number)
            rows.append(
                {
                    "id": uuid4(),
                    "created_at": now,
                    "register": register,
                    "number": number,
                    "name": (line.get(found["name"]) or "").replace("\x00", "").strip()[:300],
                    "status": (line.get(found["status"]) or "").replace("\x00", "").strip()[:60],
                    "status_on": _day(line, found["date"], names),
                    "file_of": file_of,
                }
            )
        if rows:
            db.session.execute(sa.insert(RegisterEntry), rows)
    if not seen:
        raise NotARegister("The file has no line with a number.")
    db.session.flush()
    first = sa.select(RegisterEntry).where(RegisterEntry.register == register).limit(1)
    details = {"register": register, "lines": len(seen), "file_of": file_of.isoformat()}
    record(db.session.execute(first).scalar_one(), "import_register", actor=None, now=now, details=details)
    return Brought(len(seen), left_out)


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if number == 0 else line


def _number(written: str, register: str) -> str | None:
    number = as_number(written)
    return RegisterNumber(register, number).in_register or None if number else None


def _day(line: Mapping[str, str | None], column: str, names: Mapping[str, str]) -> date | None:
    """Of the last change: when it was taken off, or when it was put on."""
    others = [names[each] for each in REGISTERED_ON if each in names]
    for name in (column, *others):
        written = (line.get(name) or "").strip()[:11]
        for form in DAYS:
            try:
                return datetime.strptime(written if form == DAYS[2] else written[:10], form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
    return None
