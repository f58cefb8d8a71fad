"""Many at once, on a database of their own: nothing is rolled back, every thread has its own connection."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import TooManyTries
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.services.sign_in import AskedFrom, use_changing_code
from fundapp.services.tries import Limit, count_try
from tests.live_app import live_app
from tests.sign_in import client_with_token

AT_ONCE = 20
SOMEWHERE = AskedFrom(address="a" * 64, network="b" * 64)


@pytest.fixture
def own_app(engine_name: str, worker_id: str, tmp_path: Path) -> Iterator[Flask]:
    with live_app(engine_name, f"fundapp_parallel_{worker_id}", tmp_path) as app:
        yield app


def all_at_once(work: Callable[[int], object]) -> Counter[object]:
    """How often each result came; all threads start together."""
    start, results = threading.Barrier(AT_ONCE), []

    def run(number: int) -> None:
        start.wait()
        results.append(work(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == AT_ONCE
    return Counter(results)


def copy_of(app: Flask, client: FlaskClient, token: str) -> FlaskClient:
    copy = app.test_client()
    copy.environ_base |= client.environ_base
    copy.set_cookie("sid", token)
    return copy


def test_code_lets_in_one_of_twenty_at_once(own_app: Flask) -> None:
    with own_app.app_context():
        client = client_with_token(own_app)
        db.session.commit()
    cookie = client.get_cookie("sid")
    assert cookie is not None
    client.post("/en/sign-in", data={"email": "a@example.org"})
    with own_app.app_context():
        code = db.session.execute(sa.select(Message.arguments)).scalar_one()["code"]

    def enter(_number: int) -> int:
        return (
            copy_of(own_app, client, cookie.value).post("/en/sign-in/code", data={"code": code}).status_code
        )

    answers = all_at_once(enter)

    with own_app.app_context():
        used = db.session.execute(sa.text("SELECT count(*) FROM user_session WHERE user_id IS NOT NULL"))
        assert used.scalar_one() == 1
    assert 500 not in answers
    assert 503 not in answers


def test_changing_code_lets_in_one_of_twenty_at_once(own_app: Flask) -> None:
    secret, now = pyotp.random_base32(), utcnow()
    with own_app.app_context():
        user = User(email="m@example.org", is_staff=True, totp_secret=secret)
        with unit_of_work():
            db.session.add(user)
        user_id = user.id

    def enter(number: int) -> bool:
        with own_app.app_context(), unit_of_work():
            asked_from = AskedFrom(address=f"{number}" * 64, network=f"{number}" * 64)
            person = db.session.get_one(User, user_id)
            return use_changing_code(person, pyotp.TOTP(secret).at(now), asked_from=asked_from, now=now)

    assert all_at_once(enter) == {True: 1, False: AT_ONCE - 1}


def test_limit_lets_through_exactly_as_many_as_it_says(own_app: Flask) -> None:
    limit, now = Limit("test", 7, timedelta(hours=1)), datetime.fromisoformat("2027-01-15T12:30:00+00:00")

    def attempt(_number: int) -> str:
        try:
            with own_app.app_context(), unit_of_work():
                count_try(limit, SOMEWHERE.address, now=now)
        except TooManyTries:
            return "refused"
        return "counted"

    assert all_at_once(attempt) == {"counted": 7, "refused": AT_ONCE - 7}
