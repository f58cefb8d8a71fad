"""Being anybody: in the demo only, from this machine only."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from fundapp import create_app
from fundapp.clock import utcnow
from fundapp.db import Base, db, unit_of_work
from fundapp.models.user import User
from fundapp.services.messages import notify
from fundapp.settings import Environment, Settings, problems
from tests.sign_in import csrf_token_in

PAGES = ("/en/demo/", "/en/demo/mail")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings.for_demo(tmp_path, port=80))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


def add_person(app: Flask) -> User:
    with app.app_context():
        with unit_of_work():
            user = User(email="a@example.org", name="Amal")
            db.session.add(user)
            notify(user, "sign_in_code", now=utcnow(), code="123456")
        db.session.refresh(user)
        db.session.expunge(user)
        return user


def test_demo_signs_in_as_anybody(demo: Flask) -> None:
    user, client = add_person(demo), demo.test_client()
    token = csrf_token_in(client.get("/en/sign-in", base_url="http://127.0.0.1"))

    page = client.post(f"/en/demo/people/{user.id}", data={"csrf_token": token}, base_url="http://127.0.0.1")

    assert page.headers["Location"] == "/en/home"
    assert client.get("/en/home", base_url="http://127.0.0.1").status_code == 200


def test_demo_signs_nobody_in_without_a_token(demo: Flask) -> None:
    user = add_person(demo)

    page = demo.test_client().post(f"/en/demo/people/{user.id}", base_url="http://127.0.0.1")

    assert page.status_code == 400


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 404), ("", 404)]
)
def test_demo_pages_open_from_this_machine_only(demo: Flask, path: str, address: str, status: int) -> None:
    add_person(demo)
    client = demo.test_client()
    client.environ_base["REMOTE_ADDR"] = address

    assert client.get(path, base_url="http://127.0.0.1").status_code == status


@pytest.mark.parametrize("path", PAGES)
def test_demo_pages_do_not_exist_elsewhere(tmp_path: Path, path: str) -> None:
    app = create_app(Settings.for_tests(f"sqlite:///{tmp_path / 'a.db'}", tmp_path))

    assert app.test_client().get(path).status_code == 404


def test_demo_pages_and_production_exclude_each_other(tmp_path: Path) -> None:
    demo = Settings.for_demo(tmp_path, port=80)

    found = problems(dataclasses.replace(demo, environment=Environment.PRODUCTION))

    assert "FUNDAPP_DEMO_PAGES must be no: those pages let anybody sign in as anybody." in found
