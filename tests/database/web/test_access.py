"""Loading is checking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from fundapp import create_app, web
from fundapp.db import db
from fundapp.errors import FundError, NotAllowed, NotPossibleNow, TooManyTries
from fundapp.models.fund import Fund
from fundapp.permissions import Permission
from fundapp.web.access import public, requires
from fundapp.web.paths import safe_path
from fundapp.web.sessions import signed_in_user
from tests.factories import FundFactory, FundRoleFactory
from tests.sign_in import client_with_token, csrf_token_in, signed_in_client

ClientFor = Callable[[Any], FlaskClient]


def get_fund(fund_id: UUID) -> Fund:
    return db.session.execute(sa.select(Fund).where(Fund.id == fund_id)).scalar_one()


ERRORS: dict[str, Exception] = {
    "fund": NotPossibleNow("cannot open from closed"),
    "nobody": NotAllowed(),
    "unknown": FundError(),
    "tries": TooManyTries(120),
    "stale": StaleDataError("a row"),
    "database": OperationalError("SELECT", {}, Exception("server closed the connection")),
    "overflow": OverflowError("Python int too large to convert to SQLite INTEGER"),
}


def probe_area() -> Blueprint:
    """One page of each kind that areas write."""
    area = Blueprint("probe", __name__)

    @area.route("/probe/<uuid:fund_id>", methods=["GET", "POST"])
    @requires(Permission.FUND_OPEN, fund=get_fund)
    def fund_page(fund: Fund) -> str:
        return f"{fund.name} {signed_in_user().email} {request.form.get('answer', '')}"

    @area.get("/probe/work")
    @requires(Permission.ACCOUNT_OPEN)
    def work() -> str:
        return "work"

    @area.route("/probe/errors/<kind>", methods=["GET", "POST"])
    @public("shows error pages")
    def error(kind: str) -> str:
        raise ERRORS[kind]

    return area


@pytest.fixture(scope="module")
def app(app: Flask) -> Iterator[Flask]:
    """The same database under an app that has the pages above too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web, "AREAS", (*web.AREAS, probe_area()))
        probe = create_app(app.config["SETTINGS"])
    probe.test_client_class = app.test_client_class
    probe.config["PROPAGATE_EXCEPTIONS"] = False
    yield probe
    with probe.app_context():
        db.engine.dispose()


def test_page_of_a_thing_is_for_those_with_the_right(client_for: ClientFor) -> None:
    role = FundRoleFactory()

    page = client_for(role.user).get(f"/en/probe/{role.fund.id}")

    assert page.get_data(as_text=True) == f"{role.fund.name} {role.user.email} "


def test_page_of_a_thing_looks_the_same_to_strangers_as_one_that_is_not_there(client_for: ClientFor) -> None:
    client = client_for(FundRoleFactory().user)

    foreign = client.get(f"/en/probe/{FundFactory().id}")
    missing = client.get(f"/en/probe/{uuid4()}")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert len(foreign.data) == len(missing.data)


def test_page_of_a_thing_for_nobody_leads_to_sign_in_and_back(client: FlaskClient) -> None:
    path = f"/en/probe/{FundFactory().id}?page=2"

    page = client.get(path)

    assert page.status_code == 302
    assert page.headers["Location"].startswith("/en/staff/sign-in?next=/en/probe/")
    assert page.headers["Location"].endswith("?page%3D2")


def test_page_without_a_thing_leads_to_the_ordinary_sign_in(client: FlaskClient) -> None:
    assert client.get("/ar/probe/work").headers["Location"] == "/ar/sign-in?next=/ar/probe/work"


def test_post_of_somebody_signed_out_keeps_the_text_until_it_is_saved(app: Flask, db_session: Any) -> None:
    role = FundRoleFactory()
    path = f"/en/probe/{role.fund.id}"

    refused = client_with_token(app).post(path, data={"answer": "مرحبا", "once": "abc"})
    text = refused.get_data(as_text=True)
    browser = signed_in_client(app, role.user)
    del browser.environ_base["HTTP_X_CSRFTOKEN"]
    stale = browser.post(path, data={"answer": "مرحبا", "csrf_token": csrf_token_in(refused)})
    saved = browser.post(path, data={"answer": "مرحبا", "csrf_token": csrf_token_in(stale)})

    assert refused.status_code == 401
    assert "Please sign in" in text
    assert f'action="{path}"' in text
    assert '<textarea name="answer" hidden>\nمرحبا</textarea>' in text
    assert '<textarea name="once" hidden>\nabc</textarea>' in text
    assert stale.status_code == 400
    assert saved.get_data(as_text=True).endswith("مرحبا")


def test_post_without_session_and_token_is_asked_to_sign_in_at_once(client: FlaskClient) -> None:
    page = client.post(f"/en/probe/{uuid4()}", data={"answer": "typed"})

    assert page.status_code == 401
    assert "typed" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("fund", 409, "This step is not possible at the moment."),
        ("nobody", 403, "You cannot open this page"),
        ("unknown", 409, "This is not possible now"),
        ("tries", 429, "Please wait a little"),
        ("stale", 409, "Somebody else saved this at the same time."),
        ("overflow", 400, "Nothing was changed."),
        ("database", 503, "The service is closed for a short time"),
    ],
)
def test_error_becomes_a_page_with_plain_words(
    client: FlaskClient, kind: str, status: int, words: str
) -> None:
    page = client.get(f"/en/probe/errors/{kind}")

    assert page.status_code == status
    assert words in page.get_data(as_text=True)


def test_error_says_when_to_try_again(client: FlaskClient) -> None:
    assert client.get("/en/probe/errors/tries").headers["Retry-After"] == "120"
    assert client.get("/en/probe/errors/database").headers["Retry-After"] == "10"


def test_database_that_is_away_keeps_what_was_typed(app: Flask, db_session: Any) -> None:
    page = client_with_token(app).post("/en/probe/errors/database", data={"answer": "three hours of work"})

    assert page.status_code == 503
    assert "three hours of work" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/en/probe/%00", "/en/%00", "/en/sign-in?next=%00", "/en/sign-in?%00=1", "/%ED%A0%80"]
)
def test_address_with_characters_that_cannot_be_stored_is_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize(
    "path",
    ["/xx/sign-in", "/prs/sign-in", "/../sign-in", "/EN/sign-in", f"/{'a' * 10_000}/sign-in", "/fa-AF/"],
)
def test_address_in_a_language_we_do_not_have_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/en/home", "/en/home"),
        ("/en/calls/a?page=2", "/en/calls/a?page=2"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example", None),
        ("evil.example", None),
        ("javascript:alert(1)", None),
        ("/\t/evil.example", None),
        ("/\r\nLocation: x", None),
        ("/" + "a" * 400, None),
        ("/é", None),
        ("", None),
        (None, None),
    ],
)
def test_path_to_go_on_to_stays_on_this_site(target: str | None, safe: str | None) -> None:
    assert safe_path(target) == safe
