"""The member's pages through HTTP: ties before names, marks saved at every step, nothing lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.panel import (
    ConflictOfInterest,
    InterestRegister,
    PanelSeat,
    Review,
    ReviewAssignment,
    Score,
)
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ClarificationFactory,
    ConflictFactory,
    OrganisationFactory,
    PanelFactory,
    PanelSeatFactory,
    PartnerShareFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    days,
)

CRITERIA = ("C1", "C2", "C3", "C4", "C5")
SENTENCE = "The women decide together every month."


def give(seat: PanelSeat, name: str = "Rosa Circle!", **more: Any) -> ReviewAssignment:
    application = ApplicationFactory(
        call=seat.panel.call, in_review=True, organisation=OrganisationFactory(name=name), **more
    )
    return ReviewAssignmentFactory(seat=seat, application=application)


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def rev_in(page: TestResponse) -> str:
    found = re.search(r'name="rev" value="([^"]*)"', page.get_data(as_text=True))
    assert found
    return found.group(1)


def panel_url(seat: PanelSeat) -> str:
    return f"/en/panels/{seat.panel_id}"


def sheet_url(assignment: ReviewAssignment, criterion: str | None = None, language: str = "en") -> str:
    address = f"/{language}/readings/{assignment.id}"
    return f"{address}/criteria/{criterion}" if criterion else address


def seen_in(page: TestResponse) -> str:
    """The groups that a page of the ties asks about."""
    found = re.search(r'name="seen" value="(\w+)"', text(page))
    assert found
    return found[1]


def lock_whole(assignment: ReviewAssignment, value: int = 3) -> Review:
    review = ReviewFactory(assignment=assignment, locked_at=days(-1))
    for key in CRITERIA:
        ScoreFactory(review=review, criterion_key=key, value=value)
    return review


def scores_of(assignment: ReviewAssignment) -> dict[str, tuple[int | None, bool, str]]:
    db.session.expire_all()
    rows = db.session.query(Score).join(Review).filter(Review.assignment_id == assignment.id)
    return {row.criterion_key: (row.value, row.cant_tell, row.sentence) for row in rows}


@pytest.fixture
def seat(db_session) -> PanelSeat:
    return PanelSeatFactory(panel=PanelFactory())


@pytest.fixture
def browser(client_for, seat):
    return client_for(seat.user)


def test_no_group_is_named_before_the_ties_are_declared(client_for, db_session):
    seat = PanelSeatFactory(panel=PanelFactory(), conflicts_declared_at=None)
    assignment = give(seat, "Rosa Circle")
    browser = client_for(seat.user)

    pages = [browser.get(path) for path in (panel_url(seat), f"{panel_url(seat)}/ties")]

    assert ["Rosa Circle" in text(page) for page in pages] == [False, False]
    assert "0 of 1" in text(pages[0])
    assert browser.get(sheet_url(assignment)).status_code == 404


def test_declaration_in_three_steps_opens_the_other_papers(client_for, db_session):
    seat = PanelSeatFactory(panel=PanelFactory(), conflicts_declared_at=None)
    tied, free = give(seat, "Tied group"), give(seat, "Free group")
    browser, ties = client_for(seat.user), f"{panel_url(seat)}/ties"
    group = str(tied.application.organisation_id)

    refused = browser.post(ties, data={"step": "register", "employer": "A school"})
    browser.post(ties, data={"step": "register", "employer": "A school", "is_complete": "yes"})
    names = browser.get(ties)
    third = browser.post(ties, data={"step": "groups", "groups_known": group})
    key = tied.application.organisation_id.hex
    unanswered = browser.post(
        ties, data={"step": "ties", "groups_known": group, f"reason_{key}": "My sister"}
    )
    done = browser.post(
        ties,
        data={
            "step": "ties",
            "groups_known": group,
            f"response_{key}": "leave_room",
            f"reason_{key}": "My sister",
        },
    )
    home = browser.get(panel_url(seat))

    assert [page.status_code for page in (refused, names, third, unanswered, done)] == [
        422,
        200,
        200,
        422,
        302,
    ]
    assert "A school" in text(refused)
    assert ("Tied group" in text(names), "Free group" in text(names)) == (True, True)
    assert ("Tied group" in text(third), "Free group" in text(third)) == (True, False)
    assert "My sister" in text(unanswered)
    assert ("Tied group" in text(home), "Free group" in text(home), "0 of 1" in text(home)) == (
        False,
        True,
        True,
    )
    assert browser.get(sheet_url(tied)).status_code == 404
    assert browser.get(sheet_url(free)).status_code == 200


def test_nothing_is_declared_by_going_on_without_a_tick(client_for, db_session):
    seat = PanelSeatFactory(panel=PanelFactory(), conflicts_declared_at=None)
    give(seat)
    browser, ties = client_for(seat.user), f"{panel_url(seat)}/ties"
    browser.post(ties, data={"step": "register", "is_complete": "yes"})

    page = browser.post(ties, data={"step": "groups"})

    assert (page.status_code, db_session.query(ConflictOfInterest).count()) == (302, 0)
    assert "Rosa Circle!" in text(browser.get(panel_url(seat)))


def test_group_that_came_on_the_table_meanwhile_is_asked_about_before_it_opens(client_for, db_session):
    seat = PanelSeatFactory(panel=PanelFactory(), conflicts_declared_at=None)
    tied = give(seat, "Tied group")
    browser, ties = client_for(seat.user), f"{panel_url(seat)}/ties"
    browser.post(ties, data={"step": "register", "is_complete": "yes"})
    group, key = str(tied.application.organisation_id), tied.application.organisation_id.hex
    chosen = {"groups_known": group, "seen": seen_in(browser.get(ties))}
    answers = {"step": "ties", f"response_{key}": "leave_room", f"reason_{key}": "My sister"}
    third = browser.post(ties, data=chosen | {"step": "groups"})
    give(seat, "Came later")

    late = browser.post(ties, data=chosen | answers)
    home = browser.get(panel_url(seat))
    kept = {"step": "groups", f"response_{key}": "leave_room", f"reason_{key}": "My sister"}
    again = browser.post(ties, data=kept | {"groups_known": group, "seen": seen_in(late)})
    done = browser.post(ties, data=answers | {"groups_known": group, "seen": seen_in(again)})

    assert seen_in(third) == chosen["seen"]
    assert (late.status_code, "Came later" in text(late), "My sister" in text(late)) == (409, True, True)
    assert re.search(rf'value="{group}"[^>]* checked', text(late))
    assert "Came later" not in text(home)
    assert ("My sister" in text(again), done.status_code) == (True, 302)
    assert "Came later" in text(browser.get(panel_url(seat)))


def test_names_wait_until_reading_has_begun(client_for, db_session):
    seat = PanelSeatFactory(panel=PanelFactory(), conflicts_declared_at=None)
    ApplicationFactory(
        call=seat.panel.call, submitted=True, organisation=OrganisationFactory(name="Too early")
    )
    browser, ties = client_for(seat.user), f"{panel_url(seat)}/ties"
    browser.post(ties, data={"step": "register", "is_complete": "yes"})

    page = browser.get(ties)

    assert (page.status_code, "Too early" in text(page)) == (200, False)


def test_unknown_group_or_response_is_refused_kindly(browser, seat, db_session):
    give(seat)
    db_session.add(InterestRegister(seat=seat, lines={}, confirmed_at=days(-1)))
    ties = f"{panel_url(seat)}/ties"

    pages = [
        browser.post(ties, data={"step": "groups", "groups_known": "x' OR 1=1"}),
        browser.post(ties, data={"step": "ties", "groups_known": str(seat.id)}),
    ]

    assert [page.status_code for page in pages] == [422, 422]


def test_mark_is_saved_and_leads_to_the_next_criterion(browser, seat):
    assignment = give(seat)
    rev = rev_in(browser.get(sheet_url(assignment, "C1")))

    page = browser.post(
        sheet_url(assignment, "C1"), data={"rev": rev, "level": "4", "sentence": SENTENCE, "go": "next"}
    )

    assert (page.status_code, page.headers["Location"]) == (302, sheet_url(assignment, "C2"))
    assert scores_of(assignment) == {"C1": (4, False, SENTENCE)}


def test_unfinished_mark_is_saved_for_later(browser, seat):
    assignment = give(seat)

    page = browser.post(sheet_url(assignment, "C5"), data={"rev": "0", "sentence": "Half", "go": "later"})

    assert (page.status_code, page.headers["Location"]) == (302, sheet_url(assignment))
    assert scores_of(assignment) == {"C5": (None, False, "Half")}


def test_script_saves_and_gets_the_new_rev(browser, seat):
    assignment = give(seat)

    first = browser.post(sheet_url(assignment, "C1"), data={"rev": "0", "sentence": "One", "autosave": "yes"})
    second = browser.post(
        sheet_url(assignment, "C1"), data={"rev": first.json["rev"], "sentence": "Two", "autosave": "yes"}
    )

    assert (first.status_code, second.status_code) == (200, 200)
    assert scores_of(assignment) == {"C1": (None, False, "Two")}


def test_stale_tab_shows_both_texts_and_loses_none(browser, seat):
    assignment = give(seat)
    data = {"rev": "0", "level": "2", "sentence": "From the first window"}
    browser.post(sheet_url(assignment, "C1"), data=data)

    page = browser.post(
        sheet_url(assignment, "C1"), data={"rev": "0", "level": "4", "sentence": "From the second window"}
    )
    again = browser.post(
        sheet_url(assignment, "C1"),
        data={"rev": rev_in(page), "level": "4", "sentence": "From the second window"},
    )

    assert page.status_code == 409
    assert "From the first window" in text(page)
    assert "From the second window" in text(page)
    assert (again.status_code, scores_of(assignment)["C1"][0]) == (302, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sentence", "a\x00b"),
        ("sentence", "x" * 10_240),
        ("level", "5"),
        ("level", str(2**70)),
        ("level", "٣"),
        ("question", "a\x07b"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_keeps_the_rest(browser, seat, field: str, value: str):
    assignment = give(seat)
    data = {"rev": "0", "level": "3", "sentence": "Kept words", "question": "Kept question"} | {field: value}

    page = browser.post(sheet_url(assignment, "C1"), data=data)

    kept = "Kept question" if field == "sentence" else "Kept words"
    assert page.status_code == 422
    assert 'id="errors"' in text(page)
    assert kept in text(page)
    assert scores_of(assignment) == {}


def test_unknown_criterion_is_not_found(browser, seat):
    assignment = give(seat)

    assert browser.get(sheet_url(assignment, "C9")).status_code == 404
    assert browser.post(sheet_url(assignment, "C9"), data={"rev": "0"}).status_code == 404


def test_lock_says_what_is_missing_and_keeps_the_note(browser, seat):
    assignment = give(seat)

    page = browser.post(f"{sheet_url(assignment)}/lock", data={"rev": "0", "private_note": "Ask about rent"})

    assert page.status_code == 422
    assert text(page).count('href="#criterion-') == 5
    assert "Ask about rent" in text(page)
    assert db.session.query(Review.private_note, Review.locked_at).one() == ("Ask about rent", None)


def test_lock_leads_to_the_next_unscored_application(browser, seat):
    first, second = give(seat, "First"), give(seat, "Second")
    for assignment in (first, second):
        for key in CRITERIA:
            browser.post(sheet_url(assignment, key), data={"rev": "0", "level": "3", "sentence": SENTENCE})

    pages = [
        browser.post(f"{sheet_url(assignment)}/lock", data={"rev": "0", "has_concern": "yes"})
        for assignment in (first, second)
    ]

    assert [page.headers["Location"] for page in pages] == [sheet_url(second), panel_url(seat)]
    assert [review.has_concern for review in db.session.query(Review)] == [True, True]
    assert "2 of 2" in text(browser.get(panel_url(seat)))


def test_others_marks_are_shown_after_the_own_lock_without_names(browser, seat):
    assignment = give(seat)
    other = PanelSeatFactory(panel=seat.panel)
    review = lock_whole(ReviewAssignmentFactory(seat=other, application=assignment.application), 1)
    review.scores[0].sentence = "A very different view"
    before = [browser.get(sheet_url(assignment)), browser.get(sheet_url(assignment, "C1"))]

    lock_whole(assignment)
    after = [browser.get(sheet_url(assignment)), browser.get(sheet_url(assignment, "C1"))]

    assert ["Other readers" in text(page) for page in before + after] == [False, False, True, True]
    assert "A very different view" not in text(before[1])
    assert "A very different view" in text(after[1])
    assert all(other.user.name not in text(page) for page in after)


def test_pages_do_not_change_with_others_marks_before_the_own_lock(browser, seat):
    """Byte by byte, apart from the token of the form."""
    assignment = give(seat)
    paths = [panel_url(seat), sheet_url(assignment), sheet_url(assignment, "C1")]

    def pages() -> list[str]:
        return [re.sub(r'csrf_token" value="[^"]+"', "", text(browser.get(path))) for path in paths]

    before = pages()
    other = PanelSeatFactory(panel=seat.panel)
    lock_whole(ReviewAssignmentFactory(seat=other, application=assignment.application), 1)

    assert pages() == before


def test_conflicted_application_leaves_no_trace(client_for, db_session):
    """Lists, counts, addresses: the same as if it did not exist."""
    panel = PanelFactory()
    seats = [PanelSeatFactory(panel=panel) for _number in range(2)]
    for seat in seats:
        give(seat, "Shown")
    hidden = give(seats[1], "Hidden")
    partner = give(seats[1], "Hidden partnership")
    share = PartnerShareFactory(application=partner.application, amount=20_000)
    for organisation_id in (hidden.application.organisation_id, share.organisation_id):
        ConflictFactory(user_id=seats[1].user_id, call_id=panel.call_id, organisation_id=organisation_id)

    def shown(seat: PanelSeat) -> str:
        page = text(client_for(seat.user).get(panel_url(seat)))
        return re.sub(r"[0-9a-f-]{36}|Person \d+|csrf_token\" value=\"[^\"]+", "", page)

    assert shown(seats[0]) == shown(seats[1])
    browser = client_for(seats[1].user)
    for assignment in (hidden, partner):
        for path in (sheet_url(assignment), sheet_url(assignment, "C1"), f"{sheet_url(assignment)}/tie"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"{sheet_url(assignment)}/lock").status_code == 404


def test_reading_of_somebody_else_is_not_found(client_for, seat):
    assignment = give(seat)
    colleague = PanelSeatFactory(panel=seat.panel)

    assert client_for(colleague.user).get(sheet_url(assignment)).status_code == 404


def test_withdrawn_application_is_no_longer_read(browser, seat):
    assignment = give(seat)
    assignment.application.status = ApplicationStatus.WITHDRAWN

    assert browser.get(sheet_url(assignment)).status_code == 404
    assert "Rosa Circle!" not in text(browser.get(panel_url(seat)))


def test_late_tie_takes_the_application_away(browser, seat):
    assignment = give(seat)
    lock_whole(assignment)

    empty = browser.post(f"{sheet_url(assignment)}/tie", data={"reason": "We share an office"})
    page = browser.post(
        f"{sheet_url(assignment)}/tie",
        data={
            "group": str(assignment.application.organisation_id),
            "response": "no_scoring",
            "reason": "We share an office",
        },
    )

    assert (empty.status_code, page.status_code) == (422, 302)
    assert "We share an office" in text(empty)
    assert browser.get(sheet_url(assignment)).status_code == 404
    assert "Rosa Circle!" not in text(browser.get(panel_url(seat)))


def test_question_is_handed_to_the_secretary_at_once(browser, seat):
    assignment = give(seat)
    data = {"rev": "0", "level": "cant_tell", "question": "Who leads?", "go": "ask"}

    empty = browser.post(sheet_url(assignment, "C1"), data=data | {"question": ""})
    page = browser.post(sheet_url(assignment, "C1"), data=data)

    assert (empty.status_code, page.status_code) == (422, 302)
    assert "The secretary has it." in text(browser.get(sheet_url(assignment, "C1")))


def test_answer_of_the_group_appears_to_every_reader_at_once(client_for, seat, db_session):
    assignment = give(seat)
    other = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=seat.panel), application=assignment.application
    )
    ClarificationFactory(
        application=assignment.application,
        criterion_key="C2",
        question="Who else helps?",
        answer="Nobody else.",
        answered_at=days(0),
    )

    pages = [client_for(each.seat.user).get(sheet_url(each, "C2")) for each in (assignment, other)]

    assert ["Nobody else." in text(page) for page in pages] == [True, True]


def test_locked_sheet_shows_its_marks_and_no_form(browser, seat):
    assignment = give(seat)
    lock_whole(assignment)

    page = browser.get(sheet_url(assignment, "C1"))
    refused = browser.post(sheet_url(assignment, "C1"), data={"rev": "0", "level": "1"})

    assert ('name="level"' in text(page), refused.status_code) == (False, 409)
    assert "66.67" in text(browser.get(sheet_url(assignment)))


def test_answers_keep_their_language_and_direction(browser, seat):
    assignment = give(seat)
    AnswerFactory(application=assignment.application, question_key="Q2", value="نحن نقرر معًا.", language="ar")

    page = text(browser.get(sheet_url(assignment, "C1")))

    assert '<div class="prose" dir="rtl" lang="ar">نحن نقرر معًا.</div>' in page


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pages_open_in_every_language(browser, seat, language: str):
    assignment = give(seat)

    pages = [
        browser.get(path)
        for path in (
            f"/{language}/panels/{seat.panel_id}",
            f"/{language}/panels/{seat.panel_id}/ties",
            sheet_url(assignment, language=language),
            sheet_url(assignment, "C3", language=language),
            f"{sheet_url(assignment, language=language)}/tie",
        )
    ]

    assert [page.status_code for page in pages] == [200] * 5
    assert all(text(page).count("<h1") == 1 for page in pages)


def test_pages_need_as_many_queries_for_three_as_for_one(browser, seat, count_queries):
    assignment = give(seat)
    lock_whole(assignment)
    AnswerFactory(application=assignment.application, question_key="Q2")
    paths = [panel_url(seat), sheet_url(assignment), sheet_url(assignment, "C1")]

    def numbers() -> list[int]:
        found = []
        for path in paths:
            with count_queries() as queries:
                browser.get(path)
            found.append(queries.number)
        return found

    numbers()  # the definition of the call is read once in the life of a process
    for_one = numbers()
    for number in range(2):
        give(seat, f"Group {number}")
        colleague = PanelSeatFactory(panel=seat.panel)
        lock_whole(ReviewAssignmentFactory(seat=colleague, application=assignment.application))
    AnswerFactory(application=assignment.application, question_key="Q3")

    assert numbers() == for_one
    assert max(for_one) <= 10
