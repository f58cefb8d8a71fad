"""Everything we hold about one person, found by the links of the tables: a new table is found by itself.

Secrets (digests, sealed texts) say nothing about anybody and stay out. Other people stay out too: who else
did something, and names and addresses in rows that this person only made.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import Base, Json, db
from fundapp.models.event import Event
from fundapp.models.invitation import Invitation
from fundapp.models.user import User

ABOUT = ("user_id", "recipient_id", "accepted_by_id")  # the row is about the person; others were made by them
FOLLOWED = ("panel_seat", "review_assignment", "review")  # what hangs on these is the person's too
SECRET = re.compile(r"(?:^|_)(?:digest|hash|secret|salt|sealed)$|^totp_")
OF_OTHERS = ("email", "name", "phone", "address", "holder")
SOMEBODY = "another person"
SIGN_INS = ("user_session", "sign_in_code")
OF_EVERYBODY = (
    "user",
    "contact_rule",
    "calendar_feed",
    "fund_role",
    "organisation_member",
    "api_key",
    "webhook",
)


def find_person(named: str) -> User | None:
    """By address, or by the number that an earlier erasing gave: a backup brings the address back."""
    with contextlib.suppress(ValueError):
        return db.session.get(User, UUID(named))
    query = sa.select(User).where(User.email == named.strip().lower())
    return db.session.execute(query).scalar_one_or_none()


def data_of(person: User) -> Json:
    """Rows by table. `events` are entries of the record of who did what."""
    about, done = {"user": _own(person)}, dict[str, list[Json]]()
    for table, column in columns_to("user"):
        rows = _rows(table, column, [person.id])
        is_about = column.name in ABOUT
        told = [_plain(table, row, person, () if is_about else OF_OTHERS) for row in rows]
        if person.is_staff and not is_about:  # done for the fund: the words belong to groups
            told = [{name: row[name] for name in ("id", "created_at") if name in row} for row in told]
        if told:
            (about if is_about else done).setdefault(table.name, []).extend(told)
        if rows and is_about and table.name in FOLLOWED:
            _follow(table, rows, about, person)
    invited = _rows(Invitation.__table__, Invitation.__table__.c.email, [person.email])
    about["invitation_to_you"] = [_plain(Invitation.__table__, row, person, ()) for row in invited]
    return {"about_you": about, "done_by_you": done, "events": list(_events(person))}


def data_for_page(person: User) -> Json:
    """Without sign-ins, which change by looking, and without what somebody did for a fund: a tie declared
    since would be walked around. The fund's command gives all of it.
    """
    whole = data_of(person)
    about = {name: rows for name, rows in whole["about_you"].items() if name not in SIGN_INS}
    seats = [name for name in FOLLOWED if name in about]
    if not person.is_staff and not seats:
        return whole | {"about_you": about}
    return {"about_you": {name: rows for name, rows in about.items() if name in OF_EVERYBODY}}


def _own(person: User) -> list[Json]:
    table = User.__table__
    return [_plain(table, row, person, ()) for row in _rows(table, table.c.id, [person.id])]


def columns_to(name: str) -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Every column that points to the rows of this table, in a fixed order."""
    return [
        (table, column)
        for table in sorted(Base.metadata.tables.values(), key=lambda each: each.name)
        for column in table.columns
        if any(key.column.table.name == name for key in column.foreign_keys)
    ]


def _rows(table: sa.FromClause, column: Any, values: Collection[object]) -> list[Any]:
    query = sa.select(table).where(column.in_(values)).order_by(*table.primary_key)
    return list(db.session.execute(query))


def _follow(table: sa.Table, rows: list[Any], about: dict[str, list[Json]], person: User) -> None:
    ids = [row.id for row in rows]
    for child, column in columns_to(table.name):
        found = _rows(child, column, ids)
        if found:
            about.setdefault(child.name, []).extend(_plain(child, row, person, OF_OTHERS) for row in found)
            if child.name in FOLLOWED:
                _follow(child, found, about, person)


def _plain(table: sa.FromClause, row: Any, person: User, hidden: Collection[str]) -> Json:
    shown: Json = {}
    for column in table.columns:
        value = row._mapping[column]
        if SECRET.search(column.name) or isinstance(value, bytes | memoryview):
            continue
        is_person = any(key.column.table.name == "user" for key in column.foreign_keys)
        if value is not None and ((is_person and value != person.id) or column.name in hidden):
            value = SOMEBODY
        shown[column.name] = _as_json(value)
    return shown


def _as_json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, UUID | date | Decimal):
        return str(value)
    return value


def _events(person: User) -> Iterator[Json]:
    """What the person did, and what was done to their account."""
    query = sa.select(Event).where(sa.or_(Event.actor_id == person.id, Event.subject_id == person.id))
    for event in db.session.execute(query.order_by(Event.number)).scalars():
        yield {
            "at": event.at.isoformat(timespec="seconds"),
            "step": event.step,
            "what": event.subject_kind,
            "reason": event.reason if event.actor_id == person.id else None,
        }
