"""Managers, finance and admins have ties too: what they declare closes the group for them at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import ConflictOfInterest
from tests.board import GOOD, call_at_panel, manager_of, panel_of, read_application
from tests.factories import OrganisationFactory, RatificationFactory


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


@pytest.fixture
def call(db_session: Any) -> Any:
    return call_at_panel()


def ties(call: Any) -> str:
    return f"/en/fund/calls/{call.id}/ties"


def test_tie_closes_the_group_and_the_list_of_its_round(client_for: Any, call: Any) -> None:
    manager, application = manager_of(call), read_application(panel_of(call), GOOD)
    application.organisation.name = "Rosa Circle!"
    browser, about = client_for(manager), f"/en/fund/applications/{application.id}"
    board = f"/en/fund/rounds/{application.round_id}/awards"
    before = [browser.get(page).status_code for page in (about, board)]

    tie = {"group": str(application.organisation_id), "response": "no_scoring", "reason": "My cousin."}
    sent = browser.post(ties(call), data=tie)

    assert (before, sent.status_code) == ([200, 200], 302)
    assert [browser.get(page).status_code for page in (about, board)] == [404, 403]
    page = text(browser.get(ties(call)))
    assert "Rosa Circle!" in page
    assert "You told us. You do not read or score them." in page
    assert f'value="{application.organisation_id}"' not in page


def test_list_opens_again_once_everybody_is_told(client_for: Any, call: Any) -> None:
    manager, application = manager_of(call), read_application(panel_of(call), GOOD)
    browser, board = client_for(manager), f"/en/fund/rounds/{application.round_id}/awards"
    browser.post(ties(call), data={"group": str(application.organisation_id), "response": "leave_room"})
    closed = browser.get(board).status_code

    RatificationFactory(round=application.round, released=True)

    assert (closed, browser.get(board).status_code) == (403, 200)


def test_note_closes_nothing(client_for: Any, call: Any) -> None:
    manager, application = manager_of(call), read_application(panel_of(call), GOOD)
    browser = client_for(manager)

    browser.post(ties(call), data={"group": str(application.organisation_id), "response": "note"})

    assert browser.get(f"/en/fund/rounds/{application.round_id}/awards").status_code == 200


@pytest.mark.parametrize("kind", list(FundRoleKind))
def test_whoever_works_for_the_fund_can_say_so(client_for: Any, call: Any, kind: FundRoleKind) -> None:
    application, person = read_application(panel_of(call), GOOD), manager_of(call, kind)

    client_for(person).post(
        ties(call), data={"group": str(application.organisation_id), "response": "leave_room"}
    )

    (tie,) = db.session.query(ConflictOfInterest).all()
    assert (tie.user_id, tie.source) == (person.id, "declared")


@pytest.mark.parametrize(
    "wrong", [{}, {"group": "x", "response": "note"}, {"response": "leave_room"}, {"group": "\x00"}]
)
def test_wrong_tie_is_said_beside_the_field(client_for: Any, call: Any, wrong: dict[str, str]) -> None:
    read_application(panel_of(call), GOOD)

    page = client_for(manager_of(call)).post(ties(call), data=wrong)

    assert page.status_code == 422
    assert 'id="errors"' in text(page)


def test_group_outside_the_call_cannot_be_declared(client_for: Any, call: Any) -> None:
    read_application(panel_of(call), GOOD)
    data = {"group": str(OrganisationFactory().id), "response": "leave_room"}

    assert client_for(manager_of(call)).post(ties(call), data=data).status_code == 422
