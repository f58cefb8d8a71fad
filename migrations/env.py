"""How migrations run: on the database of the settings, or on a connection handed over by the caller."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

import fundapp.models  # noqa: F401 - fills the metadata
from fundapp.db import Base, UtcDateTime, prepare_engine, write_intent
from fundapp.settings import Settings

LOCK_TIMEOUT = "5s"  # a migration waits no longer for a table in use; everybody behind it would wait too
STATEMENT_TIMEOUT = "15min"


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Plain column types, so that a migration never needs the app as it is today."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        return "sa.JSON()"
    return False


def run(connection: sa.Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Batch mode builds a table anew and drops the old one; with foreign keys on, that empties others.
        _outside_transactions(connection, "PRAGMA foreign_keys = OFF")
    else:
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=sqlite,
        compare_type=True,
        transactional_ddl=True,  # on SQLite too: its driver leaves BEGIN to us
        transaction_per_migration=True,
    )
    with write_intent(), context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if sqlite:
        _outside_transactions(connection, "PRAGMA foreign_keys = ON")


def _outside_transactions(connection: sa.Connection, statement: str) -> None:
    """SQLite ignores this setting inside a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    cursor.close()


def run_from_settings() -> None:
    engine = sa.create_engine(Settings.from_environment().database_url, poolclass=sa.NullPool)
    prepare_engine(engine)
    with engine.connect() as connection:
        run(connection)


if (handed_over := context.config.attributes.get("connection")) is not None:
    run(handed_over)
else:
    run_from_settings()
