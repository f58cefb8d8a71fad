"""A database of the test's own, whose changes really are committed, and a mail server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp import create_app
from fundapp.db import db
from fundapp.settings import Settings
from tests.database.jobs.mail_server import MailServer, running_mail_server
from tests.engines import migrated_database


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def own_settings(engine_name: str, tmp_path: Path, mail_server: MailServer) -> Iterator[Settings]:
    with migrated_database(engine_name, "fundapp_jobs") as url:
        yield dataclasses.replace(
            Settings.for_tests(url, tmp_path), mail_port=mail_server.port, mail_tls="none"
        )


@pytest.fixture
def own_app(own_settings: Settings) -> Iterator[Flask]:
    """Inside its context. Unlike `app`, nothing is rolled back; the whole database goes afterwards."""
    app = create_app(own_settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def statements(own_app: Flask) -> Iterator[list[str]]:
    """The SQL sent so far."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", note)
