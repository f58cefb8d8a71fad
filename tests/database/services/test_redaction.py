"""Copies without names: numbered by lot, confirmed by a person, and nothing is read before."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.errors import StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.call import Call
from fundapp.models.message import Message
from fundapp.models.panel import ConflictOfInterest, ConflictResponse, SeatKind, TieSource
from fundapp.models.redaction import RedactedCopy
from fundapp.models.user import User
from fundapp.queries.redaction import first_text, names_in, pieces_of, state_of
from fundapp.services.clarifications import TextNeeded, answer_clarification
from fundapp.services.conflicts import Tie, declare_late
from fundapp.services.panels import NewSeat, SeesTheNames, add_seat, set_up_panel, start_review
from fundapp.services.redaction import CopiesMissing, NotInTheRound, TranscriptMissing, save_copy
from tests.factories import (
    AnswerFactory,
    AnswerMediaFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    CallFactory,
    ClarificationFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    UserFactory,
)
from tests.published import published_with

BUDGET = [{"what": "Rent at Amani House", "amount": "200.00"}, {"what": "Tea", "amount": "10.00"}]


def blind_call() -> Call:
    call = CallFactory(closed=True)
    assessment = call.versions[-1].content["assessment"]
    published_with(call, assessment={**assessment, "hides_names": True})
    return call


@pytest.fixture
def manager(db_session) -> User:
    return UserFactory(staff=True)


@pytest.fixture
def application(db_session):
    application = ApplicationFactory(
        call=blind_call(), submitted=True, organisation=OrganisationFactory(name="Amani House")
    )
    OrganisationMemberFactory(organisation=application.organisation, user=UserFactory(name="Halima Yusuf"))
    ApplicationHelperFactory(application=application, name="Sam Reed", organisation_name="Help Hub")
    AnswerFactory(application=application, question_key="Q2", value="Halima began Amani House with Help Hub.")
    AnswerFactory(application=application, question_key="Q8", value=BUDGET)
    return application


def first_texts(application) -> dict[str, str]:
    names = names_in(application)
    return {each.key: first_text(each, names) for each in pieces_of(application)}


def confirm(application, actor, *, version: int = 0, is_confirmed: bool = True, **texts: str) -> RedactedCopy:
    return save_copy(
        application,
        first_texts(application) | texts,
        seen={each.key: each.digest for each in pieces_of(application)},
        version=version,
        is_confirmed=is_confirmed,
        actor=actor,
        now=utcnow(),
    )


def test_first_attempt_knows_the_names_of_group_members_and_helpers(application):
    assert first_texts(application)["answer-Q2"] == "[…] began […] with […]."
    assert first_texts(application)["row-Q8-0"] == "Rent at […]"


def test_reading_begins_only_when_every_copy_is_confirmed(application, manager):
    other = ApplicationFactory(call=application.call, submitted=True)
    panel = set_up_panel(application.round, actor=manager, now=utcnow())

    with pytest.raises(CopiesMissing):
        start_review(application.round, actor=manager, now=utcnow())
    confirm(application, manager, is_confirmed=False)
    confirm(other, manager)
    with pytest.raises(CopiesMissing):
        start_review(application.round, actor=manager, now=utcnow())
    kept = confirm(application, manager, version=2)

    assert start_review(application.round, actor=manager, now=utcnow()) == 2
    assert (panel.names_are_hidden, kept.passage("answer-Q2")) == (True, "[…] began […] with […].")
    assert {application.redacted_copy.number, other.redacted_copy.number} == {1, 2}


def test_numbers_say_nothing_about_names_or_order(db_session, manager):
    call = blind_call()
    waiting = [
        ApplicationFactory(call=call, submitted=True, organisation=OrganisationFactory(name=f"Group {n:02d}"))
        for n in range(12)
    ]
    confirm(waiting[0], manager)

    numbers = [each.redacted_copy.number for each in waiting]
    assert sorted(numbers) == list(range(1, 13))
    assert numbers != list(range(1, 13)), "once in 479,001,600 runs this is chance"


def test_text_that_is_new_or_changed_has_to_be_read_again_and_is_not_shown(application, manager):
    kept = confirm(application, manager)
    assert state_of(application).is_ready

    asked = ClarificationFactory(
        application=application, question="Who is Halima?", answer="Our chair, Halima."
    )
    application.answers[0].value = "Halima Yusuf began Amani House."

    assert state_of(application).new == 3
    assert (kept.passage(f"heard-{asked.id.hex}"), kept.passage("answer-Q2")) == (
        None,
        "[…] began […] with […].",
    )


def test_readers_hear_of_an_answer_once_somebody_has_read_it_for_names(db_session, application, manager):
    application.status = ApplicationStatus.CLARIFYING
    secretary = FundRoleFactory(fund=application.call.fund).user
    panel = set_up_panel(application.round, actor=manager, now=utcnow())
    reader = ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=application).seat.user
    asked = ClarificationFactory(application=application)

    def told() -> list[object]:
        mails = db_session.query(Message).filter_by(kind="clarification_answered")
        return [mail.recipient_id for mail in mails.order_by(Message.created_at)]

    answer_clarification(asked, "Halima decides.", actor=UserFactory(), now=utcnow())
    before = told()
    confirm(application, manager)
    confirm(application, manager, version=2)

    assert (before, told()) == ([secretary.id], [secretary.id, reader.id])


def test_recording_needs_a_transcript_before_the_copy_can_be_confirmed(application, manager):
    AnswerMediaFactory(answer=application.answers[0])

    with pytest.raises(TranscriptMissing):
        confirm(application, manager)
    assert state_of(application).without_transcript == 1


def test_copy_refuses_what_is_empty_old_or_not_in_the_round(application, manager):
    draft = ApplicationFactory(call=application.call)
    with pytest.raises(NotInTheRound):
        confirm(draft, manager)
    with pytest.raises(TextNeeded):
        confirm(application, manager, **{"answer-Q2": "  "})
    confirm(application, manager, version=application.redacted_copy.version, **{"answer-Q2": "One."})
    with pytest.raises(StaleVersion):
        confirm(application, manager, version=1, **{"answer-Q2": "Two."})

    assert application.redacted_copy.passage("answer-Q2") == "One."


def test_second_press_changes_nothing(application, manager):
    first = confirm(application, manager)
    at, version = first.confirmed_at, first.version

    again = confirm(application, manager)

    assert (again.confirmed_at, again.version) == (at, version)


def test_somebody_who_works_for_the_fund_has_no_seat_where_names_are_hidden(application, manager):
    officer = FundRoleFactory(fund=application.call.fund).user
    panel = set_up_panel(application.round, actor=manager, now=utcnow())

    with pytest.raises(SeesTheNames):
        add_seat(
            panel,
            NewSeat(officer.email, "Ode", SeatKind.FUNDER_OFFICER, 20),
            actor=manager,
            now=utcnow(),
        )


def test_who_is_recognised_in_a_copy_is_noted_without_telling_whom(db_session, application, manager):
    application.status = ApplicationStatus.IN_REVIEW
    panel = set_up_panel(application.round, actor=manager, now=utcnow())
    assignment = ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=application)

    tie = Tie(ConflictResponse.NO_SCORING, "My neighbours")
    declare_late(assignment, application.organisation_id, tie, actor=assignment.seat.user, now=utcnow())

    row = db_session.query(ConflictOfInterest).one()
    assert (row.source, assignment.voided_at is not None) == (TieSource.RECOGNISED, True)
