"""A sign-in that ran out between reading and sending: after signing in again the text is there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.application import Answer, AnswerRevision, Application
from fundapp.models.organisation import MemberRight
from fundapp.models.unsaved_text import UnsavedText
from fundapp.models.user import User, UserSession
from fundapp.services.unsaved_texts import MOST_BYTES, MOST_PAGES, sweep_unsaved
from tests.database.web.test_account import mailed_code
from tests.factories import ApplicationFactory, OrganisationMemberFactory, UserFactory
from tests.sign_in import csrf_token_in, signed_in_client

TYPED = "نحن نساء من هاكني\r\n<b>Twelve</b> of us"


@pytest.fixture
def application(db_session: Any) -> Application:
    return ApplicationFactory()


@pytest.fixture
def writer(application: Application) -> User:
    return OrganisationMemberFactory(organisation=application.organisation, right=MemberRight.SUBMIT).user


@pytest.fixture
def browser(app: Flask, writer: User) -> FlaskClient:
    return signed_in_client(app, writer)


@pytest.fixture
def page(application: Application) -> str:
    return f"/en/applications/{application.id}/questions/S1"


def time_out(writer: User) -> None:
    query = sa.select(UserSession).where(UserSession.user_id == writer.id)
    for session in db.session.execute(query).scalars():
        session.last_seen_at = utcnow() - timedelta(days=1)


def send(browser: FlaskClient, page: str, **fields: str) -> TestResponse:
    """As the form of a page does, with the address of that page; the old token goes with it."""
    headers = {"Referer": f"http://localhost{page}"}
    reply = browser.post(page, data={"S1": TYPED, "rev": "0", "once": "page"} | fields, headers=headers)
    browser.environ_base.pop("HTTP_X_CSRFTOKEN", None)
    return reply


def sign_in(browser: FlaskClient, person: User, refused: TestResponse | None = None) -> str:
    """By mail code, through the pages; returns where that leads."""
    address = "/en/sign-in"
    if refused is not None and (link := re.search(r'href="([^"]*sign-in\?next=[^"]*)"', refused.text)):
        address = link[1]
    token = csrf_token_in(browser.get(address))
    browser.post(address, data={"email": person.email, "csrf_token": token})
    code = mailed_code(db.session, person.email)
    token = csrf_token_in(browser.get("/en/sign-in/code"))
    return browser.post("/en/sign-in/code", data={"code": code, "csrf_token": token}).location


def texts(application: Application) -> list[Any]:
    query = sa.select(AnswerRevision.value).where(AnswerRevision.application_id == application.id)
    return list(db.session.execute(query).scalars())


def waiting() -> int:
    return db.session.execute(sa.select(sa.func.count(UnsavedText.id))).scalar_one()


def test_text_is_on_its_page_after_signing_in_and_saved_once(browser, writer, application, page):
    time_out(writer)

    refused = send(browser, page)
    stored_before = texts(application)
    after = browser.get(sign_in(browser, writer, refused))
    saved = browser.post(
        page,
        data={"S1": TYPED, "rev": "0", "once": "page", "csrf_token": csrf_token_in(after)},
        headers={"Referer": f"http://localhost{page}"},
    )
    again = browser.get(page)

    assert (refused.status_code, stored_before) == (401, [])
    assert after.request.path == page
    assert "نحن نساء من هاكني" in after.text.split("<textarea")[1]
    assert 'name="once" value="page"' in after.text
    assert "Not saved yet" in after.text
    assert saved.status_code == 302
    assert texts(application) == [TYPED.replace("\r", "")]
    assert "Not saved yet</h2>" not in again.text
    assert waiting() == 0


def test_text_waits_for_its_writer_in_any_browser(app, browser, writer, page):
    time_out(writer)
    send(browser, page)
    other = app.test_client()

    sign_in(other, writer)

    assert page in other.get("/en/home").text
    assert "هاكني" in other.get(page).text


def test_text_waits_in_every_language_that_its_writer_may_read_later(app, browser, writer, application, page):
    time_out(writer)
    send(browser, page.replace("/en/", "/ar/"))
    other = app.test_client()

    sign_in(other, writer)
    home = other.get("/en/home").text
    found = other.get(page)
    saved = other.post(
        page,
        data={"S1": TYPED, "rev": "0", "once": "page", "csrf_token": csrf_token_in(found)},
        headers={"Referer": f"http://localhost{page}"},
    )

    assert f'href="{page}"' in home
    assert "هاكني" in found.text
    assert saved.status_code == 302
    assert waiting() == 0


def test_text_is_never_shown_to_another_member_who_signs_in(browser, writer, application, page):
    colleague = OrganisationMemberFactory(organisation=application.organisation).user
    time_out(writer)

    refused = send(browser, page)
    after = browser.get(sign_in(browser, colleague, refused))

    assert (after.status_code, after.request.path) == (200, page)
    assert "هاكني" not in after.text
    assert "not saved yet" not in browser.get("/en/home").text


def test_text_of_somebody_else_saved_meanwhile_is_not_written_over(browser, writer, application, page):
    time_out(writer)
    refused = send(browser, page)
    now = utcnow()
    db.session.add(
        Answer(application=application, question_key="S1", value="Hers", saved_at=now, language="en")
    )

    after = browser.get(sign_in(browser, writer, refused))
    both = browser.post(
        page, data={"S1": TYPED, "rev": "0", "once": "page", "csrf_token": csrf_token_in(after)}
    )

    assert both.status_code == 409
    assert "Hers" in both.text
    assert "هاكني" in both.text
    assert waiting() == 0  # it is in the history now


@pytest.mark.parametrize("path", ["/questions/S1", "/withdraw", f"/fund-questions/{UUID(int=0)}"])
def test_form_of_any_page_is_shown_again_there(browser, writer, application, path):
    page = f"/en/applications/{application.id}{path}"
    time_out(writer)

    refused = send(browser, page, note="Our own words")
    location = sign_in(browser, writer, refused)

    assert "Our own words" in refused.text
    assert location == page
    if path == "/withdraw":
        shown = browser.get(page).text
        assert f'action="{page}"' in shown
        assert '<textarea name="note" hidden>\nOur own words</textarea>' in shown
        assert "Save it now" in shown


def test_autosave_keeps_the_newest_text_and_says_so(browser, writer, page):
    time_out(writer)
    headers = {"Referer": f"http://localhost{page}", "Accept": "application/json"}
    for text in ("Half", "Half and whole"):
        body = {"S1": text, "rev": "0", "once": "page"}
        reply = browser.post(f"{page}/autosave", data=body, headers=headers)
    browser.environ_base.pop("HTTP_X_CSRFTOKEN", None)

    assert reply.status_code == 401
    assert reply.json["say"].startswith("You were signed out.")
    assert waiting() == 1
    sign_in(browser, writer)
    assert "Half and whole" in browser.get(page).text


@pytest.mark.parametrize("token", ["", "junk", "forged"])
def test_form_that_does_not_say_whose_it_is_comes_back_and_keeps_nothing(app, client, page, token):
    reply = client.post(page, data={"S1": TYPED, "csrf_token": token})

    assert reply.status_code == 401
    assert "هاكني" in reply.text
    assert waiting() == 0


def test_copy_of_the_table_is_of_no_use(browser, writer, page):
    time_out(writer)

    send(browser, page, S1="Our own words")

    sealed = db.session.execute(sa.select(UnsavedText.sealed)).scalar_one()
    assert b"own words" not in sealed
    assert b"own words".hex().encode() not in sealed


def test_text_is_kept_for_a_day(browser, writer, page):
    time_out(writer)
    send(browser, page)

    with time_machine.travel(utcnow() + timedelta(hours=25), tick=True):
        sign_in(browser, writer)
        assert "هاكني" not in browser.get(page).text
        with unit_of_work():
            sweep_unsaved(now=utcnow())

    assert waiting() == 0


def test_one_person_cannot_fill_the_disk(browser, writer, application):
    time_out(writer)
    page = f"/en/applications/{application.id}/questions/"
    token = browser.environ_base["HTTP_X_CSRFTOKEN"]

    for number in range(MOST_PAGES + 3):
        send(browser, f"{page}X{number}", csrf_token=token)
    too_much = send(browser, f"{page}big", csrf_token=token, S1="x" * MOST_BYTES)

    assert waiting() == MOST_PAGES
    assert too_much.status_code == 401
    assert "Come back to this window" in too_much.text


FORMS = [
    "/questions/S1",
    "/questions/S3_amount",
    "/withdraw",
    "/more-time",
    "/submit",
    "/questions/S1/autosave",
]


@pytest.mark.parametrize("token", [None, "expired", "foreign"])
@pytest.mark.parametrize("path", FORMS)
def test_wrong_token_on_any_form_stores_nothing_and_gives_the_text_back(
    app, browser, writer, application, path, token
):
    good = browser.environ_base.pop("HTTP_X_CSRFTOKEN")
    body = {"S1": "Our own words", "note": "Our own words", "rev": "0", "once": "page"}
    if token == "foreign":
        body["csrf_token"] = signed_in_client(app, UserFactory()).environ_base["HTTP_X_CSRFTOKEN"]
    if token == "expired":
        body["csrf_token"] = good
        browser = signed_in_client(app, writer)  # signed in again since then
        del browser.environ_base["HTTP_X_CSRFTOKEN"]

    reply = browser.post(f"/en/applications/{application.id}{path}", data=body)

    assert reply.status_code == 400
    assert "Our own words" in reply.text
    assert (texts(application), waiting()) == ([], 0)
    assert application.submitted_at is None
