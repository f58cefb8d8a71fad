"""Minutes are counted only for who chose it, once, without a name; readers never see them."""

from __future__ import annotations

import re
from datetime import timedelta

import brotli
import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.tally import QuestionTally
from fundapp.services.tallies import count_minutes
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    RatificationFactory,
)

OFFER = "Help us to make the form shorter"


@pytest.fixture
def application(db_session):
    return ApplicationFactory()


@pytest.fixture
def browser(application, client_for):
    return client_for(OrganisationMemberFactory(organisation=application.organisation).user)


def counted():
    rows = db.session.execute(
        sa.select(QuestionTally.question_key, QuestionTally.minutes).where(QuestionTally.number == 1)
    )
    return [tuple(row) for row in rows]


def here(application, rest=""):
    return f"/en/applications/{application.id}{rest}"


def choose(browser, application, answer="yes"):
    return browser.post(here(application, "/count-minutes"), data={"count": answer})


def hidden(page):
    return dict(re.findall(r'name="(once|rev|opened)" value="([^"]*)"', page.text))


def save(browser, application, text="We run a kitchen.", **more):
    page = browser.get(here(application, "/questions/S1"))
    return browser.post(here(application, "/questions/S1"), data=hidden(page) | {"S1": text} | more)


def test_nothing_is_counted_without_the_choice(application, browser):
    page = browser.get(here(application, "/questions/S1"))

    save(browser, application)

    assert 'name="opened"' not in page.text
    assert OFFER in browser.get(here(application)).text
    assert db.session.execute(sa.select(QuestionTally)).all() == []


def test_one_minute_is_counted_once_however_often_it_is_sent(application, browser):
    choose(browser, application)
    page = browser.get(here(application, "/questions/S1"))
    for _press in range(3):
        browser.post(here(application, "/questions/S1"), data=hidden(page) | {"S1": "We run a kitchen."})
    save(browser, application, text="Another text.")

    assert counted() == [("S1", 1)]


def test_a_choice_can_be_taken_back(application, browser):
    choose(browser, application)
    assert "We count now." in browser.get(here(application)).text

    choose(browser, application, "no")
    save(browser, application)

    assert counted() == []


@pytest.mark.parametrize("opened", ["", "x", "WyJTMSIsMV0.forged", "a" * 5_000])
def test_a_forged_moment_counts_nothing_and_saves_the_answer(application, browser, opened):
    choose(browser, application)

    answer = save(browser, application, opened=opened)

    assert answer.status_code == 302
    assert counted() == []


def test_what_is_kept_says_nothing_of_who_and_when(db_session):
    columns = {column.name for column in QuestionTally.__table__.columns}

    assert columns == {"round_id", "question_key", "minutes", "number"}
    assert {key.target_fullname for key in QuestionTally.__table__.foreign_keys} == {"round.id"}


def over(fund=None):
    call = CallFactory(status=CallStatus.DECIDED, **({"fund": fund} if fund else {}))
    RatificationFactory(round=call.rounds[0], released=True)
    return call


def add_minutes(call, number=6):
    for place in range(number):
        count_minutes(call.rounds[0].id, "S1", 290, of_questions=["S1", "S2"], ticket_digest=f"{place:064}")


def test_public_page_sets_the_estimate_beside_what_was_measured(db_session, client):
    call = over()
    add_minutes(call)

    page = client.get(f"/en/calls/{call.code}/what-it-cost")

    assert "5 minutes" in page.text
    assert "Not enough answers yet to show" in page.text
    assert len(brotli.compress(page.get_data())) <= 10_000


def test_public_page_leaves_room_for_the_reader_among_six_queries(db_session, client, count_queries):
    call = over()
    add_minutes(call)
    address = f"/ar/calls/{call.code}/what-it-cost"
    db_session.expire_all()

    with count_queries() as queries:
        client.get(address)

    assert queries.number <= 5, queries.statements


def test_public_page_before_any_round_is_over_says_so(db_session, client):
    page = client.get(f"/en/calls/{CallFactory().code}/what-it-cost")

    assert "No round is over yet." in page.text


def test_last_round_lies_before_the_next_session(db_session, client_for):
    role = FundRoleFactory()
    over(role.fund)
    coming = CallFactory(fund=role.fund, status=CallStatus.CO_DESIGN)

    page = client_for(role.user).get(f"/en/fund/calls/{coming.id}/co-design")

    assert "For the next session: what the last round cost groups" in page.text


def test_no_page_of_a_reader_changes_when_minutes_are_counted(db_session, client_for):
    from tests.factories import PanelFactory, PanelSeatFactory, ReviewAssignmentFactory

    call = CallFactory(deciding=True)
    seat = PanelSeatFactory(panel=PanelFactory(call=call), conflicts_declared_at=utcnow() - timedelta(days=1))
    assignment = ReviewAssignmentFactory(seat=seat, application=ApplicationFactory(call=call, at_panel=True))
    reader = client_for(seat.user)
    pages = ("/en/home", f"/en/panel/assignments/{assignment.id}", f"/en/calls/{call.code}/what-it-cost")

    before = [_plain(reader.get(page)) for page in pages]
    add_minutes(call, 20)
    ApplicationFactory(call=call)

    assert [_plain(reader.get(page)) for page in pages] == before
    assert reader.get(f"/en/fund/calls/{call.id}/co-design").status_code == 404


def _plain(page):
    return page.status_code, re.sub(r'value="[^"]{20,}"|data-[a-z]+="[^"]*"', "", page.text)
