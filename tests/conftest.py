"""Shared by all tests: the app on both engines, a rolled-back transaction each, signed-in clients."""

from __future__ import annotations

import contextvars
import ctypes.util
import gc
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.engines import ENGINES

PROJECT = Path(__file__).parent.parent
SHARED = (
    "tests.database.web.",
    "tests.database.services.",
    "tests.database.jobs.test_mail",
    "tests.database.test_command_line",
    "tests.guards.",
)

# an app lives as long as the run: to look through its objects again and again takes a tenth of the time
gc.set_threshold(200_000, 20, 100)

# how long one example takes depends on what else the machine does
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=[*ENGINES, "both", "shared"],
        default="shared",
        help="database engine of the database tests; shared: both, but many tests run on one of them",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", _engines_of(metafunc), scope="session")


def _engines_of(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    """Queries, jobs, drills, journeys and migrations run on both. Pages, services, mails, commands and guards
    share the engines, by the name of the test, but for what the database itself refuses (`both_engines`) and
    sweeps that take their `own_share`."""
    chosen = metafunc.config.getoption("--engine")
    if chosen in ENGINES:
        return (chosen,)
    function = metafunc.function
    shares = function.__module__.startswith(SHARED)
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    needs_both = "own_share" in metafunc.fixturenames or marks & {"both_engines", "only_on"}
    if chosen == "both" or not shares or needs_both:
        return ENGINES
    return (ENGINES[zlib.crc32(f"{function.__module__}.{function.__name__}".encode()) % len(ENGINES)],)


@pytest.fixture
def own_share(engine_name: str, request: pytest.FixtureRequest) -> slice:
    """What this engine takes of a long list that both share: every second thing, or all where it is alone."""
    is_alone = request.config.getoption("--engine") in ENGINES
    return slice(None) if is_alone else slice(int(engine_name == "postgresql"), None, 2)


@pytest.fixture(scope="session")
def app(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    from tests.live_app import live_app

    with live_app(engine_name, f"fundapp_test_{worker_id}", tmp_path_factory.mktemp("data")) as app:
        app.test_client_class = Client
        yield app


@contextmanager
def rolled_back(app: Flask) -> Iterator[Any]:
    """A session. Nothing done in the block, through services or through HTTP, outlives it."""
    from fundapp.db import db

    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        engines = db._app_engines[app]
        engines[None] = connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session
        finally:
            db.session.remove()
            engines[None] = engine
            transaction.rollback()
            connection.close()


@pytest.fixture
def db_session(app: Flask) -> Iterator[Any]:
    """The test's session."""
    with rolled_back(app) as session:
        yield session


class Client(FlaskClient):
    """Each request in a context of its own, as on a real server: nothing of `g` leaks to the next."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        from fundapp.db import db

        db.session.commit()  # what the test has prepared becomes visible
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask, db_session: Any) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def client_for(app: Flask, db_session: Any) -> Callable[[Any], FlaskClient]:
    """A browser in which this person has signed in (staff with their second factor, just now)."""
    from tests.sign_in import signed_in_client

    return lambda user: signed_in_client(app, user)


class QueryCount:
    """How many statements ran inside the block; savepoints of the test frame are not counted."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def number(self) -> int:
        return len(self.statements)

    def note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append(statement)


@pytest.fixture
def count_queries(db_session: Any) -> Callable[[], Any]:
    """`with count_queries() as queries: …; queries.number`."""

    @contextmanager
    def counting() -> Iterator[QueryCount]:
        count = QueryCount()
        sa.event.listen(sa.Engine, "before_cursor_execute", count.note)
        try:
            yield count
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", count.note)

    return counting


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name of this process under pytest-xdist; "main" without it."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def has_program(name: str) -> bool:
    """A program on PATH, or a shared library that a wheel cannot bring."""
    return bool(shutil.which(name) or ctypes.util.find_library(name))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked with a program this machine lacks are left out; in CI they run and fail.

    A test that is `only_on` one engine does not exist for the other.
    """
    elsewhere = [item for item in items if _is_elsewhere(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        missing = [
            name for mark in item.iter_markers("program") for name in mark.args if not has_program(name)
        ]
        if missing and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason=f"left out: no {', '.join(missing)} on this machine"))


def _is_elsewhere(item: pytest.Item) -> bool:
    only = item.get_closest_marker("only_on")
    return (
        only is not None
        and isinstance(item, pytest.Function)
        and item.callspec.params["engine_name"] not in only.args
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly which tests were left out for a missing browser or program, by file."""
    left_out = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if "left out: " in str(report.longrepr)
    ]
    for kind in ("browser", "other"):
        chosen = [nodeid for nodeid in left_out if ("tests/browser" in nodeid) is (kind == "browser")]
        if chosen:
            files = ", ".join(sorted({nodeid.split("::")[0] for nodeid in chosen}))
            why = (
                "browser tests"
                if kind == "browser"
                else "tests that need a program or data this machine lacks"
            )
            terminalreporter.write_line(f"{len(chosen)} {why} were left out: {files}")
