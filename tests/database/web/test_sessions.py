"""Sessions: never adopted, rotated, ended at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import UserSession
from fundapp.services.users import disable, end_sessions, give_role, take_role
from fundapp.web.sessions import ServerSession
from tests.factories import FundFactory, FundRoleFactory, UserFactory
from tests.sign_in import signed_in_client

ClientFor = Callable[[Any], FlaskClient]
HOME = "/en/home"


def count_sessions(db_session: Any) -> int:
    return int(db_session.execute(sa.select(sa.func.count()).select_from(UserSession)).scalar_one())


def test_session_signed_in_opens_the_first_page(client_for: ClientFor) -> None:
    assert client_for(UserFactory()).get(HOME).status_code == 200


def test_session_of_an_unknown_key_is_not_adopted(client: FlaskClient, db_session: Any) -> None:
    client.set_cookie("sid", "A" * 43)

    page = client.get("/en/sign-in")

    given = page.headers["Set-Cookie"]
    assert given.startswith("sid=")
    assert "A" * 43 not in given
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "Path=/" in given


@pytest.mark.parametrize("key", ["", "x", "é" * 43, "A" * 3000, "A" * 42 + ";"])
def test_session_key_that_is_junk_is_no_session(client: FlaskClient, key: str) -> None:
    client.set_cookie("sid", key)

    assert client.get(HOME).status_code == 302


def test_session_is_not_made_for_a_reader(client: FlaskClient, db_session: Any) -> None:
    client.get("/livez")
    client.get("/")
    client.get("/en/nowhere")

    assert count_sessions(db_session) == 0


@pytest.mark.parametrize(
    ("staff", "shared_device", "minutes"), [(True, False, 30), (False, False, 120), (False, True, 15)]
)
def test_session_ends_when_nobody_uses_it(
    app: Flask, db_session: Any, staff: bool, shared_device: bool, minutes: int
) -> None:
    client = signed_in_client(app, UserFactory(is_staff=staff), shared_device=shared_device)

    with time_machine.travel(utcnow() + timedelta(minutes=minutes, seconds=-5), tick=False):
        assert client.get(HOME).status_code == 200  # and counts as use
    with time_machine.travel(utcnow() + timedelta(minutes=2 * minutes - 1), tick=False):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(utcnow() + timedelta(minutes=3 * minutes + 1), tick=False):
        assert client.get(HOME).status_code == 302


def test_session_ends_after_twelve_hours_of_use(app: Flask, db_session: Any) -> None:
    client = signed_in_client(app, UserFactory())
    start = utcnow()

    answers = []
    for hours in range(1, 14):
        with time_machine.travel(start + timedelta(hours=hours, seconds=1), tick=False):
            answers.append(client.get(HOME).status_code)

    assert answers == [200] * 11 + [302] * 2


def test_session_is_dead_after_signing_out_for_a_copied_key_too(app: Flask, db_session: Any) -> None:
    user = UserFactory()
    client, copy = signed_in_client(app, user), app.test_client()
    cookie = client.get_cookie("sid")
    assert cookie is not None
    copy.set_cookie("sid", cookie.value)
    assert copy.get(HOME).status_code == 200

    answer = client.post("/en/sign-out")

    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert copy.get(HOME).status_code == 302
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("change", ["disable", "give_role", "take_role", "end_sessions"])
def test_session_is_dead_after_the_person_changed(
    client_for: ClientFor, db_session: Any, change: str
) -> None:
    role = FundRoleFactory()
    client = client_for(role.user)
    assert client.get(HOME).status_code == 200

    with unit_of_work():
        now = utcnow()
        match change:
            case "disable":
                disable(role.user, actor=None, now=now)
            case "give_role":
                give_role(role.user, fund=FundFactory(), kind=FundRoleKind.ADMIN, actor=None, now=now)
            case "take_role":
                take_role(role.user, fund=role.fund, kind=role.kind, actor=None, now=now)
            case "end_sessions":
                end_sessions(role.user, now=now)

    assert client.get(HOME).status_code == 302


def test_session_use_is_written_down_once_a_minute(app: Flask, db_session: Any) -> None:
    client = signed_in_client(app, UserFactory())
    start = utcnow()

    def last_seen() -> Any:
        return db_session.execute(sa.select(UserSession.last_seen_at)).scalar_one()

    first = last_seen()
    with time_machine.travel(start + timedelta(seconds=50), tick=False):
        client.get(HOME)
    assert last_seen() == first
    with time_machine.travel(start + timedelta(seconds=70), tick=False):
        client.get(HOME)
    assert last_seen() == start + timedelta(seconds=70)


def test_session_too_long_for_a_cookie_carries_no_voice_until_its_other_answers_go(app):
    with app.app_context():
        session = ServerSession(None)
        assert session.carries_itself
        session["eligibility:A"] = "x" * 3_000
        assert not session.carries_itself

        session.stand_alone()

        assert session.carries_itself
        assert "eligibility:A" not in session
