"""Staff add a translation; readers see it beside the original with who or what made it."""

from __future__ import annotations

import pytest

from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import ReviewAssignment
from fundapp.models.translation import AnswerTranslation, TranslatedBy
from tests.database.web.test_panel_pages import give, sheet_url, text
from tests.factories import (
    AnswerFactory,
    AnswerTranslationFactory,
    FundRoleFactory,
    PanelFactory,
    PanelSeatFactory,
)

FILLED = {
    "language": "en",
    "text": "We are a circle.",
    "made_by": "machine",
    "made_by_name": "Any Program",
    "rev": "0",
}


@pytest.fixture
def assignment(db_session) -> ReviewAssignment:
    assignment = give(PanelSeatFactory(panel=PanelFactory()))
    AnswerFactory(application=assignment.application, question_key="Q2", value="نحن حلقة.", language="ar")
    return assignment


@pytest.fixture
def manager(assignment):
    return FundRoleFactory(fund=assignment.application.call.fund, kind=FundRoleKind.MANAGER).user


def address(assignment: ReviewAssignment) -> str:
    return f"/en/fund/applications/{assignment.application_id}/translations/Q2"


def test_reader_sees_both_texts_and_that_a_program_made_one(client_for, assignment, manager):
    done = client_for(manager).post(address(assignment), data=FILLED)

    page = client_for(assignment.seat.user).get(sheet_url(assignment, "C1"))

    shown = text(page)
    assert done.status_code == 302
    assert ('dir="rtl" lang="ar">نحن حلقة.' in shown, 'lang="en">We are a circle.' in shown) == (True, True)
    assert ("A program translated this" in shown, "Nobody has checked it yet." in shown) == (True, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "Write the translation."),
        ({"made_by": ""}, "Choose who or what made it."),
        ({"made_by_name": ""}, "Write the name of the person or the program."),
        ({"language": "ar"}, "The answer is in this language already."),
        ({"language": "xx"}, "Error:"),
    ],
)
def test_bad_input_is_explained_and_kept(client_for, assignment, manager, change, words: str):
    page = client_for(manager).post(address(assignment), data=FILLED | {"text": "We are a ring."} | change)

    assert (page.status_code, words in text(page)) == (422, True)
    assert change.get("text") == "" or "We are a ring." in text(page)
    assert db.session.query(AnswerTranslation).count() == 0


def test_second_window_sees_what_is_saved(client_for, assignment, manager):
    AnswerTranslationFactory(
        answer=assignment.application.answers[0],
        language="en",
        text="A first one.",
        made_by=TranslatedBy.STAFF,
    )

    page = client_for(manager).post(address(assignment), data=FILLED)

    assert page.status_code == 409
    assert ("A first one." in text(page), "We are a circle." in text(page)) == (True, True)


def test_what_nobody_wrote_has_no_translation(client_for, assignment, manager):
    browser = client_for(manager)

    assert browser.get(address(assignment).replace("Q2", "Q3")).status_code == 404


def test_pages_need_as_many_queries_for_three_translations_as_for_one(client_for, assignment, count_queries):
    browser, found = client_for(assignment.seat.user), []
    browser.get(sheet_url(assignment, "C3"))
    for number in (3, 4, 7):
        answer = AnswerFactory(application=assignment.application, question_key=f"Q{number}")
        AnswerTranslationFactory(answer=answer)
        db.session.expire_all()
        with count_queries() as queries:
            browser.get(sheet_url(assignment, "C3"))
        found.append(queries.number)

    assert found == found[:1] * 3
