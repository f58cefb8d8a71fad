"""Questions back to a group, through the secretary."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight
from fundapp.models.user import User
from fundapp.services.clarifications import (
    TextNeeded,
    answer_clarification,
    ask_group,
    keep_question_back,
    send_question,
)
from tests.factories import (
    ApplicationFactory,
    OrganisationMemberFactory,
    ReaderQuestionFactory,
    UserFactory,
)


@pytest.fixture
def secretary(db_session) -> User:
    return UserFactory(staff=True)


def test_sent_question_reaches_the_group_in_the_secretarys_words(db_session, secretary):
    question = ReaderQuestionFactory()
    application = question.assignment.application
    member = OrganisationMemberFactory(organisation=application.organisation).user
    OrganisationMemberFactory(organisation=application.organisation, right=MemberRight.VIEW)

    clarification = send_question(question, "Who decides, please?", actor=secretary, now=utcnow())

    mails = [(mail.recipient_id, mail.kind) for mail in db_session.query(Message)]
    assert (clarification.question, clarification.criterion_key, clarification.asked_by_id) == (
        "Who decides, please?",
        "C1",
        secretary.id,
    )
    assert application.status is ApplicationStatus.CLARIFYING
    assert mails == [(member.id, "clarification_asked")]


def test_question_is_settled_once(secretary):
    question = ReaderQuestionFactory()
    send_question(question, "Who?", actor=secretary, now=utcnow())

    with pytest.raises(NotPossibleNow):
        send_question(question, "Who?", actor=secretary, now=utcnow())
    with pytest.raises(NotPossibleNow):
        keep_question_back(question, "Asked already.", actor=secretary, now=utcnow())


def test_question_kept_back_needs_a_reason(secretary):
    question = ReaderQuestionFactory()

    with pytest.raises(TextNeeded):
        keep_question_back(question, " ", actor=secretary, now=utcnow())
    keep_question_back(question, "It stands in Q5.", actor=secretary, now=utcnow())

    assert (question.not_sent_reason, question.assignment.application.status) == (
        "It stands in Q5.",
        ApplicationStatus.IN_REVIEW,
    )


def test_question_that_was_not_handed_over_is_not_the_secretarys(secretary):
    with pytest.raises(NotPossibleNow):
        send_question(ReaderQuestionFactory(raised_at=None), "Who?", actor=secretary, now=utcnow())


def test_last_answer_brings_the_application_back_to_its_readers(db_session, secretary):
    application = ApplicationFactory(in_review=True)
    first, second = (
        ask_group(application, text, criterion_key=None, actor=secretary, now=utcnow())
        for text in ("Who?", "When?")
    )

    answer_clarification(first, "The members.", actor=secretary, now=utcnow())
    between = application.status
    answer_clarification(second, "On Mondays.", actor=secretary, now=utcnow())

    assert (between, application.status) == (ApplicationStatus.CLARIFYING, ApplicationStatus.IN_REVIEW)
    assert (second.answer, second.answered_at is not None) == ("On Mondays.", True)


def test_answer_counts_once_and_the_same_again_changes_nothing(secretary):
    application = ApplicationFactory(in_review=True)
    clarification = ask_group(application, "Who?", criterion_key=None, actor=secretary, now=utcnow())
    answer_clarification(clarification, "The members.", actor=secretary, now=utcnow())

    answer_clarification(clarification, " The members. ", actor=secretary, now=utcnow())
    with pytest.raises(NotPossibleNow):
        answer_clarification(clarification, "The chair.", actor=secretary, now=utcnow())

    assert clarification.answer == "The members."


def test_answer_after_the_papers_went_to_the_panel_is_kept(db_session, secretary):
    application = ApplicationFactory(in_review=True)
    clarification = ask_group(application, "Who?", criterion_key=None, actor=secretary, now=utcnow())
    application.status = ApplicationStatus.AT_PANEL
    db_session.flush()

    answer_clarification(clarification, "The members.", actor=secretary, now=utcnow())

    assert (clarification.answer, application.status) == ("The members.", ApplicationStatus.AT_PANEL)


@pytest.mark.parametrize("trait", ["submitted", "at_panel", "in_principle"])
def test_groups_are_asked_only_while_they_are_read(db_session, secretary, trait: str):
    application = ApplicationFactory(**{trait: True})

    with pytest.raises(NotPossibleNow):
        ask_group(application, "Who?", criterion_key=None, actor=secretary, now=utcnow())


def test_nothing_empty_is_asked_or_answered(secretary):
    application = ApplicationFactory(in_review=True)
    clarification = ask_group(application, "Who?", criterion_key=None, actor=secretary, now=utcnow())

    with pytest.raises(TextNeeded):
        ask_group(application, "\n", criterion_key=None, actor=secretary, now=utcnow())
    with pytest.raises(TextNeeded):
        answer_clarification(clarification, "  ", actor=secretary, now=utcnow())
