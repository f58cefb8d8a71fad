"""Safe contact on the account's pages, and a new address."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.message import Message
from fundapp.services.contact import Contact, contact_of
from tests.factories import ApplicationFactory, OrganisationMemberFactory, UserFactory, days


@pytest.fixture
def user(db_session):
    return UserFactory(email="old@example.org")


@pytest.fixture
def browser(client_for, user):
    return client_for(user)


def test_what_is_said_about_mail_is_kept_and_shown_again(browser, user):
    data = {"mail": "unsafe", "hours_from": "9", "hours_to": "17"}

    answer = browser.post("/en/account", data=data)

    assert answer.status_code == 302
    assert contact_of(user.id) == Contact(mail_is_safe=False, hours=(9, 17), wants_reminders=False)
    page = browser.get("/en/account").text
    assert re.search(r'value="unsafe"[^>]*checked', page)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"mail": "x"},
        {"mail": "safe", "hours_from": "9"},
        {"mail": "safe", "hours_from": "9", "hours_to": "9"},
    ],
)
def test_half_an_answer_comes_back(browser, user, data):
    assert browser.post("/en/account", data=data).status_code == 422
    assert contact_of(user.id) == Contact()


def test_notice_that_could_not_be_mailed_waits_on_the_first_page(browser, user):
    application = ApplicationFactory(submitted=True)
    OrganisationMemberFactory(organisation=application.organisation, user=user)
    db.session.add(
        Message(
            recipient=user,
            kind="award_update",
            arguments={"application_id": str(application.id)},
            language="en",
            waits_since=days(-1),
        )
    )
    db.session.flush()

    page = browser.get("/en/home")
    browser.post("/en/home/seen")

    assert "News that we did not mail" in page.text
    assert f"/en/applications/{application.id}" in page.text
    assert "News that we did not mail" not in browser.get("/en/home").text


def test_invitation_that_could_not_be_mailed_leads_on_from_the_first_page(browser, user):
    db.session.add(
        Message(
            recipient=user,
            kind="invitation",
            arguments={"code": "a-code"},
            language="en",
            waits_since=days(-1),
        )
    )
    db.session.flush()

    page = browser.get("/en/home")
    browser.post("/en/home/seen")

    assert 'href="/en/join/a-code"' in page.text
    assert db.session.execute(sa.select(Message.arguments)).scalars().all() == [{}]


def code_mailed_to(address: str) -> str:
    query = sa.select(Message.arguments).where(Message.address == address)
    return str(db.session.execute(query).scalars().all()[-1]["code"])


def test_new_address_is_proved_with_a_code(browser, user):
    browser.post("/en/account/address", data={"email": "New@example.org"})
    wrong = browser.post("/en/account/address/code", data={"code": "000000"})
    right = browser.post("/en/account/address/code", data={"code": code_mailed_to("new@example.org")})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert user.email == "new@example.org"
    kinds = db.session.execute(sa.select(Message.kind)).scalars().all()
    assert kinds == ["sign_in_code"]  # the old address was not said to be safe
    assert browser.get("/en/home").status_code == 302  # signed out everywhere


def test_address_of_somebody_else_cannot_be_taken(browser, user):
    UserFactory(email="taken@example.org")

    asked = browser.post("/en/account/address", data={"email": "taken@example.org"})
    answer = browser.post("/en/account/address/code", data={"code": code_mailed_to("taken@example.org")})

    assert asked.status_code == 302  # the same as for an address nobody has
    assert answer.status_code == 409
    assert user.email == "old@example.org"


def test_code_cannot_be_guessed_for_long(browser, user):
    browser.post("/en/account/address", data={"email": "new@example.org"})

    answers = [
        browser.post("/en/account/address/code", data={"code": f"{n:06d}"}).status_code for n in range(7)
    ]

    assert answers[-1] == 429
    assert user.email == "old@example.org"
