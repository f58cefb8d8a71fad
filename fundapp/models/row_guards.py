"""What the database itself refuses, whoever asks: triggers, the same on both engines.

Migrations make the same triggers in an installation; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from fundapp.db import Base

# name of the trigger: table, moment (as in "UPDATE OF reason"), when it is refused
Guards = Mapping[str, tuple[str, str, str]]


def guard_rows(guards: Guards) -> None:
    """Makes the triggers wherever tables are made without migrations, as in tests."""

    @sa.event.listens_for(Base.metadata, "after_create")
    def make(
        _target: sa.MetaData, connection: sa.Connection, tables: Sequence[sa.Table], **_: object
    ) -> None:
        made = {table.name for table in tables}
        for name, guard in guards.items():
            if guard[0] in made:
                for statement in statements(name, *guard, dialect=connection.dialect.name):
                    connection.exec_driver_sql(statement)


def statements(name: str, table: str, moment: str, refused: str, *, dialect: str) -> Sequence[str]:
    """What makes one trigger."""
    if dialect == "sqlite":
        refused = refused.replace(" IS DISTINCT FROM ", " IS NOT ")
        return [
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    row = "OLD" if moment == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
