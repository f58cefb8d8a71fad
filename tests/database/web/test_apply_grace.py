"""Asking for more time through the pages."""

from __future__ import annotations

import pytest

from fundapp.db import db
from fundapp.models.application import Application
from tests.database.services.test_apply_applications import EOI, answered
from tests.factories import (
    ApplicationHelperFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    UserFactory,
    days,
)


@pytest.fixture
def writer(db_session):
    return UserFactory()


@pytest.fixture
def browser(client_for, writer):
    return client_for(writer)


def draft(writer, *, opened_days_ago: float) -> Application:
    application = answered(EOI, call=CallFactory(opens_at=days(-opened_days_ago)))
    application.created_at = days(-8)
    OrganisationMemberFactory(organisation=application.organisation, user=writer)
    db.session.flush()
    return application


def test_late_group_asks_and_sends_without_anybody_of_the_fund(browser, writer):
    application = draft(writer, opened_days_ago=31)
    here = f"/en/applications/{application.id}"

    refused = browser.post(f"{here}/submit")
    asked = browser.post(f"{here}/more-time", data={"reason": "No electricity for two days."})
    page = browser.get(here)
    sent = browser.post(f"{here}/submit")
    receipt = browser.get(sent.location)

    assert refused.status_code == 409
    assert f'href="{here}/more-time"' in refused.text
    assert (asked.status_code, asked.location) == (302, here)
    assert "This is with the time you asked for." in page.text
    assert sent.location == f"{here}/receipt"
    assert "You had asked for more time. It came within that time." in receipt.text
    assert " UTC" in receipt.text


def test_manager_reads_the_reason(browser, writer, client_for):
    application = draft(writer, opened_days_ago=31)
    manager = client_for(FundRoleFactory(fund=application.call.fund).user)
    browser.post(f"/en/applications/{application.id}/more-time", data={"reason": "Power cut in our street."})

    page = manager.get(f"/en/fund/applications/{application.id}")

    assert "Asked for more time" in page.text
    assert "Power cut in our street." in page.text


def test_who_prefers_not_to_say_says_nothing(browser, writer, client_for):
    application = draft(writer, opened_days_ago=31)
    manager = client_for(FundRoleFactory(fund=application.call.fund).user)
    browser.post(
        f"/en/applications/{application.id}/more-time", data={"reason": "secret", "rather_not": "yes"}
    )

    page = manager.get(f"/en/fund/applications/{application.id}")

    assert "They preferred not to say why." in page.text
    assert "secret" not in page.text


def test_empty_form_says_what_to_do(browser, writer):
    application = draft(writer, opened_days_ago=31)

    page = browser.post(f"/en/applications/{application.id}/more-time", data={"reason": " "})

    assert page.status_code == 422
    assert "Write a few words, or tick “I prefer not to say”." in page.text
    assert application.grace_until is None


@pytest.mark.parametrize(
    ("opened_days_ago", "is_offered"), [(20, False), (24, True), (31, True), (33, False)]
)
def test_more_time_is_offered_around_the_deadline(browser, writer, opened_days_ago, is_offered):
    application = draft(writer, opened_days_ago=opened_days_ago)
    here = f"/en/applications/{application.id}"

    page, form = browser.get(here), browser.get(f"{here}/more-time")

    assert ("/more-time" in page.text) is is_offered
    assert form.status_code == (200 if is_offered else 409)


def test_withdrawing_keeps_the_reason_where_there_is_one(browser, writer, client_for):
    application = draft(writer, opened_days_ago=10)
    manager = client_for(FundRoleFactory(fund=application.call.fund).user)

    browser.post(f"/en/applications/{application.id}/withdraw", data={"reason": "We have merged."})

    assert "We have merged." in manager.get(f"/en/fund/applications/{application.id}").text


def test_helper_asks_for_no_time(writer, client_for):
    application = draft(writer, opened_days_ago=31)
    helper = client_for(ApplicationHelperFactory(application=application).user)
    here = f"/en/applications/{application.id}"

    answers = [helper.get(f"{here}/more-time"), helper.post(f"{here}/more-time", data={"reason": "Late."})]

    assert "/more-time" not in helper.get(here).text
    assert [each.status_code for each in answers] == [403, 403]
    assert application.grace_until is None
