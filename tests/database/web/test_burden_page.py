"""What applying costs groups: the staff's page, and the fragment for the page of one question."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import render_template_string

from fundapp.call_file.shipped import reference_call
from fundapp.lifecycles import CallStatus
from fundapp.web.burden_words import look_of
from tests.factories import CallFactory, FundRoleFactory
from tests.published import published_with


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def call(role):
    return CallFactory(fund=role.fund, status=CallStatus.CO_DESIGN)


def changed(call, **burden):
    published_with(call, burden=call.versions[0].content["burden"] | burden)


def test_every_question_has_its_minutes_and_its_advice(role, call, client_for):
    page = client_for(role.user).get(f"/en/fund/calls/{call.id}/burden")

    assert page.status_code == 200
    assert 'id="question-Q12"' in page.text
    assert 'id="question-E1"' in page.text
    assert "These may be two questions. Ask for one thing, or make two questions." in page.text
    assert "\u2068safeguarding\u2069 is a word of funders. Try: \u2068keeping people safe\u2069." in page.text


def test_over_and_under_are_said_in_words(role, call, client_for):
    changed(call, eoi_hours="0.1", most_percent="0.1")

    page = client_for(role.user).get(f"/en/fund/calls/{call.id}/burden")

    assert "minutes too many. Take a question out or ask for fewer words." in page.text
    assert "minutes to spare." in page.text


def test_page_speaks_arabic(role, call, client_for):
    page = client_for(role.user).get(f"/ar/fund/calls/{call.id}/burden")

    assert page.status_code == 200
    assert 'dir="rtl"' in page.text
    assert "These may be two questions" not in page.text


def test_fragment_shows_minutes_and_advice_of_one_question(app):
    definition = reference_call()
    look = look_of(definition.question("Q1"), definition.languages)

    with app.test_request_context("/en/"):
        shown = render_template_string(
            '{% from "components/burden.html" import cost_of with context %}{{ cost_of(look) }}', look=look
        )

    assert "Words: 13. Try at most 12, and move the rest to the help text." in shown
    assert "العربية" in shown


def test_content_with_a_share_for_applying_is_read(role, call):
    from fundapp.queries.calls import current_version, definition_of

    changed(call, most_percent="2.5")

    assert definition_of(current_version(call)).burden.most_percent == Decimal("2.5")
