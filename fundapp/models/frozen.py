"""What a call says and its dates never change once it is published: the database refuses it.

Triggers, because a constraint sees one state of a row and not what it was before. SQLite replaces rows
without asking the triggers of deletion, so what takes the place of a frozen row is refused too. Migrations
make the same triggers in an installation; a test compares the two. On SQLite a migration that builds one of
these tables anew has to make its triggers again, and for `call_version` to drop those of `round` first.
"""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.db import Base

DATES = (
    "opens_at, eoi_closes_at, full_closes_at, scoring_opens_at, scoring_closes_at, panel_meets_at, told_at, "
    "grace_minutes"
)
_IS_FROZEN = "EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND {})"
_VERSION_TAKEN = _IS_FROZEN.format("(id = NEW.id OR call_id = NEW.call_id)")
_ROUND_OLD = _IS_FROZEN.format("call_id = OLD.call_id")
_ROUND_NEW = _IS_FROZEN.format(
    "call_id IN (NEW.call_id, (SELECT call_id FROM round WHERE round.id = NEW.id))"
)
_MOVED = "OLD.call_version_id <> NEW.call_version_id"

# table, moment, when it is refused
REFUSED = (
    ("call_version", "INSERT", _VERSION_TAKEN),
    ("call_version", "UPDATE", f"OLD.frozen_at IS NOT NULL OR {_VERSION_TAKEN}"),
    ("call_version", "DELETE", "OLD.frozen_at IS NOT NULL"),
    ("round", "INSERT", _ROUND_NEW),
    ("round", f"UPDATE OF id, call_id, code, {DATES}", f"{_ROUND_OLD} OR {_ROUND_NEW}"),
    ("round", "DELETE", _ROUND_OLD),
    ("application", "UPDATE OF call_version_id", _MOVED),
)
EMPTIED = ("call_version", "round")  # PostgreSQL can empty a table without looking at its rows


def _name(table: str, moment: str) -> str:
    return f"{table}_frozen_{moment.split()[0].lower()}"


def _on_sqlite(table: str, moment: str, refused: str) -> str:
    return (
        f"CREATE TRIGGER {_name(table, moment)} BEFORE {moment} ON {table} WHEN {refused} "
        "BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END"
    )


def _on_postgresql(table: str, moment: str, refused: str) -> tuple[str, str]:
    name = _name(table, moment)
    return (
        _function(name, refused, "OLD" if moment == "DELETE" else "NEW"),
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _never_emptied(table: str) -> tuple[str, str]:
    name = f"{table}_frozen_truncate"
    return (
        _function(name, _IS_FROZEN.format("true"), "NULL"),
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )


def _function(name: str, refused: str, goes_on_with: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {refused} THEN "
        "RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {goes_on_with}; END $$"
    )


def statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [_on_sqlite(*each) for each in REFUSED]
    made = [_on_postgresql(*each) for each in REFUSED] + [_never_emptied(table) for table in EMPTIED]
    return [statement for pair in made for statement in pair]


@sa.event.listens_for(Base.metadata, "after_create")
def _make(
    _metadata: sa.MetaData, connection: sa.Connection, *, tables: list[sa.Table], **_more: object
) -> None:
    for statement in statements(connection.dialect.name) if tables else ():
        connection.exec_driver_sql(statement)
