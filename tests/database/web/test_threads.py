"""Threads and promised dates on the pages of both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.organisation import MemberRight
from fundapp.models.thread import ThreadMessage
from fundapp.services.promises import find_missed_promises
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    UserFactory,
    days,
)


@pytest.fixture
def application(db_session):
    return ApplicationFactory(eoi_sent=True)


@pytest.fixture
def group(application, client_for):
    user = UserFactory(name="Amina Canary")
    OrganisationMemberFactory(organisation=application.organisation, user=user)
    return client_for(user)


@pytest.fixture
def manager(application):
    return FundRoleFactory(fund=application.call.fund, user__name="Petra Staff").user


@pytest.fixture
def fund(manager, client_for):
    return client_for(manager)


def test_both_sides_write_and_the_group_sees_no_name_of_the_fund(application, group, fund):
    ours, theirs = (
        f"/en/applications/{application.id}/messages",
        f"/en/fund/applications/{application.id}/messages",
    )

    for _press in range(3):
        group.post(ours, data={"text": "مرحبا، متى نسمع منكم؟", "once": "a"})
        fund.post(theirs, data={"text": "On Friday!", "once": "b"})
    seen_by_group, seen_by_fund = group.get(ours).text, fund.get(theirs).text

    assert seen_by_group.count("On Friday!") == seen_by_group.count("متى نسمع") == 1
    assert '<div class="prose" dir="rtl">مرحبا' in seen_by_fund
    assert "Petra Staff" not in seen_by_group
    assert "Amina Canary" in seen_by_fund


def test_empty_message_comes_back_with_a_word(application, group):
    page = group.post(f"/en/applications/{application.id}/messages", data={"text": " ", "once": "a"})

    assert page.status_code == 422
    assert "Write your message." in page.text
    assert 'value="a"' in page.text


def test_who_may_only_read_reads(application, client_for):
    reader = OrganisationMemberFactory(organisation=application.organisation, right=MemberRight.VIEW).user
    path = f"/en/applications/{application.id}/messages"
    browser = client_for(reader)

    assert "<textarea" not in browser.get(path).text
    assert browser.post(path, data={"text": "Hello"}).status_code == 403


def test_conflicted_manager_sees_nothing(application, group, manager, fund):
    group.post(f"/en/applications/{application.id}/messages", data={"text": "Canary words", "once": "a"})
    ConflictFactory(
        call_id=application.call_id, user_id=manager.id, organisation_id=application.organisation_id
    )

    inbox = fund.get(f"/en/fund/calls/{application.call_id}/messages")

    assert inbox.status_code == 200
    assert application.organisation.name not in inbox.text
    assert fund.get(f"/en/fund/applications/{application.id}/messages").status_code == 404
    assert (
        fund.post(f"/en/fund/applications/{application.id}/messages", data={"text": "x"}).status_code == 404
    )


def test_inbox_counts_days_and_marks_what_is_late(application, group, fund):
    group.post(f"/en/applications/{application.id}/messages", data={"text": "Hello?", "once": "a"})
    message = db.session.execute(sa.select(ThreadMessage)).scalar_one()
    message.created_at, message.answer_due_on = days(-20), date.today() - timedelta(days=3)
    db.session.flush()

    page = fund.get(f"/en/fund/calls/{application.call_id}/messages").text

    assert "20 days" in page
    assert "Late" in page


def test_missed_date_says_sorry_and_shows_the_new_date(application, group, fund):
    application.round.new_dates = {
        "eoi_answered": {"day": (date.today() - timedelta(days=1)).isoformat(), "reason": "Snow."}
    }
    db.session.flush()
    find_missed_promises(now=days(0))
    here, ahead = f"/en/applications/{application.id}", date.today() + timedelta(days=9)

    before = group.get(here).text
    moved = fund.post(
        f"/en/fund/rounds/{application.round_id}/promises",
        data={"kind": "eoi_answered", "day": ahead.isoformat(), "reason": "Two readers are ill."},
    )
    after, thread = group.get(here).text, group.get(f"{here}/messages").text

    assert "We have not kept that. We are sorry." in before
    assert "We are working on it and have no new date yet." in before
    assert moved.status_code == 302
    assert "Two readers are ill." in after
    assert "We have not kept that. We are sorry." in thread
    assert application.organisation.name in fund.get(f"/en/fund/rounds/{application.round_id}/promises").text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose a date of the timetable."),
        ({"kind": "feedback", "day": "2020-01-01", "reason": "Late."}, "Choose a day after today."),
    ],
)
def test_new_date_that_cannot_be_comes_back(application, fund, data, message):
    page = fund.post(f"/en/fund/rounds/{application.round_id}/promises", data=data)

    assert page.status_code == 422
    assert message in page.text
    assert application.round.new_dates is None


def test_manager_moves_the_date_of_an_answer_or_needs_none(application, group, fund):
    ours, theirs = (
        f"/en/applications/{application.id}/messages",
        f"/en/fund/applications/{application.id}/messages",
    )
    group.post(ours, data={"text": "Hello?", "once": "a"})
    ahead = date.today() + timedelta(days=30)

    wrong = fund.post(f"{theirs}/date", data={"day": "2020-01-01", "reason": "x"})
    right = fund.post(f"{theirs}/date", data={"day": ahead.isoformat(), "reason": "We ask the bank."})
    read = group.get(ours).text
    fund.post(f"{theirs}/settle")

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "We ask the bank." in read
    assert "An answer is promised by" not in group.get(ours).text
