"""The fund reads the readers' sentences while scoring goes on."""

from __future__ import annotations

import re

import pytest

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import ReviewAssignment, Score
from fundapp.models.wording import SentenceCheck
from fundapp.queries.wording import sentence_digest
from fundapp.services import wording
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


def words_in(page) -> str:
    return re.search(r'name="seen_text" value="(\w+)"', text(page))[1]


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


def test_words_of_a_colleague_are_shown_above_what_was_typed(browser, assignment):
    action, found = first_form(browser.get(address(assignment)).get_data(as_text=True))
    old = {"digest": found["digest"], "seen_text": words_in(browser.get(address(assignment))), "go": "use"}
    browser.post(action, data=old | {found["name"]: "Kindly said."})

    late = browser.post(action, data=old | {found["name"]: "Mine"})
    kept = db.session.query(SentenceCheck).one().text
    same = browser.post(action, data=old | {found["name"]: "Kindly said."})
    again = browser.post(action, data=old | {found["name"]: "Mine", "seen_text": words_in(late)})

    assert (late.status_code, kept, same.status_code) == (409, "Kindly said.", 302)
    assert ("Kindly said." in text(late), "Mine" in text(late)) == (True, True)
    assert (again.status_code, db.session.query(SentenceCheck).one().text) == (302, "Mine")


def test_accepting_the_rest_leaves_what_a_colleague_has_just_put_kindly(assignment, monkeypatch):
    manager = FundRoleFactory(fund=assignment.application.call.fund, kind=FundRoleKind.MANAGER).user
    score = db.session.query(Score).order_by(Score.id).first()
    digest = sentence_digest(score.sentence)

    def lock_after_the_other(model, row_id):
        if row_id == score.id:
            db.session.add(
                SentenceCheck(score_id=row_id, digest=digest, text="Kindly said.", is_left_out=False)
            )

    monkeypatch.setattr(wording, "lock_row", lock_after_the_other)
    accepted = wording.accept_sentences(assignment.application.round, actor=manager, now=utcnow())

    assert accepted == 4
    assert db.session.query(SentenceCheck).filter_by(score_id=score.id).one().text == "Kindly said."


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
