"""The check before applying leaves nothing behind unless somebody chooses to go on; then few steps follow."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from fundapp.db import Base, db
from fundapp.models.application import Application
from fundapp.models.message import Message
from fundapp.models.organisation import OrganisationMember
from fundapp.models.user import User, UserSession
from tests.database.web.test_public_check import FITTING
from tests.factories import CallFactory

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def call(db_session):
    return CallFactory()


def everything() -> dict[str, int]:
    """Rows of every table."""
    return {
        table.name: db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
    }


def press(browser, path: str, **fields: str):
    """As a browser does it: read the page, send its form with its token."""
    page = browser.get(path)
    return browser.post(path, data={"csrf_token": TOKEN.search(page.text)[1], **fields})


def check(browser, call, answers=FITTING, *, until: str = "") -> str:
    place = f"/en/calls/{call.code}/check/E1"
    while "/check/" in place and not (until and place.endswith(f"/{until}")):
        key = place.rpartition("/")[2]
        place = press(browser, place, **{key: answers[key]}).headers["Location"]
    return place


def test_whole_check_changes_nothing_in_the_database(client, call):
    db.session.commit()
    before = everything()

    place = check(client, call)
    page = client.get(place)
    client.get(f"/en/calls/{call.code}/check")

    assert "You can apply" in page.text
    assert everything() == before


def test_cookie_of_the_check_cannot_be_read_or_changed_and_goes_with_the_browser(app, client, call):
    check(client, call)

    name = app.config["SETTINGS"].cookie_name
    cookie = client.get_cookie(name)
    assert (cookie.expires, cookie.max_age, cookie.http_only) == (None, None, True)
    assert "E13" not in cookie.value
    assert len(cookie.value) < 1_000
    client.set_cookie(name, cookie.value[:-4] + "AAAA")
    assert client.get(f"/en/calls/{call.code}/check-result").headers["Location"].endswith("/check")


def test_leaving_takes_the_answers_away(client, call):
    check(client, call)

    client.get("/en/leave")
    client.get("/en/open-again")

    assert client.get(f"/en/calls/{call.code}/check-result").status_code == 302


@pytest.mark.parametrize("until", ["E5", ""], ids=["unfinished", "finished"])
def test_answers_are_taken_along_through_sign_in(client, call, until):
    check(client, call, until=until)

    sign_in(client, f"/en/calls/{call.code}/start")

    row = db.session.execute(sa.select(UserSession).where(UserSession.user_id.is_not(None))).scalar_one()
    kept = row.data[f"eligibility:{call.code}"]
    assert sorted(kept) == sorted(key for key in FITTING if not until or int(key[1:]) < int(until[1:]))


def sign_in(browser, after: str) -> str:
    """Two forms: the address, and the code of the mail. Where they lead."""
    start = browser.get(after)
    press(browser, start.headers["Location"], email="new@example.org")
    mail = db.session.execute(sa.select(Message).where(Message.kind == "sign_in_code")).scalar_one()
    return press(browser, "/en/sign-in/code", code=mail.arguments["code"]).headers["Location"]


def test_three_short_forms_lead_from_the_check_to_the_first_question(client, call):
    """Registration loses people: an address, a code and the name of the group, and nothing else."""
    place = check(client, call)
    forms = ["address", "code"]
    place = sign_in(client, f"/en/calls/{call.code}/start")
    while "/questions/" not in place:
        page = client.get(place)
        once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
        answer = client.post(
            place, data={"csrf_token": TOKEN.search(page.text)[1], "once": once, "name": "Nour"}
        )
        forms.append("name of the group")
        place = answer.headers["Location"]

    assert forms == ["address", "code", "name of the group"]
    assert client.get(place).status_code == 200
    assert db.session.execute(sa.select(sa.func.count()).select_from(Application)).scalar_one() == 1
    member = db.session.execute(sa.select(OrganisationMember)).scalar_one()
    assert member.user_id == db.session.execute(sa.select(User.id)).scalar_one()
