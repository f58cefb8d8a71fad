"""Bringing a database up to date, forwards."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations
from fundapp.db import prepare_engine


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Alembic on our migrations, wherever they are installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def migrate(database_url: str, *, revision: str = "head") -> str:
    """Bring the database to a revision, forwards. Returns the revision it has afterwards."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    prepare_engine(engine)
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), revision)
        return MigrationContext.configure(connection).get_current_revision() or ""


def current_revision(database_url: str) -> str:
    """The revision a database is at; empty for a new one."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


@cache
def newest_revision() -> str:
    """The revision the code of today needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
