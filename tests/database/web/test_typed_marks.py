"""Marks typed in by the secretary: two names on sheet and event, nobody else's marks, ties of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.panel import ReaderQuestion, Review, ReviewAssignment
from fundapp.permissions import is_conflicted
from fundapp.services.readings import NewMark, ScoringClosed
from fundapp.services.typed_marks import OwnMark, ToldMark, lock_as_told, type_in
from tests.database.web.test_panel_pages import (
    CRITERIA,
    SENTENCE,
    give,
    lock_whole,
    rev_in,
    scores_of,
    sheet_url,
    text,
)
from tests.factories import (
    ConflictFactory,
    FundRoleFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
)

SECRET = "Only the reader and the group may know this."


@pytest.fixture
def assignment(db_session) -> ReviewAssignment:
    return give(PanelSeatFactory(panel=PanelFactory()))


@pytest.fixture
def manager(assignment):
    return FundRoleFactory(fund=assignment.application.call.fund, kind=FundRoleKind.MANAGER).user


@pytest.fixture
def secretary(client_for, manager) -> Iterator[Any]:
    return client_for(manager)


def address(assignment: ReviewAssignment) -> str:
    return f"/en/fund/applications/{assignment.application_id}/readers/{assignment.seat_id}/marks"


def told(level: str = "3", *keys: str, **more: str) -> dict[str, str]:
    """The whole sheet as it is typed, or some criteria of it."""
    typed = {"way": "phone"} | more
    for key in keys or CRITERIA:
        typed |= {f"level_{key}": level, f"sentence_{key}": SENTENCE, f"rev_{key}": "0"}
    return typed | more


def events_of(assignment: ReviewAssignment) -> list[tuple[str, Any, Any]]:
    review = db.session.query(Review).filter_by(assignment_id=assignment.id).one()
    query = sa.select(Event).where(Event.subject_id == review.id).order_by(Event.number)
    return [(each.step, each.actor_id, each.details) for each in db.session.execute(query).scalars()]


def test_marks_are_kept_with_both_names_and_the_reader_is_told(client_for, assignment, manager, secretary):
    answer = secretary.post(address(assignment), data=told())

    assert answer.status_code == 302
    assert scores_of(assignment) == dict.fromkeys(CRITERIA, (3, False, SENTENCE))
    author = str(assignment.seat.user_id)
    details = {"author": author, "criteria": list(CRITERIA), "way": "phone"}
    assert events_of(assignment)[-1] == ("type_in", manager.id, details)
    mails = db.session.query(Message).filter_by(kind="marks_typed")
    assert [mail.recipient_id for mail in mails] == [assignment.seat.user_id]
    sheet = text(client_for(assignment.seat.user).get(sheet_url(assignment)))
    assert sheet.count(f"{manager.shown_name}\u2069 typed this in on") == len(CRITERIA)


def test_reader_corrects_a_mark_and_it_is_theirs_alone(client_for, assignment, secretary):
    secretary.post(address(assignment), data=told())
    browser, page = client_for(assignment.seat.user), sheet_url(assignment, "C1")

    seen = browser.get(page)
    browser.post(page, data={"level": "1", "sentence": SECRET, "rev": rev_in(seen)})

    assert "It is your mark." in text(seen)
    assert scores_of(assignment)["C1"] == (1, False, SECRET)
    assert "typed this in" not in text(browser.get(page))
    shown = text(secretary.get(address(assignment)))
    assert (SECRET in shown, "has written here. It is not shown to you." in shown) == (False, True)
    again = secretary.post(address(assignment), data=told("4"))
    assert (again.status_code, scores_of(assignment)["C1"][0]) == (409, 1)


def test_secretary_sees_no_marks_of_other_readers_nor_the_readers_own(assignment, secretary):
    others = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=assignment.seat.panel), application=assignment.application
    )
    for score in lock_whole(others).scores:
        score.sentence = SECRET
    ScoreFactory(review=ReviewFactory(assignment=assignment), criterion_key="C2", sentence=SECRET, value=2)
    db.session.flush()

    open_ = text(secretary.get(address(assignment)))
    lock_whole_page = text(secretary.get(address(others)))

    assert (SECRET in open_, SECRET in lock_whole_page) == (False, False)


def test_final_marks_are_locked_in_the_readers_name(assignment, manager, secretary):
    unfinished = secretary.post(address(assignment), data=told("3", "C1", is_final="y"))
    whole = secretary.post(
        address(assignment), data=told("3", "C2", "C3", "C4", "C5", is_final="y") | {"way": "paper"}
    )

    assert (unfinished.status_code, "Choose a level for “" in text(unfinished)) == (422, True)
    assert whole.status_code == 302
    assert events_of(assignment)[-1] == ("lock", manager.id, {"author": str(assignment.seat.user_id)})
    mails = db.session.query(Message).filter_by(kind="marks_typed", recipient_id=assignment.seat.user_id)
    assert mails.count() == 3, "two for what was typed, one for the lock"
    later = secretary.post(address(assignment), data=told("1", "C1"))
    assert later.status_code == 409
    assert scores_of(assignment)["C1"][0] == 3


def test_sheet_with_own_marks_of_the_reader_is_locked_by_the_reader_only(assignment, secretary):
    review = ReviewFactory(assignment=assignment)
    for key in CRITERIA:
        ScoreFactory(review=review, criterion_key=key, sentence=SECRET, value=2)
    db.session.flush()

    bare = secretary.post(address(assignment), data={"way": "phone", "is_final": "y"})

    db.session.refresh(review)
    assert (bare.status_code, "only they can lock their marks" in text(bare)) == (409, True)
    assert (review.locked_at, SECRET in text(bare)) == (None, False)
    assert db.session.query(Message).filter_by(kind="marks_typed").count() == 0


def test_question_the_reader_has_begun_is_neither_shown_nor_written_over(client_for, assignment, secretary):
    browser, page = client_for(assignment.seat.user), sheet_url(assignment, "C1")
    browser.post(
        page, data={"level": "", "sentence": "", "question": SECRET, "rev": rev_in(browser.get(page))}
    )

    shown = text(secretary.get(address(assignment)))
    secretary.post(address(assignment), data=told("3", question_C1="Who decides?"))

    assert SECRET not in shown
    assert [each.text for each in db.session.query(ReaderQuestion)] == [SECRET]


def test_secretary_hears_that_the_reader_has_written_meanwhile_and_keeps_the_words(
    client_for, assignment, secretary
):
    page = sheet_url(assignment, "C1")
    client_for(assignment.seat.user).post(page, data={"level": "1", "sentence": SECRET, "rev": "0"})

    late = secretary.post(address(assignment), data=told(sentence_C1="They said it on the phone."))
    kept = scores_of(assignment)
    again = secretary.post(address(assignment), data=told("3", *CRITERIA[1:]))

    assert (late.status_code, kept) == (409, {"C1": (1, False, SECRET)})
    assert "Their own marks stay as they are." in text(late)
    assert SECRET not in text(late)
    assert again.status_code == 302
    assert scores_of(assignment)["C2"] == (3, False, SENTENCE)
    assert "They said it on the phone." in text(late)


def test_how_the_marks_came_is_asked_and_nothing_typed_is_lost(assignment, secretary):
    page = secretary.post(address(assignment), data=told() | {"way": ""})

    assert (page.status_code, text(page).count(SENTENCE)) == (422, len(CRITERIA))
    assert scores_of(assignment) == {}


def test_what_changed_meanwhile_is_not_written_over(assignment, secretary):
    secretary.post(address(assignment), data=told("2", "C1"))

    second_window = secretary.post(address(assignment), data=told("4", "C1"))

    assert (second_window.status_code, scores_of(assignment)["C1"][0]) == (409, 2)


@pytest.mark.parametrize("whose", ["reader", "manager"])
def test_ties_bind_whoever_reads_and_whoever_types(assignment, manager, secretary, whose: str):
    person = assignment.seat.user if whose == "reader" else manager
    application = assignment.application
    ConflictFactory(user=person, call_id=application.call_id, organisation=application.organisation)
    mark = {"C1": ToldMark(NewMark(3, sentence=SENTENCE), "0")}

    for step in (
        lambda **who: type_in(assignment, mark, way="phone", **who),
        lambda **who: lock_as_told(assignment, **who),
    ):
        with pytest.raises(ScoringClosed):
            step(actor=manager, now=utcnow())

    assert is_conflicted(person, application)
    page = secretary.post(address(assignment), data=told("3", "C1"))
    assert (page.status_code, scores_of(assignment)) == (404 if whose == "manager" else 409, {})


def test_own_words_of_the_reader_are_never_written_over(assignment, manager):
    ScoreFactory(review=ReviewFactory(assignment=assignment), value=None, sentence=SECRET)

    with pytest.raises(OwnMark):
        type_in(
            assignment,
            {"C1": ToldMark(NewMark(3, sentence=SENTENCE), "0")},
            way="phone",
            actor=manager,
            now=utcnow(),
        )
