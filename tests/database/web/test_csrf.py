"""Changes come from our own pages only, and a refused one gives back what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.models.user import SignInCode, User
from tests.factories import UserFactory
from tests.sign_in import client_with_token, csrf_token_in

SIGN_IN = "/en/sign-in"
TYPED = "اسم@example.org <b>\n second line"


def stored_rows(db_session: Any) -> list[int]:
    return [
        db_session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (SignInCode, User)
    ]


@pytest.mark.parametrize("token", [None, "", "junk", "é" * 50, "foreign"])
def test_post_without_a_good_token_stores_nothing_and_shows_what_was_typed(
    app: Flask, client: FlaskClient, db_session: Any, token: str | None
) -> None:
    if token == "foreign":
        token = client_with_token(app).environ_base["HTTP_X_CSRFTOKEN"]
    before = stored_rows(db_session)

    page = client.post(SIGN_IN, data={"email": TYPED} | ({} if token is None else {"csrf_token": token}))

    text = page.get_data(as_text=True)
    assert page.status_code == 400
    assert "Not saved yet" in text
    assert '<textarea name="email" hidden>\nاسم@example.org &lt;b&gt;\n second line</textarea>' in text
    assert stored_rows(db_session) == before


def test_second_press_after_a_lost_token_does_what_was_asked(client: FlaskClient, db_session: Any) -> None:
    refused = client.post(SIGN_IN, data={"email": "a@example.org"})

    again = client.post(SIGN_IN, data={"email": "a@example.org", "csrf_token": csrf_token_in(refused)})

    assert again.status_code == 302
    assert again.headers["Location"] == "/en/sign-in/code"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "junk"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:81"},
    ],
)
def test_post_from_another_site_is_refused_even_with_a_token_and_echoes_nothing(
    app: Flask, db_session: Any, headers: dict[str, str]
) -> None:
    page = client_with_token(app).post(SIGN_IN, data={"email": "typed@example.org"}, headers=headers)

    assert page.status_code == 403
    assert "typed@example.org" not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
)
def test_post_from_our_own_page_is_accepted(app: Flask, db_session: Any, headers: dict[str, str]) -> None:
    page = client_with_token(app).post(SIGN_IN, data={"email": "a@example.org"}, headers=headers)

    assert page.status_code == 302


@pytest.mark.parametrize("field", ["code", "passphrase", "csrf_token"])
def test_secrets_are_not_shown_again(client: FlaskClient, field: str) -> None:
    page = client.post("/en/staff/sign-in", data={field: "correct horse battery"})

    assert "correct horse battery" not in page.get_data(as_text=True)


def test_get_of_every_page_changes_nothing(client_for: Callable[[Any], FlaskClient], db_session: Any) -> None:
    client = client_for(UserFactory())
    before = stored_rows(db_session)

    for path in ("/", "/en/sign-in", "/en/sign-in/code", "/en/staff/sign-in", "/en/staff/set-up", "/en/home"):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert client.open(path, method=method).status_code < 400

    assert stored_rows(db_session) == before
