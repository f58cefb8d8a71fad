"""The check before applying: three outcomes, nothing stored, nothing lost, no dead end."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.application import Application
from fundapp.models.user import UserSession
from tests.factories import CallFactory
from tests.sign_in import client_with_token

FITTING = {
    "E1": "yes",
    "E2": "yes",
    "E3": "yes",
    "E4": "yes",
    "E5": "yes",
    "E6": "yes",
    "E7": "from_10000",
    "E8": "all",
    "E9": "half",
    "E10": "more_than_half",
    "E11": "no",
    "E12": "yes",
    "E13": "no",
}


@pytest.fixture
def call(db_session):
    return CallFactory()


@pytest.fixture
def browser(app, call):
    return client_with_token(app)


def answer(browser, call, answers, language="en"):
    """From the first question on, as the pages lead; the address of the last page."""
    place = f"/{language}/calls/{call.code}/check/E1"
    while "/check/" in place:
        key = place.rsplit("/", 1)[1]
        reply = browser.post(place, data={key: answers[key]})
        assert reply.status_code == 302, (key, reply.status_code)
        place = reply.headers["Location"]
    return place


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", page.text)[1]


def test_group_that_fits_is_led_to_its_application(browser, call):
    place = answer(browser, call, FITTING)

    page = browser.get(place)
    assert (place, heading(page)) == (f"/en/calls/{call.code}/check-result", "You can apply")
    assert f'href="/en/calls/{call.code}/start"' in page.text
    assert "Your answers fit the rule of this fund for groups led by and for their community." in page.text


def test_answers_travel_in_the_session_and_nowhere_else(browser, call):
    answer(browser, call, FITTING)

    stored = db.session.execute(sa.select(UserSession.data)).scalars().all()
    typed = FITTING | {
        key: FITTING[key] == "yes" for key in ("E1", "E2", "E3", "E4", "E5", "E6", "E11", "E13")
    }
    assert [data.get(f"eligibility:{call.code}") for data in stored] == [typed]
    assert db.session.execute(sa.select(sa.func.count()).select_from(Application)).scalar_one() == 0


def test_group_to_talk_to_gets_a_phone_number_and_may_start(browser, call):
    call.fund.contact_phone, call.fund.contact_email = "020 7946 0000", "talk@example.org"

    page = browser.get(answer(browser, call, FITTING | {"E2": "no", "E8": "more_than_half"}))

    assert heading(page) == "Talk to us first"
    assert 'href="tel:02079460000"' in page.text
    assert 'href="mailto:talk@example.org"' in page.text
    assert f'href="/en/calls/{call.code}/start"' in page.text
    assert "You are close to the rule" in page.text


def test_wrong_fund_is_said_at_once_with_somewhere_to_go(browser, call):
    page = browser.get(answer(browser, call, FITTING | {"E1": "no"}))

    assert heading(page) == "Not this fund"
    assert "This money can only be used for work with people in London." in page.text
    assert "Ask us, and we will tell you where else to try." in page.text
    assert f'href="/en/calls/{call.code}/check/E1?change=yes"' in page.text
    assert "/start" not in page.text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"E4": "no"}, "A host can hold the money"),
        ({"E12": "not_yet"}, "We help you to get ready"),
        ({"E13": "yes"}, "We keep you confidential"),
        ({"E8": "less"}, "your group does not count as led by and for its community. You can still apply."),
    ],
)
def test_result_explains_what_an_answer_leads_to(browser, call, answers, words):
    page = browser.get(answer(browser, call, FITTING | answers))

    assert heading(page) == "You can apply"
    assert words in page.text


def test_changed_answer_leads_back_to_the_result(browser, call):
    answer(browser, call, FITTING | {"E2": "no"})

    shown = browser.get(f"/en/calls/{call.code}/check/E2")
    reply = browser.post(f"/en/calls/{call.code}/check/E2?change=yes", data={"E2": "yes"})

    assert 'value="no" id="E2-1" checked' in shown.text
    assert reply.headers["Location"] == f"/en/calls/{call.code}/check-result"
    assert heading(browser.get(reply.headers["Location"])) == "You can apply"


def test_changed_answer_after_an_early_end_goes_on_with_the_open_questions(browser, call):
    answer(browser, call, FITTING | {"E1": "no"})

    reply = browser.post(f"/en/calls/{call.code}/check/E1?change=yes", data={"E1": "yes"})

    assert reply.headers["Location"] == f"/en/calls/{call.code}/check/E2"


def test_result_before_the_end_leads_to_the_first_open_question(browser, call):
    nothing = browser.get(f"/en/calls/{call.code}/check-result")
    browser.post(f"/en/calls/{call.code}/check/E1", data={"E1": "yes"})
    something = browser.get(f"/en/calls/{call.code}/check-result")

    assert nothing.headers["Location"] == f"/en/calls/{call.code}/check"
    assert something.headers["Location"] == f"/en/calls/{call.code}/check/E2"


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
@pytest.mark.parametrize("key", ["E1", "E7"])
def test_empty_answer_is_refused_beside_the_question_and_in_the_summary(browser, call, language, key):
    page = browser.post(f"/{language}/calls/{call.code}/check/{key}", data={})

    assert page.status_code == 422
    assert f'<a href="#{key}">' in page.text
    assert f'id="{key}-error"' in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("wrong", ["maybe", "\x00", "\ud800", "x" * 10_000, str(2**70), "٣", "all\x00"])
def test_unknown_answer_is_refused_and_nothing_kept(browser, call, wrong):
    page = browser.post(
        f"/en/calls/{call.code}/check/E8",
        data=b"E8="
        + wrong.encode("utf-8", "surrogatepass").hex(" ").replace(" ", "%").join(["%", ""]).encode(),
        content_type="application/x-www-form-urlencoded",
    )

    assert page.status_code == 422
    assert "E8-error" in page.text
    stored = db.session.execute(sa.select(UserSession.data)).scalars().all()
    assert [f"eligibility:{call.code}" in data for data in stored] == [False]


@pytest.mark.parametrize("key", ["E99", "S1", "%00", "x" * 2_000])
def test_unknown_question_is_no_page(browser, call, key):
    assert browser.get(f"/en/calls/{call.code}/check/{key}").status_code in (400, 404)


def test_answers_can_be_deleted(browser, call):
    answer(browser, call, FITTING)

    reply = browser.post(f"/en/calls/{call.code}/check-clear")

    assert reply.headers["Location"] == f"/en/calls/{call.code}/check"
    stored = db.session.execute(sa.select(UserSession.data)).scalars().all()
    assert [f"eligibility:{call.code}" in data for data in stored] == [False]


def test_reading_the_check_stores_nothing(client, call):
    for path in ("check", "check-result"):
        client.get(f"/en/calls/{call.code}/{path}")

    assert db.session.execute(sa.select(sa.func.count()).select_from(UserSession)).scalar_one() == 0


def test_two_calls_keep_their_answers_apart(browser, call):
    other = CallFactory(code="OTHER", fund=call.fund)
    answer(browser, call, FITTING)

    assert browser.get(f"/en/calls/{other.code}/check-result").headers["Location"] == "/en/calls/OTHER/check"


def test_closed_call_can_be_checked_but_not_started(app, db_session):
    call = CallFactory(status=CallStatus.CLOSED)
    browser = client_with_token(app)

    page = browser.get(answer(browser, call, FITTING))

    assert "/start" not in page.text
    assert "You cannot start an application at the moment." in page.text


def test_check_needs_a_token(client, call):
    reply = client.post(f"/en/calls/{call.code}/check/E1", data={"E1": "yes"})

    assert reply.status_code == 400


def test_check_in_arabic_ends_with_the_same_outcome(browser, call):
    page = browser.get(answer(browser, call, FITTING | {"E3": "no"}, language="ar"))

    assert 'dir="rtl"' in page.text
    assert "بحسب القانون لا يمكننا تمويل إلا المجموعات غير الربحية." in page.text
