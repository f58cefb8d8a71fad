"""Marks: kept at every step, never written over unseen, locked when whole."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sqlalchemy.exc import NoResultFound

from fundapp.clock import utcnow
from fundapp.errors import StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.panel import ReviewAssignment
from fundapp.queries.panels import find_register
from fundapp.queries.readings import Sheet, own_average, sheet_of
from fundapp.services.clarifications import answer_clarification, send_question
from fundapp.services.conflicts import confirm_register
from fundapp.services.readings import (
    Gap,
    IncompleteSheet,
    NewMark,
    NewNote,
    ScoringClosed,
    SheetIsLocked,
    UnknownMark,
    lock_review,
    raise_question,
    save_mark,
    save_note,
)
from tests.factories import (
    ApplicationFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    UserFactory,
    days,
)

CRITERIA = ("C1", "C2", "C3", "C4", "C5")
EXAMPLE = (4, 3, 3, 2, 3)
SENTENCE = "The women decide together every month."


def given(panel=None) -> ReviewAssignment:
    seat = PanelSeatFactory(panel=panel or PanelFactory())
    return ReviewAssignmentFactory(
        seat=seat, application=ApplicationFactory(call=seat.panel.call, in_review=True)
    )


def mark(
    assignment: ReviewAssignment, key: str, value: int | None = 3, *, rev: str | None = None, **more
) -> str:
    new = NewMark(value=value, **{"sentence": SENTENCE, **more})
    seen = sheet_of(assignment).rev(key) if rev is None else rev
    return save_mark(assignment, key, new, rev=seen, actor=assignment.seat.user, now=utcnow())


def lock(assignment: ReviewAssignment) -> None:
    lock_review(assignment, actor=assignment.seat.user, now=utcnow())


def mark_all(assignment: ReviewAssignment, values=EXAMPLE) -> None:
    for key, value in zip(CRITERIA, values, strict=True):
        mark(assignment, key, value)


def contents(sheet: Sheet) -> dict[str, tuple[int | None, bool, str]]:
    return {key: (score.value, score.cant_tell, score.sentence) for key, score in sheet.scores.items()}


def test_unfinished_mark_is_kept(db_session):
    assignment = given()

    mark(assignment, "C1", None, sentence="Half a thought")

    assert contents(sheet_of(assignment)) == {"C1": (None, False, "Half a thought")}


def test_empty_mark_leaves_nothing_behind(db_session):
    assignment = given()

    rev = mark(assignment, "C1", None, sentence="")

    assert (rev, sheet_of(assignment).review) == ("0", None)


def test_second_window_is_told_and_writes_nothing_over(db_session):
    assignment = given()
    first = sheet_of(assignment).rev("C1")
    mark(assignment, "C1", 4)

    with pytest.raises(StaleVersion):
        mark(assignment, "C1", 1, rev=first)

    assert contents(sheet_of(assignment)) == {"C1": (4, False, SENTENCE)}


def test_same_mark_sent_twice_is_kept_once(db_session):
    assignment = given()

    assert mark(assignment, "C1", 4, rev="0") == mark(assignment, "C1", 4, rev="0")


def test_level_gives_way_to_cant_tell_and_back(db_session):
    assignment = given()
    mark(assignment, "C1", 4)

    mark(assignment, "C1", None, cant_tell=True, question="Who leads?")
    unclear = contents(sheet_of(assignment))
    mark(assignment, "C1", 2)

    assert (unclear, contents(sheet_of(assignment))) == (
        {"C1": (None, True, SENTENCE)},
        {"C1": (2, False, SENTENCE)},
    )


@pytest.mark.parametrize(("key", "value"), [("C9", 3), ("C1", 5), ("C1", 0), ("C1", 2**70)])
def test_mark_off_the_scale_is_refused(db_session, key: str, value: int):
    with pytest.raises(UnknownMark):
        mark(given(), key, value, rev="0")


@pytest.mark.parametrize("days_later", [-40, 40])
def test_marks_are_written_between_the_scoring_dates_only(db_session, days_later: int):
    assignment = given()

    with pytest.raises(ScoringClosed):
        save_mark(assignment, "C1", NewMark(3), rev="0", actor=assignment.seat.user, now=days(days_later))


def test_application_at_the_panel_takes_no_more_marks(db_session):
    assignment = given()
    assignment.application.status = ApplicationStatus.AT_PANEL
    db_session.flush()

    with pytest.raises(ScoringClosed):
        mark(assignment, "C1", rev="0")


def test_mark_on_what_was_taken_back_from_the_reader_at_this_moment_finds_nothing(db_session):
    assignment = given()
    db_session.flush()
    rows = ReviewAssignment.__table__
    db_session.connection().execute(rows.delete().where(rows.c.id == assignment.id))

    with pytest.raises(NoResultFound):
        mark(assignment, "C1", rev="0")


def test_sheet_is_locked_only_when_whole(db_session):
    assignment = given()
    mark(assignment, "C1")
    mark(assignment, "C2", sentence="")
    mark(assignment, "C3", None, cant_tell=True, sentence="")

    with pytest.raises(IncompleteSheet) as refused:
        lock(assignment)

    assert refused.value.gaps == [
        ("C2", Gap.SENTENCE),
        ("C3", Gap.QUESTION),
        ("C4", Gap.MARK),
        ("C5", Gap.MARK),
    ]


def test_locked_sheet_has_the_total_of_the_rule_book_and_no_longer_changes(db_session):
    assignment = given()
    mark_all(assignment)
    lock(assignment)

    sheet = sheet_of(assignment)
    with pytest.raises(SheetIsLocked):
        mark(assignment, "C1", 1)
    with pytest.raises(SheetIsLocked):
        save_note(assignment, NewNote("More"), rev="0", actor=assignment.seat.user, now=utcnow())

    assert (sheet.total, sheet.is_locked) == (Fraction(43, 6) * 10, True)
    assert own_average(assignment.seat, assignment.seat.panel, sheet.definition) == sheet.total
    lock(assignment)  # a second press changes nothing


def test_others_are_seen_only_after_the_own_lock_and_only_what_they_locked(db_session):
    panel = PanelFactory()
    own = given(panel)
    others = [
        ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=own.application)
        for _number in range(3)
    ]
    for each in others:
        mark_all(each, (1, 1, 1, 1, 1))
    lock(others[0])
    lock(others[1])
    others[1].voided_at = utcnow()
    db_session.flush()

    before = sheet_of(own).others
    mark_all(own)
    lock(own)
    after = sheet_of(own).others

    assert before == []
    assert [{key: score.value for key, score in marks.items()} for marks in after] == [
        dict.fromkeys(CRITERIA, 1)
    ]


def test_lock_hands_the_question_to_the_secretary(db_session):
    assignment = given()
    mark_all(assignment)
    mark(assignment, "C2", None, cant_tell=True, question="Who else helps?")
    mark(assignment, "C3", 2, question="An old thought")

    lock(assignment)

    questions = sheet_of(assignment).questions
    assert {key: each.raised_at is not None for key, each in questions.items()} == {"C2": True, "C3": False}


def test_answer_of_the_group_lets_a_locked_cant_tell_become_a_level(db_session):
    assignment, secretary = given(), UserFactory(staff=True)
    mark_all(assignment)
    mark(assignment, "C2", None, cant_tell=True, question="Who else helps?")
    lock(assignment)
    with pytest.raises(SheetIsLocked):
        mark(assignment, "C2", 3)
    question = sheet_of(assignment).questions["C2"]
    clarification = send_question(question, question.text, actor=secretary, now=utcnow())
    answer_clarification(clarification, "Nobody else.", actor=secretary, now=utcnow())

    with pytest.raises(IncompleteSheet):
        mark(assignment, "C2", 4, sentence="")
    mark(assignment, "C2", 4, question=question.text)

    assert contents(sheet_of(assignment))["C2"] == (4, False, SENTENCE)
    with pytest.raises(SheetIsLocked):
        mark(assignment, "C2", 1, question=question.text)


def test_raised_question_keeps_its_words(db_session):
    assignment = given()
    mark(assignment, "C1", None, cant_tell=True, question="Who leads?")
    raise_question(assignment, "C1", actor=assignment.seat.user, now=utcnow())

    mark(assignment, "C1", None, cant_tell=True, question="Something else")

    assert sheet_of(assignment).questions["C1"].text == "Who leads?"


def test_question_without_words_is_not_raised(db_session):
    assignment = given()

    with pytest.raises(IncompleteSheet):
        raise_question(assignment, "C1", actor=assignment.seat.user, now=utcnow())


def test_concern_and_note_are_kept_and_a_second_window_is_told(db_session):
    assignment = given()
    actor = assignment.seat.user

    note = NewNote("Ask about safety", has_concern=True, concern="One person decides alone.")
    rev = save_note(assignment, note, rev="0", actor=actor, now=utcnow())
    with pytest.raises(StaleVersion):
        save_note(assignment, NewNote("Other"), rev="0", actor=actor, now=utcnow())

    sheet = sheet_of(assignment)
    assert (sheet.review.private_note, sheet.review.has_concern, sheet.note_rev) == (
        "Ask about safety",
        True,
        rev,
    )


def test_register_may_be_written_anew(db_session):
    seat = PanelSeatFactory()

    for words in ("A school", "A hospital"):
        confirm_register(seat, {"employer": words}, actor=seat.user, now=utcnow())

    assert find_register(seat).lines == {"employer": "A hospital"}
