"""Minutes that stood beside an application are counted, and the column is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from fundapp.migrate import migrate
from tests.database.test_migrations import VERSIONS, engine, url_of  # noqa: F401 - the fixture

TABLES = ("fund", "call", "call_version", "round", "organisation", "application")
PARENTS = {"fund_id": "fund", "call_id": "call", "call_version_id": "call_version", "round_id": "round"}
START = datetime(2027, 1, 1, tzinfo=UTC)


def _filled(table: sa.Table, ids: dict[str, UUID], **given: Any) -> dict[str, Any]:
    """A row with something dull in every column that needs something."""
    row: dict[str, Any] = {}
    for place, column in enumerate(table.columns):
        if column.name in given:
            row[column.name] = given[column.name]
        elif column.name in PARENTS:
            row[column.name] = ids[PARENTS[column.name]]
        elif not column.nullable:
            row[column.name] = _dull(column, place)
    native = table.c.id.type.python_type is UUID
    return {key: value if native or not isinstance(value, UUID) else value.hex for key, value in row.items()}


def _dull(column: sa.Column[Any], place: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.DateTime | sa.TIMESTAMP):
        return START.replace(month=1 + place % 12)
    if isinstance(kind, sa.Boolean):
        return False
    return 1 if isinstance(kind, sa.Integer) else uuid4().hex[:8]


def test_minutes_are_counted_without_their_application(engine: sa.Engine):  # noqa: F811
    tallies, *_newer = sorted(VERSIONS.glob("*_tallies.py"))
    number = int(tallies.name[:4])
    migrate(url_of(engine), revision=f"{number - 1:04}")
    meta = sa.MetaData()
    meta.reflect(engine, only=TABLES)
    ids = {name: uuid4() for name in TABLES}
    status = {"call": "open", "application": "draft"}
    with engine.begin() as connection:
        for name in TABLES[:-2]:
            table = meta.tables[name]
            given = {"id": ids[name]} | ({"status": status[name]} if name in status else {})
            connection.execute(sa.insert(table).values(**_filled(table, ids, **given)))
        for minutes in (95, 120, 9_000, None):
            for name in TABLES[-2:]:
                table, row_id = meta.tables[name], uuid4()
                given = {"id": row_id}
                if name == "application":
                    given |= {"organisation_id": ids["organisation"], "status": "draft", "stage": "eoi"}
                    given["minutes_taken"] = minutes
                connection.execute(sa.insert(table).values(**_filled(table, ids, **given)))
                ids[name] = row_id

    migrate(url_of(engine), revision=f"{number:04}")

    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT stage, topic, choice, number FROM tally ORDER BY choice"))
        assert [tuple(row) for row in rows] == [("eoi", "minutes", "120", 2), ("eoi", "minutes", "more", 1)]
    columns = {column["name"] for column in sa.inspect(engine).get_columns("application")}
    assert "minutes_taken" not in columns
