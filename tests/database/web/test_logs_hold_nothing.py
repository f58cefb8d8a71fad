"""Whatever goes wrong, and whoever looks: no text, address or number of anybody stands in a log (AC-83)."""

from __future__ import annotations

import logging
import re
import smtplib
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs import kinds
from fundapp.jobs.run import sweep
from fundapp.log import JsonLines
from fundapp.models.message import Message, OutboxJob
from fundapp.services.messages import MessageKind, notify
from fundapp.services.outbox import enqueue
from tests.database.web.test_canaries import pages, type_everywhere
from tests.guards.canaries import read_canaries, seed
from tests.guards.world import World, build_world
from tests.sign_in import client_with_token, signed_in_client

ADDRESS, PHRASE, NUMBER, SORT_CODE = "kestrel@example.org", "correct kestrel staple", "31415926", "271828"
TYPED = {ADDRESS, PHRASE, NUMBER, SORT_CODE, "kestrelbird"}


@pytest.fixture
def world(db_session: Any) -> World:
    made = build_world(db_session)
    seed(db_session, made, read_canaries())
    return made


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Any:
    """Everything that every library wrote, as it would stand in the log."""
    caplog.set_level(logging.DEBUG)

    def read() -> str:
        lines = [
            JsonLines().format(each) + str(each.exc_info and "")
            for each in caplog.records
            if each.name != "faker.factory"
        ]
        return "\n".join(lines)

    return read


def found_in(text: str, more: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]
    words = {canary.word for canary in read_canaries()} | TYPED | more
    assert len(words) >= 50
    return {word for word in words if word in text}


def test_log_finds_what_somebody_writes_into_it(logged: Any) -> None:
    logging.getLogger("fundapp.careless").warning("sent to %s", ADDRESS)

    assert found_in(logged()) == {ADDRESS}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["applicant", "manager", "admin"])
def test_nothing_that_is_read_or_typed_stands_in_a_log(
    app: Flask, world: World, logged: Any, role: str
) -> None:
    seen = pages(app, world, role)
    answers = type_everywhere(app, world, role)

    assert len(found_in(seen)) >= 5
    assert {200, 302} & set(answers)
    assert found_in(logged()) == set()


def test_nothing_of_a_sign_in_stands_in_a_log(app: Flask, world: World, logged: Any) -> None:
    browser = client_with_token(app)
    person = world.people["applicant"]
    browser.post("/en/sign-in", data={"email": person.email})
    browser.post("/en/sign-in", data={"email": ADDRESS})
    browser.post("/en/sign-in/code", data={"code": "314159"})
    browser.post("/en/staff/sign-in", data={"email": ADDRESS, "passphrase": PHRASE, "code": "314159"})
    codes = {
        code
        for message in db.session.execute(sa.select(Message)).scalars()
        if (code := message.arguments.get("code"))
    }

    assert codes
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
    assert found_in(logged(), codes | {"314159", person.email}) == set()


def carelessly(*_arguments: object, **_more: object) -> Any:
    """An error whose own words quote everything, as those of the database do."""
    words = " ".join(sorted({canary.word for canary in read_canaries()} | TYPED))
    raise sa.exc.IntegrityError(f"INSERT {words}", {"name": words}, Exception(words))


def broken(*_arguments: object, **_more: object) -> Any:
    raise RuntimeError(f"{ADDRESS} {PHRASE} {NUMBER}")


@pytest.mark.parametrize("error", [carelessly, broken])
def test_error_of_a_page_writes_where_it_happened_and_not_its_words(
    app: Flask, world: World, logged: Any, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    monkeypatch.setattr("fundapp.web.account_data.data_for_page", error)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app, "testing", False)
    page = signed_in_client(app, world.people["applicant"]).get("/en/account/data.json")

    assert page.status_code >= 409
    assert found_in(page.text) == set()
    assert found_in(logged()) == set()


@pytest.mark.parametrize("error", [carelessly, broken])
def test_error_of_a_job_writes_its_class_alone(
    world: World, logged: Any, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    monkeypatch.setitem(kinds.JOBS, "careless", error)
    with unit_of_work():
        enqueue("careless")
    sweep()

    errors = set(db.session.execute(sa.select(OutboxJob.last_error)).scalars()) - {None}
    assert errors & {"IntegrityError", "RuntimeError"}
    assert "job put off" in logged()
    assert found_in(logged()) == set()


def test_mail_server_that_refuses_an_address_is_not_quoted(
    world: World, logged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_mail: object) -> None:
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (450, f"no {ADDRESS} here".encode())})

    monkeypatch.setattr("fundapp.jobs.mail.send", refuse)
    with unit_of_work():
        notify(world.people["applicant"], MessageKind.DECISION_READY, now=utcnow())
    sweep()

    assert "SMTPRecipientsRefused" in logged()
    assert found_in(logged()) == set()
