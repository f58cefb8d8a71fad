"""An unclear answer and an early concern: with the secretary at once, the answer with all readers at once."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.panel import ReaderQuestion, ReviewAssignment
from fundapp.queries.panels import list_reader_questions
from fundapp.queries.readings import sheet_of
from fundapp.services.clarifications import TextNeeded, answer_clarification, send_question
from fundapp.services.readings import NewMark, NewNote, ask_meaning, raise_question, save_mark, save_note
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
)


@pytest.fixture
def readers(db_session) -> list[ReviewAssignment]:
    """Two readers of one application."""
    panel = PanelFactory()
    application = ApplicationFactory(call=panel.call, in_review=True)
    return [
        ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=application) for _ in range(2)
    ]


@pytest.fixture
def managers(readers):
    """One who may read about the group and one who may not."""
    call, organisation_id = readers[0].application.call, readers[0].application.organisation_id
    free, tied = (FundRoleFactory(fund=call.fund, kind=FundRoleKind.MANAGER).user for _ in range(2))
    ConflictFactory(call_id=call.id, user_id=tied.id, organisation_id=organisation_id)
    return free, tied


def told(db_session, kind: str) -> list:
    return [mail.recipient_id for mail in db_session.query(Message).filter_by(kind=kind)]


def ask(assignment: ReviewAssignment, text: str = "What is a circle here?") -> ReaderQuestion:
    return ask_meaning(assignment, "Q2", text, actor=assignment.seat.user, now=utcnow())


def test_unclear_answer_is_with_the_secretary_at_once_without_a_mark(db_session, readers, managers):
    free, _tied = managers

    question = ask(readers[0], " What is a circle here? ")

    waiting = list_reader_questions(readers[0].application.round, viewer=free)
    assert [each.id for each in waiting] == [question.id]
    assert (question.text, sheet_of(readers[0]).scores) == ("What is a circle here?", {})
    assert told(db_session, "reader_question") == [free.id]


def test_unclear_answer_is_asked_once_and_never_with_nothing(db_session, readers):
    with pytest.raises(TextNeeded):
        ask(readers[0], " ")
    first = ask(readers[0])

    assert ask(readers[0]).id == first.id
    with pytest.raises(NotPossibleNow):
        ask(readers[0], "And again?")
    assert [each.text for each in db_session.query(ReaderQuestion)] == ["What is a circle here?"]


def test_what_the_group_says_reaches_all_readers_without_a_tie_at_once(db_session, readers, managers):
    free, _tied = managers
    tied = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=readers[0].seat.panel), application=readers[0].application
    )
    application = readers[0].application
    ConflictFactory(
        call_id=application.call_id, user_id=tied.seat.user_id, organisation_id=application.organisation_id
    )
    member = OrganisationMemberFactory(organisation=application.organisation).user
    asked = send_question(ask(readers[0]), "What is a circle, please?", actor=free, now=utcnow())

    answer_clarification(asked, "Our weekly meeting.", actor=member, now=utcnow())

    assert sorted(told(db_session, "clarification_answered")) == sorted(
        reader.seat.user_id for reader in readers
    )
    assert [[each.answer for each in sheet_of(reader).asked_about_answer("Q2")] for reader in readers] == [
        ["Our weekly meeting."]
    ] * 2


def test_question_about_an_answer_does_not_count_as_one_about_a_criterion(db_session, readers, managers):
    send_question(ask(readers[0]), "What is a circle?", actor=managers[0], now=utcnow())

    assert sheet_of(readers[0]).asked("C1") == []


def test_concern_reaches_managers_without_a_tie_once(db_session, readers, managers):
    free, _tied = managers
    actor, rev = readers[0].seat.user, "0"

    for is_raised in (True, False, True):
        note = NewNote(has_concern=is_raised, concern="One person decides alone.")
        rev = save_note(readers[0], note, rev=rev, actor=actor, now=utcnow())

    assert told(db_session, "reader_concern") == [free.id]
    assert sheet_of(readers[0]).review.concern == "One person decides alone."


def test_question_handed_over_is_told_to_the_managers(db_session, readers, managers):
    actor = readers[0].seat.user
    new = NewMark(cant_tell=True, question="Who leads?")
    save_mark(readers[0], "C1", new, rev="0", actor=actor, now=utcnow())

    for _ in range(2):
        raise_question(readers[0], "C1", actor=actor, now=utcnow())

    assert told(db_session, "reader_question") == [managers[0].id]
