"""A person's calendar address: dates alone, for whoever has it, until it is stopped."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pytest

from fundapp.db import db
from fundapp.lifecycles import CheckInStatus
from fundapp.models.award import Ratification
from fundapp.models.calendar import CalendarFeed
from fundapp.models.panel import PanelSeat
from tests.database.web.test_panel_pages import text
from tests.documents.test_calendar_file import read
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    CalendarFeedFactory,
    CallFactory,
    CheckInFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    RatificationFactory,
)
from tests.published import dated
from tests.sign_in import client_with_token

OTHER_KEY = "0" * 40


@pytest.fixture
def seat(db_session) -> PanelSeat:
    panel = PanelFactory()
    panel.practice_opens_at = datetime(2027, 6, 8, 23, tzinfo=UTC)
    panel.practice_closes_at = datetime(2027, 6, 11, 23, tzinfo=UTC)
    dated(
        panel.round,
        scoring_opens_at=datetime(2027, 6, 17, 23, tzinfo=UTC),
        scoring_closes_at=datetime(2027, 7, 9, 23, tzinfo=UTC),  # midnight in London
        panel_meets_at=datetime(2027, 7, 14, 9, 30, tzinfo=UTC),
    )
    return PanelSeatFactory(panel=panel)


@pytest.fixture
def browser(client_for, seat):
    return client_for(seat.user)


def press(browser, seat, go: str = "make") -> None:
    answer = browser.post("/en/account/calendar", data={"go": go})
    assert answer.status_code == 302


def path_in(page) -> str | None:
    found = re.search(r'href="https?://[^/"]+(/calendar/[^"]+\.ics)"', page.get_data(as_text=True))
    return found.group(1) if found else None


def address(browser, seat) -> str | None:
    return path_in(browser.get("/en/account/calendar"))


def test_dates_are_read_without_signing_in_in_the_members_language(app, browser, seat):
    seat.user.language = "uk"
    press(browser, seat)

    answer = client_with_token(app).get(address(browser, seat))

    days = [(e["SUMMARY"], e.get("DTSTART;VALUE=DATE"), e.get("DTEND;VALUE=DATE")) for e in read(answer.data)]
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert [day[1:] for day in days] == [
        ("20270609", "20270612"),
        ("20270618", "20270619"),
        ("20270709", "20270710"),
        (None, None),
    ]
    assert read(answer.data)[-1]["DTSTART"] == "20270714T093000Z"
    assert "Meeting" not in days[-1][0]


def test_titles_say_nothing_about_fund_call_or_person(app, browser, seat):
    press(browser, seat)

    content = client_with_token(app).get(address(browser, seat)).text

    call = seat.panel.call
    told = (call.code, call.fund.name, call.fund.organisation_name, seat.user.email, "panel", "grant")
    assert [word for word in told if word.lower() in content.lower()] == []


def test_new_address_stops_the_old_one_and_stopping_ends_it(app, browser, seat):
    press(browser, seat)
    first = address(browser, seat)
    press(browser, seat)
    second = address(browser, seat)
    nobody = client_with_token(app)
    before = [nobody.get(path).status_code for path in (first, second)]
    press(browser, seat, "stop")
    press(browser, seat, "stop")

    assert (before, nobody.get(second).status_code, address(browser, seat)) == ([404, 200], 404, None)


def test_wrong_key_and_a_person_who_is_shut_out_find_nothing(app, browser, seat):
    press(browser, seat)
    path, feed = address(browser, seat), db.session.query(CalendarFeed).one()
    nobody = client_with_token(app)

    guessed = nobody.get(f"/calendar/{feed.id}/{OTHER_KEY}.ics").status_code
    strange = nobody.get(f"/calendar/{feed.id}/ключ.ics").status_code
    seat.user.is_disabled = True
    db.session.flush()

    assert (guessed, strange, nobody.get(path).status_code) == (404, 404, 404)


def test_address_holds_nothing_of_the_person_and_is_not_in_the_database(app, browser, seat, monkeypatch):
    press(browser, seat)
    path, feed, user = address(browser, seat), db.session.query(CalendarFeed).one(), seat.user

    key = path.rsplit("/", 1)[1].removesuffix(".ics")
    of_the_person = (str(user.id), user.id.hex, user.email, user.name)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret")
    other = address(browser, seat)

    assert [part for part in of_the_person if part.lower() in unquote(path).lower()] == []
    assert (len(key), key in feed.salt, key in str(feed.id)) == (40, False, False)
    assert other.startswith(f"/calendar/{feed.id}/")
    assert other != path
    assert client_with_token(app).get(path).status_code == 404


def test_each_person_has_an_address_of_their_own(browser, seat):
    other = CalendarFeedFactory()
    press(browser, seat)

    assert str(other.id) not in text(browser.get("/en/account/calendar"))


@pytest.fixture
def talk(db_session):
    """A conversation to come of a running grant that everybody was told of."""
    call = CallFactory(deciding=True)
    award = AwardFactory(application=ApplicationFactory(call=call, at_panel=True), active=True)
    RatificationFactory(round=award.round, released=True)
    return CheckInFactory(award=award, due_on=date(2027, 9, 3))


@pytest.fixture
def member(talk):
    return OrganisationMemberFactory(organisation=talk.award.organisation).user


def days_of(app, client_for, person) -> list[str | None]:
    browser = client_for(person)
    browser.post("/en/account/calendar", data={"go": "make"})
    answer = client_with_token(app).get(path_in(browser.get("/en/account/calendar")))
    assert {entry["SUMMARY"] for entry in read(answer.data)} <= {"Conversation"}
    return [entry.get("DTSTART;VALUE=DATE") for entry in read(answer.data)]


def test_conversations_are_in_the_calendars_of_the_group_and_of_the_fund(app, client_for, talk, member):
    manager = FundRoleFactory(fund=talk.award.call.fund).user
    stranger = OrganisationMemberFactory().user

    found = [days_of(app, client_for, person) for person in (member, manager, stranger)]

    assert found == [["20270903"], ["20270903"], []]


def test_manager_with_a_tie_has_no_date_of_the_group(app, client_for, talk):
    manager = FundRoleFactory(fund=talk.award.call.fund).user
    ConflictFactory(user=manager, call_id=talk.award.call_id, organisation=talk.award.organisation)

    assert days_of(app, client_for, manager) == []


def test_conversation_that_took_place_is_no_date(app, client_for, talk, member):
    talk.status, talk.held_at = CheckInStatus.HELD, datetime(2027, 9, 3, 10, tzinfo=UTC)

    assert days_of(app, client_for, member) == []


def test_grant_nobody_was_told_of_has_no_dates(app, client_for, db_session, talk, member):
    db_session.query(Ratification).one().released_at = None

    assert days_of(app, client_for, member) == []
