"""What people type about themselves and their group is seen by those who may, and nowhere else."""

from __future__ import annotations

import io
import logging
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.log import JsonLines
from fundapp.mailer import as_email, write_mail
from fundapp.models.event import Event
from fundapp.models.message import Message, OutboxJob
from tests.guards.canaries import read_canaries, seed
from tests.guards.test_routes import ROWS, _with_helper_and_host, path_of
from tests.guards.world import ROLES, World, build_world
from tests.sign_in import client_with_token, signed_in_client

WRONG = ("/en/nowhere", "/en/sign-in?next=//x", "/en/sign-out", "/en/applications/0/x?a=%00")
LEAVING = ("public.leave", "public.open_again")
TYPED = "kestrelbird"
NAMES = (
    "Q1",
    "Q2",
    "S1",
    "answer",
    "reason",
    "text",
    "words",
    "note",
    "strengths",
    "to_improve",
    "name",
    "question",
)
FIELDS = {name: f"{TYPED} {name}" for name in NAMES} | {
    "email": f"{TYPED}@example.org",
    "reply": f"{TYPED} one. {TYPED} two.",
}


@pytest.fixture
def world(db_session: Any) -> World:
    return build_world(db_session)


def pages(app: Flask, world: World, role: str) -> str:
    """Everything this role can read, with the headers; errors too."""
    browser, seen = browser_of(app, world, role), []
    for row in (_with_helper_and_host(app, row) for row in ROWS):
        if row["method"] == "GET" and row[role] == "ok" and row["endpoint"] not in LEAVING:
            page = browser.get(path_of(app, row["endpoint"], "GET", world.ids))
            seen.append(f"{page.headers}\n{readable(page.data)}")
    seen += [browser.get(path).text for path in WRONG]
    return "\n".join(seen)


def readable(body: bytes) -> str:
    """The text of a page, or of the parts of a packed file."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return body.decode(errors="replace")


def browser_of(app: Flask, world: World, role: str) -> FlaskClient:
    person = world.people.get(role)
    return signed_in_client(app, person) if person else client_with_token(app)


@pytest.mark.slow
def test_texts_are_seen_by_the_roles_of_the_table_and_no_other(
    app: Flask, db_session: Any, world: World
) -> None:
    canaries = read_canaries()
    seed(db_session, world, canaries)
    seen = {role: pages(app, world, role) for role in ROLES}

    shown = {canary.name: {role for role in ROLES if canary.word in seen[role]} for canary in canaries}
    too_many = {canary.name: shown[canary.name] - canary.roles for canary in canaries}

    assert {name: roles for name, roles in too_many.items() if roles} == {}, "see canaries.csv"
    assert len(canaries) >= 40
    assert sum(bool(roles) for roles in shown.values()) >= 30, "the words are in pages, so the test sees them"


def type_everywhere(app: Flask, world: World, role: str) -> list[int]:
    """A word into every field of every form that this role can send."""
    answers = []
    for row in ROWS:
        if row["method"] == "POST" and row[role] == "ok":
            browser = browser_of(app, world, role)  # some of it ends the session
            path = path_of(app, row["endpoint"], "POST", world.ids)
            answers.append(browser.post(path, data=FIELDS).status_code)
    return answers


@pytest.mark.slow
def test_what_is_typed_stands_in_no_log_no_mail_and_no_job(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answers = type_everywhere(app, world, "applicant") + type_everywhere(app, world, "manager")

    written = "\n".join(
        JsonLines().format(record) for record in caplog.records if record.name != "faker.factory"
    )
    jobs = db.session.execute(sa.select(OutboxJob.arguments, OutboxJob.last_error, OutboxJob.once_key)).all()
    messages = db.session.execute(sa.select(Message)).scalars().all()
    events = db.session.execute(sa.select(Event.step, Event.details)).all()
    with app.test_request_context():
        mails = [as_email(write_mail(message)).get_content() for message in messages]
    assert len(answers) > 40
    assert len(messages) >= 2
    assert TYPED not in written
    assert TYPED not in str(jobs)
    assert TYPED not in str([message.arguments for message in messages])
    assert TYPED not in str(mails)
    assert TYPED not in str(events)
