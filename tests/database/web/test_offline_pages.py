"""What the server says to a phone that keeps things: which pages, for whom, and when to throw all away."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import AnswerRevision
from fundapp.models.message import Message
from fundapp.models.unsaved_text import UnsavedText
from tests.database.web.test_account import mailed_code
from tests.database.web.test_unsaved import sign_in
from tests.factories import ApplicationFactory, OrganisationMemberFactory, UserFactory
from tests.sign_in import csrf_token_in, signed_in_client

KEPT = ("", "/questions/S1", "/questions/S1/media")


@pytest.fixture
def application(db_session):
    return ApplicationFactory()


@pytest.fixture
def writer(application):
    return OrganisationMemberFactory(organisation=application.organisation).user


@pytest.mark.parametrize("shared", [True, False])
def test_only_an_own_device_is_offered_it_and_told_to_keep_pages(app, application, writer, shared):
    browser = signed_in_client(app, writer, shared_device=shared)
    path = f"/en/applications/{application.id}"

    switch = browser.get("/en/offline").text
    told = ["X-Offline" in browser.get(f"{path}{rest}").headers for rest in KEPT]

    assert ("This is my own phone" in switch, "Not on this device" in switch) == (not shared, shared)
    assert told == [not shared] * len(KEPT)
    assert ("/en/offline" in browser.get(path).text) is not shared


def test_pages_after_sending_are_never_kept(app, db_session):
    application = ApplicationFactory(submitted=True)
    member = OrganisationMemberFactory(organisation=application.organisation)
    browser = signed_in_client(app, member.user, shared_device=False)

    for rest in ("", "/receipt", "/copy.json"):
        assert "X-Offline" not in browser.get(f"/en/applications/{application.id}{rest}").headers


@pytest.mark.parametrize("own", [True, False])
def test_signing_in_on_a_shared_device_empties_the_browser(app, db_session, own):
    browser, person = app.test_client(), UserFactory()
    token = csrf_token_in(browser.get("/en/sign-in"))
    browser.post("/en/sign-in", data={"email": person.email, "csrf_token": token})
    token = csrf_token_in(browser.get("/en/sign-in/code"))
    code = mailed_code(db.session, person.email)

    body = {"code": code, "csrf_token": token} | ({"own_device": "yes"} if own else {})
    page = browser.post("/en/sign-in/code", data=body)

    assert page.headers.get("Clear-Site-Data") == (None if own else '"storage"')


def test_switching_off_empties_the_browser(app, writer):
    page = signed_in_client(app, writer, shared_device=False).post("/en/offline/off")

    assert page.headers["Clear-Site-Data"] == '"storage"'


def posted_later(browser, application, of, **more):
    """As the worker sends what it kept: a token of today, and the one of the page it was written on."""
    body = {"S1": "Written without a line", "rev": "0", "once": "page", "to": "x"}
    body["csrf_token"] = browser.environ_base["HTTP_X_CSRFTOKEN"]
    page = f"/en/applications/{application.id}/questions/S1"
    headers = {"Referer": f"http://localhost{page}"}
    return browser.post(page, data=body | {"was": of} | more, headers=headers)


def saved() -> list[object]:
    return list(db.session.execute(sa.select(AnswerRevision.value)).scalars())


def test_text_kept_by_a_phone_is_stored_once_however_often_it_is_sent(app, application, writer):
    old, now = signed_in_client(app, writer), signed_in_client(app, writer)

    for _time in range(3):
        reply = posted_later(now, application, old.environ_base["HTTP_X_CSRFTOKEN"])

    assert reply.status_code == 302
    assert saved() == ["Written without a line"]


def test_text_of_one_person_is_never_sent_as_that_of_the_next(app, application, writer):
    colleague = OrganisationMemberFactory(organisation=application.organisation).user
    of_writer = signed_in_client(app, writer).environ_base["HTTP_X_CSRFTOKEN"]

    reply = posted_later(signed_in_client(app, colleague), application, of_writer)

    assert reply.status_code == 202  # the phone may forget it: it waits for its writer
    assert saved() == []
    assert db.session.execute(sa.select(UnsavedText.user_id)).scalars().all() == [writer.id]
    browser = app.test_client()
    sign_in(browser, writer)
    assert "Written without a line" in browser.get(f"/en/applications/{application.id}/questions/S1").text


def test_text_that_comes_after_a_newer_one_is_kept_in_the_history_and_the_phone_may_forget_it(
    app, application, writer
):
    browser = signed_in_client(app, writer)
    page = f"/en/applications/{application.id}/questions/S1"
    browser.post(page, data={"S1": "Newer, from another phone", "rev": "0", "once": "other"})

    reply = posted_later(browser, application, browser.environ_base["HTTP_X_CSRFTOKEN"])

    assert reply.status_code == 202
    assert sorted(map(str, saved())) == ["Newer, from another phone", "Written without a line"]
    assert "Newer, from another phone" in browser.get(page).text


@pytest.mark.parametrize(("content", "found"), [(b"%PDF-1.7 a letter", "This kind of file"), (b"", "")])
def test_file_of_no_use_is_forgotten_by_the_phone_and_told_to_its_group(
    app, application, writer, content, found
):
    browser = signed_in_client(app, writer)
    page = f"/en/applications/{application.id}/questions/S1/media"
    token = browser.environ_base["HTTP_X_CSRFTOKEN"]

    for status in (202, 302 if content else 202):  # the phone may forget it after each of them
        file = (io.BytesIO(content), "letter.webm" if content else "")
        body = {"kind": "voice", "once": "1-17", "was": token, "file": file}
        reply = browser.post(page, data=body, headers={"Referer": f"http://localhost{page}"})
        assert reply.status_code == status

    kinds = db.session.execute(sa.select(Message.kind)).scalars().all()
    assert kinds == (["recording_unusable"] if content else [])
    assert found in browser.get(page).text


@pytest.mark.parametrize("was", ["", "junk"])
def test_text_that_does_not_say_whose_it_is_is_not_stored(app, application, writer, was):
    reply = posted_later(signed_in_client(app, writer), application, was)

    assert reply.status_code == 401
    assert saved() == []
