"""No room on the disk, and a database that is away: the text comes back, and the next press stores it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.models.application import AnswerRevision
from tests.engines import POSTGRESQL, SQLITE
from tests.factories import ApplicationFactory, OrganisationMemberFactory
from tests.live_app import live_app
from tests.sign_in import csrf_token_in, signed_in_client

LONG = "Twelve women from Hackney. " * 370  # more than a page of the database
REFUSE = (
    "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$",
    "CREATE TRIGGER no_room BEFORE INSERT ON answer_revision EXECUTE FUNCTION no_room()",
)
ROOM_AGAIN = ("DROP TRIGGER no_room ON answer_revision",)


@pytest.fixture(scope="module")
def own_app(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with live_app(engine_name, f"fundapp_no_room_{worker_id}", tmp_path_factory.mktemp("data")) as app:
        yield app


class Disk:
    """Full for both engines in their own words, until it is not."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def fill(self) -> None:
        with self.app.app_context():
            if db.engine.dialect.name != SQLITE:
                self._run(REFUSE)
                return
            db.engine.dispose()  # the limit is one of each connection
            with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
                connection.execute("VACUUM")  # or free pages of earlier tables would be room
            sa.event.listen(db.engine, "connect", no_page_more)

    def empty(self) -> None:
        with self.app.app_context():
            if db.engine.dialect.name != SQLITE:
                self._run(ROOM_AGAIN)
                return
            sa.event.remove(db.engine, "connect", no_page_more)
            db.engine.dispose()

    def _run(self, statements: tuple[str, ...]) -> None:
        with db.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def no_page_more(connection: Any, _record: object) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


@pytest.fixture
def draft(own_app: Flask) -> tuple[UUID, FlaskClient]:
    with own_app.app_context():
        application = ApplicationFactory()
        member = OrganisationMemberFactory(organisation=application.organisation)
        browser = signed_in_client(own_app, member.user)
        db.session.commit()
        return application.id, browser


def saved(app: Flask, application_id: UUID) -> list[Any]:
    with app.app_context():
        query = sa.select(AnswerRevision.value).where(AnswerRevision.application_id == application_id)
        return list(db.session.execute(query).scalars())


def fields_of(page: str) -> dict[str, str]:
    """What the one form of the page would send, read as a browser does."""
    form = page[page.index("<main") :]
    areas = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', form, re.DOTALL)
    return dict(areas) | dict(re.findall(r'name="(csrf_token)" value="([^"]+)"', form))


def test_full_disk_gives_the_text_back_and_the_next_press_stores_it(own_app, draft):
    application_id, browser = draft
    page = f"/en/applications/{application_id}/questions/S1"
    token = csrf_token_in(browser.get(page))
    del browser.environ_base["HTTP_X_CSRFTOKEN"]
    body = {"S1": LONG, "rev": "0", "once": "a", "csrf_token": token}
    disk = Disk(own_app)

    disk.fill()
    try:
        refused = browser.post(page, data=body)
        by_script = browser.post(f"{page}/autosave", data=body, headers={"Accept": "application/json"})
        reading = browser.get(page)
    finally:
        disk.empty()
    before = saved(own_app, application_id)
    again = browser.post(page, data=fields_of(refused.text))

    assert (refused.status_code, refused.headers["Retry-After"]) == (507, "10")
    assert "The service is full" in refused.text
    assert fields_of(refused.text)["S1"] == LONG
    assert (by_script.status_code, by_script.headers["Retry-After"]) == (507, "10")
    assert by_script.json["say"].startswith("Not saved yet")
    assert reading.status_code == 200
    assert before == []
    assert again.status_code in (200, 302)
    assert saved(own_app, application_id) == [LONG.strip()]


def cut_every_line(app: Flask) -> None:
    """Of this app to its server, as a restart of the server does."""
    with app.app_context():
        name = db.engine.url.database
        admin = sa.create_engine(db.engine.url.set(database="postgres"), poolclass=sa.NullPool)
        with admin.connect() as connection:
            cut = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
            connection.execute(cut, {"name": name})


@pytest.mark.only_on(POSTGRESQL)
def test_line_to_the_database_cut_in_mid_change_gives_the_text_back(own_app, draft, engine_name):
    application_id, browser = draft
    page = f"/en/applications/{application_id}/questions/S1"
    token = browser.environ_base.pop("HTTP_X_CSRFTOKEN")
    body = {"S1": "Our own words", "rev": "0", "once": "a", "csrf_token": token}

    def cut_now(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO answer_revision"):
            cut_every_line(own_app)

    with own_app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", cut_now)
    try:
        refused = browser.post(page, data=body)
    finally:
        sa.event.remove(engine, "before_cursor_execute", cut_now)
    again = browser.post(page, data=fields_of(refused.text))

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert again.status_code == 302
    assert saved(own_app, application_id) == ["Our own words"]


@pytest.mark.parametrize("suffix", ["", "/autosave"])
def test_database_that_takes_nobody_gives_the_text_back(own_app, draft, engine_name, monkeypatch, suffix):
    """Even the session cannot be read, so the page comes with the token that was sent."""
    application_id, browser = draft
    page = f"/en/applications/{application_id}/questions/S1"
    token = browser.environ_base.pop("HTTP_X_CSRFTOKEN")
    body = {"S1": "Our own words", "rev": "0", "once": "a", "csrf_token": token}
    with own_app.app_context():
        engine = db.engine
    engine.dispose()

    def nobody(*_arguments: object) -> None:
        raise engine.dialect.loaded_dbapi.OperationalError("connection refused")

    sa.event.listen(engine, "do_connect", nobody)
    try:
        refused = browser.post(page, data=body)
        by_script = browser.post(f"{page}/autosave", data=body, headers={"Accept": "application/json"})
        reading = browser.get(page)
    finally:
        sa.event.remove(engine, "do_connect", nobody)
    again = browser.post(f"{page}{suffix}", data=fields_of(refused.text))

    assert (refused.status_code, by_script.status_code, reading.status_code) == (503, 503, 503)
    assert refused.headers["Retry-After"] == by_script.headers["Retry-After"] == "10"
    assert "Our own words" in refused.text
    assert again.status_code in (200, 302)
    assert saved(own_app, application_id) == ["Our own words"]
