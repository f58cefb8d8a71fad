"""Pages of an unclear answer, and of a sheet that the fund opens again."""

from __future__ import annotations

import pytest

from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import ReaderQuestion, Review, ReviewAssignment
from tests.database.web.test_panel_pages import give, lock_whole, sheet_url, text
from tests.factories import AnswerFactory, FundRoleFactory, PanelFactory, PanelSeatFactory
from tests.published import dated


@pytest.fixture
def assignment(db_session) -> ReviewAssignment:
    assignment = give(PanelSeatFactory(panel=PanelFactory()))
    AnswerFactory(application=assignment.application, question_key="Q2", value="We are a circle.")
    return assignment


@pytest.fixture
def manager(assignment):
    return FundRoleFactory(fund=assignment.application.call.fund, kind=FundRoleKind.MANAGER).user


def test_unclear_answer_is_asked_from_beside_it(client_for, assignment):
    browser, address = client_for(assignment.seat.user), f"{sheet_url(assignment)}/answers/Q2/unclear"

    link = text(browser.get(sheet_url(assignment, "C1")))
    empty = browser.post(address, data={"text": " "})
    sent = browser.post(address, data={"text": "What is a circle?"})
    after = text(browser.get(sheet_url(assignment, "C1")))

    assert ("/answers/Q2/unclear" in link, "/answers/Q2/unclear" in after) == (True, False)
    assert (empty.status_code, sent.location) == (422, f"{sheet_url(assignment, 'C1')}#answer-Q2")
    assert ("What is a circle?" in after, "The secretary has it." in after) == (True, True)


@pytest.mark.parametrize("key", ["Q3", "E1", "nothing"])
def test_only_an_answer_that_was_given_can_be_unclear(client_for, assignment, key: str):
    browser = client_for(assignment.seat.user)

    assert browser.get(f"{sheet_url(assignment)}/answers/{key}/unclear").status_code == 404


def test_unclear_answer_after_the_scoring_dates_keeps_what_was_typed(client_for, assignment):
    round_ = assignment.seat.panel.round
    dated(round_, scoring_closes_at=round_.scoring_opens_at)
    browser, address = client_for(assignment.seat.user), f"{sheet_url(assignment)}/answers/Q2/unclear"

    page = browser.post(address, data={"text": "What is a circle?"})

    assert (page.status_code, "What is a circle?" in text(page)) == (409, True)
    assert db.session.query(ReaderQuestion).count() == 0


def test_second_question_about_an_answer_is_not_taken_and_not_lost(client_for, assignment):
    browser, address = client_for(assignment.seat.user), f"{sheet_url(assignment)}/answers/Q2/unclear"
    browser.post(address, data={"text": "What is a circle?"})

    same = browser.post(address, data={"text": "What is a circle?"})
    other = browser.post(address, data={"text": "ما هي الدائرة؟"})

    assert (same.status_code, other.status_code) == (302, 409)
    assert '<div class="prose" dir="rtl">ما هي الدائرة؟</div>' in text(other)
    assert [each.text for each in db.session.query(ReaderQuestion)] == ["What is a circle?"]


def test_manager_sees_concern_and_opens_a_sheet_again(client_for, assignment, manager):
    review = lock_whole(assignment)
    review.has_concern, review.concern = True, "One person decides alone."
    db.session.flush()
    browser = client_for(manager)
    readers = f"/en/fund/applications/{assignment.application_id}/readers"
    address = f"{readers}/{assignment.seat_id}/unlock"

    before = text(browser.get(readers))
    empty, done = (browser.post(address, data={"reason": reason}) for reason in ("", "The scale was misread"))
    again = browser.post(address, data={"reason": "Once more"})
    db.session.expire_all()

    assert (address in before, "One person decides alone." in before) == (True, True)
    assert (empty.status_code, done.location, again.status_code) == (422, readers, 409)
    assert "was opened again" in text(browser.get(readers))
    assert db.session.get(Review, review.id).locked_at is None


def test_questions_page_names_the_answer(client_for, assignment, manager):
    address = f"{sheet_url(assignment)}/answers/Q2/unclear"
    client_for(assignment.seat.user).post(address, data={"text": "What is a circle?"})

    page = text(client_for(manager).get(f"/en/fund/rounds/{assignment.application.round_id}/questions"))

    assert "The meaning of an answer is not clear:" in page
