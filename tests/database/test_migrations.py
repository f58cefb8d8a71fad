"""Migrations: one straight line, there and back on both engines, and the same tables as the models."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

import fundapp.models  # noqa: F401 - fills the metadata
import migrations
from fundapp.db import Base, prepare_engine
from fundapp.migrate import alembic_config, migrate, newest_revision
from fundapp.services.events import FIRST_DIGEST
from tests.engines import POSTGRESQL, SQLITE, fresh_database

VERSIONS = Path(next(iter(migrations.__path__))) / "versions"


@pytest.fixture
def engine(engine_name: str, worker_id: str) -> Iterator[sa.Engine]:
    """An empty database of this test's own."""
    with fresh_database(engine_name, f"fundapp_migrations_{worker_id}") as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        prepare_engine(engine)
        yield engine


@pytest.fixture
def models_engine(engine_name: str, worker_id: str) -> Iterator[sa.Engine]:
    """A database whose tables were made from the models."""
    with fresh_database(engine_name, f"fundapp_models_{worker_id}") as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        Base.metadata.create_all(engine)
        yield engine


def url_of(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def tables_of(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    """All that the database itself knows about its tables, without order."""
    inspector = sa.inspect(engine)
    columns, primary = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    foreign, unique = inspector.get_multi_foreign_keys(), inspector.get_multi_unique_constraints()
    indexes, checks = inspector.get_multi_indexes(), inspector.get_multi_check_constraints()
    return {
        place[1]: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in columns[place]
            },
            "primary key": primary[place]["constrained_columns"],
            "foreign keys": {
                (
                    str(key["name"]),
                    *key["constrained_columns"],
                    key["referred_table"],
                    *key["referred_columns"],
                    str(key.get("options")),
                )
                for key in foreign[place]
            },
            "unique": {(str(each["name"]), *each["column_names"]) for each in unique[place]},
            "indexes": {
                (str(index["name"]), bool(index["unique"]), *map(str, index["column_names"]))
                for index in indexes[place]
            },
            "checks": {
                (str(check["name"]), re.sub(r"\s+", " ", check["sqltext"])) for check in checks[place]
            },
        }
        for place in columns
        if place[1] != "alembic_version"
    }


def triggers_of(engine: sa.Engine) -> dict[str, str]:
    """What the database refuses or does by itself, word for word."""
    query = {
        SQLITE: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        POSTGRESQL: "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) || prosrc FROM pg_trigger "
        "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return {each[0]: each[1] for each in connection.exec_driver_sql(query)}


def test_migrations_make_the_tables_of_the_models(engine: sa.Engine, models_engine: sa.Engine):
    migrate(url_of(engine))

    assert tables_of(engine) == tables_of(models_engine)
    assert triggers_of(engine) == triggers_of(models_engine) != {}


def test_migrations_go_up_down_and_up_again(engine: sa.Engine):
    migrate(url_of(engine))
    first = tables_of(engine) | triggers_of(engine)

    with engine.connect() as connection:
        command.downgrade(alembic_config(connection), "base")
    emptied = tables_of(engine)
    revision = migrate(url_of(engine))

    assert emptied == {}
    assert tables_of(engine) | triggers_of(engine) == first
    assert revision == newest_revision()


def test_each_migration_goes_up_down_and_up_again(engine: sa.Engine):
    for step in reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions())):
        migrate(url_of(engine), revision=step.revision)
        before = tables_of(engine)
        with engine.connect() as connection:
            command.downgrade(alembic_config(connection), "-1")
        migrate(url_of(engine), revision=step.revision)

        assert tables_of(engine) == before


def test_migrating_twice_changes_nothing(engine: sa.Engine):
    migrate(url_of(engine))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event_chain SET last_number = 7")

    revision = migrate(url_of(engine))

    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT last_number FROM event_chain").scalar() == 7
    assert revision == newest_revision()


def test_migrated_database_holds_the_first_link_of_the_chain(engine: sa.Engine):
    migrate(url_of(engine))

    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, last_number, last_digest FROM event_chain").all()
    assert [tuple(row) for row in rows] == [(1, 0, FIRST_DIGEST)]


def test_migration_that_fails_leaves_nothing_behind(engine: sa.Engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE user_session (id integer)")

    with pytest.raises(sa.exc.DBAPIError):
        migrate(url_of(engine))

    assert [name for name in sa.inspect(engine).get_table_names() if name != "alembic_version"] == [
        "user_session"
    ]


def test_migration_does_not_wait_long_for_a_table_in_use(engine: sa.Engine, engine_name: str):
    limits: list[str] = []
    sa.event.listen(
        engine,
        "before_cursor_execute",
        lambda *arguments: limits.append(arguments[2]) if "timeout" in arguments[2] else None,
    )

    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), "head")

    assert (
        limits
        == {
            SQLITE: [],  # one lock for the whole file, and a busy timeout on every connection
            POSTGRESQL: ["SET lock_timeout = '5s'", "SET statement_timeout = '15min'"],
        }[engine_name]
    )


def test_migrations_are_one_straight_numbered_line():
    script = ScriptDirectory.from_config(alembic_config())
    revisions = [step.revision for step in script.walk_revisions()][::-1]

    assert script.get_heads() == [revisions[-1]]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert sorted(path.stem[:5] for path in VERSIONS.glob("*.py")) == [f"{name}_" for name in revisions]


def test_migrations_import_nothing_of_the_app():
    imported = {
        name.split(".")[0]
        for path in VERSIONS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }

    assert imported <= {"__future__", "sqlalchemy", "alembic"}
