"""The fund reads the readers' sentences while scoring goes on."""

from __future__ import annotations

import re

import pytest

from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import ReviewAssignment
from fundapp.models.wording import SentenceCheck
from tests.database.web.test_panel_pages import give, lock_whole, text
from tests.factories import FundRoleFactory, PanelFactory, PanelSeatFactory


@pytest.fixture
def assignment(db_session) -> ReviewAssignment:
    assignment = give(PanelSeatFactory(panel=PanelFactory()))
    lock_whole(assignment)
    return assignment


@pytest.fixture
def browser(client_for, assignment):
    return client_for(FundRoleFactory(fund=assignment.application.call.fund, kind=FundRoleKind.MANAGER).user)


def address(assignment: ReviewAssignment) -> str:
    return f"/en/fund/applications/{assignment.application_id}/sentences"


def first_form(page: str) -> tuple[str, dict[str, str]]:
    action = re.search(r'action="([^"]*/sentences/[^"]*)"', page)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    name = re.search(r'name="(s[0-9a-f]{12}-text)"', page)
    assert action
    assert digest
    assert name
    return action.group(1), {"digest": digest.group(1), "name": name.group(1)}


def test_sentence_is_put_kindly_or_left_out_on_the_page(browser, assignment):
    action, found = first_form(browser.get(address(assignment)).get_data(as_text=True))
    digest = {"digest": found["digest"]}

    empty = browser.post(action, data=digest | {found["name"]: "", "go": "use"})
    kept = browser.post(action, data=digest | {found["name"]: "Kindly said.", "go": "use"})
    shown = text(browser.get(address(assignment)))
    left = browser.post(action, data=digest | {found["name"]: "Kindly said.", "go": "leave"})
    stale = browser.post(action, data={"digest": "0", found["name"]: "Mine", "go": "use"})

    assert [page.status_code for page in (empty, kept, left, stale)] == [422, 302, 302, 409]
    assert ("Kindly said." in shown, "Mine" in text(stale)) == (True, True)
    assert db.session.query(SentenceCheck).one().is_left_out


def test_list_counts_what_is_still_to_read_and_accepts_the_rest(browser, assignment):
    letters = f"/en/fund/rounds/{assignment.application.round_id}/sentences"

    before = text(browser.get(letters))
    browser.post(f"{letters}/accept")
    after = text(browser.get(letters))

    assert ("5 sentences wait to be read." in before, "wait to be read." in after) == (True, False)
    assert "The letter so far" in text(browser.get(address(assignment)))


def test_sentence_of_another_application_is_not_found(browser, assignment):
    other = give(assignment.seat, "Another group")
    action, found = first_form(browser.get(address(assignment)).get_data(as_text=True))
    wrong = action.replace(str(assignment.application_id), str(other.application_id))

    assert browser.post(wrong, data={"digest": found["digest"], found["name"]: "x"}).status_code == 404
