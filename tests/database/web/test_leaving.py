"""The exit link and the interruption page, as the server answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.models.user import UserSession
from fundapp.web.leaving import SHUT
from tests.factories import CallFactory, UserFactory
from tests.published import published_with

ClientFor = Callable[[Any], FlaskClient]
LANGUAGES = ("en", "es", "ar", "uk")
READER = {"Accept": "text/html,application/xhtml+xml"}


def sessions(db_session: Any) -> int:
    return int(db_session.execute(sa.select(sa.func.count()).select_from(UserSession)).scalar_one())


def test_leaving_ends_the_session_and_leads_to_a_neutral_page(
    app: Flask, client_for: ClientFor, db_session: Any
) -> None:
    browser = client_for(UserFactory())

    answer = browser.get("/en/leave")

    assert (answer.status_code, answer.headers["Location"]) == (302, app.config["SETTINGS"].leave_url)
    assert answer.headers["Clear-Site-Data"] == '"storage", "executionContexts"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert sessions(db_session) == 0


def test_copied_cookie_is_dead_after_leaving(app: Flask, client_for: ClientFor) -> None:
    browser, copy = client_for(UserFactory()), app.test_client()
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    copy.set_cookie("sid", cookie.value)
    assert copy.get("/en/home").status_code == 200

    browser.get("/en/leave")

    assert copy.get("/en/home").status_code == 302


def test_cookie_after_leaving_names_nobody_and_ends_with_the_browser(client: FlaskClient) -> None:
    answer = client.get("/en/leave")

    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.split("; ")[0] == "sid=left"
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/ar/home", "/en/sign-in", "/en/safety", "/en/nowhere", "/a?b=%00"]
)
def test_site_stays_shut_after_leaving(client: FlaskClient, db_session: Any, path: str) -> None:
    client.get("/en/leave")

    pages = [client.get(path), client.post(path, data={"email": "a@example.org"})]

    assert [page.status_code for page in pages] == [SHUT, SHUT]
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
    assert all("Set-Cookie" not in page.headers for page in pages)
    assert "<nav" not in pages[0].text
    assert "<form" not in pages[0].text
    assert sessions(db_session) == 0


def test_whoever_left_can_open_the_site_again(client: FlaskClient, db_session: Any) -> None:
    client.get("/es/leave")
    assert 'href="/es/open-again"' in client.get("/es/").text

    assert client.get("/es/open-again").headers["Location"] == "/es/"
    assert client.get("/es/").status_code == 200


def test_health_and_files_answer_a_browser_that_left(client: FlaskClient) -> None:
    client.get("/en/leave")

    assert [client.get(path).status_code for path in ("/livez", "/static/icon.svg")] == [200, 200]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", "/questions", "/check", "/check/E1", "/co-design"])
def test_reader_of_a_sensitive_call_hears_about_the_exit_once(
    client: FlaskClient, db_session: Any, language: str, page: str
) -> None:
    address = f"/{language}/calls/{CallFactory().code}{page}"

    first = client.get(f"{address}?a=1", headers=READER)
    read = client.get(f"{address}?a=1&known=exit", headers=READER)
    later = client.get(address, headers=READER)

    assert f'href="{address}?a=1&amp;known=exit"' in first.text
    assert f'href="/{language}/safety"' in first.text
    assert "known=exit" not in read.text.split('id="main"')[1]
    assert "known=exit" not in later.text


def test_programs_and_readers_of_other_calls_read_on(client: FlaskClient, db_session: Any) -> None:
    sensitive, other = CallFactory(), CallFactory(code="OTHER")
    published_with(other, is_sensitive=False)

    program = client.get(f"/en/calls/{sensitive.code}").text
    search = client.get(f"/en/calls/{sensitive.code}", headers=READER | {"User-Agent": "Examplebot/2.1"}).text
    elsewhere = client.get("/en/calls/OTHER", headers=READER).text

    assert ("known=exit" in program, "/en/leave" in program) == (False, True)
    assert "known=exit" not in search
    assert ("known=exit" in elsewhere, "/en/leave" in elsewhere) == (False, False)


def test_reader_without_cookies_can_read_everything(app: Flask, db_session: Any) -> None:
    browser = app.test_client(use_cookies=False)

    page = browser.get(f"/en/calls/{CallFactory().code}?known=exit", headers=READER)

    assert "The call and its rules" in page.text


def test_unknown_call_is_no_call_for_a_new_reader(client: FlaskClient) -> None:
    assert client.get("/en/calls/NONE/check", headers=READER).status_code == 404
