"""The panel of a round: seats, reading begins, readers by rule, the way to the meeting."""

from __future__ import annotations

import pytest

from fundapp.call_file.assessment import Assessment
from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.meeting import MeetingPresence
from fundapp.models.panel import ConflictOfInterest, Panel, PanelSeat, ReviewAssignment, SeatKind
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.models.practice import PracticeSheet
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_board import board_of
from fundapp.queries.panels import find_panel
from fundapp.services.assignments import (
    ReaderHasConflict,
    ReaderIsFull,
    add_reader,
    assign_readers,
    remove_reader,
)
from fundapp.services.panels import (
    AlreadyOnPanel,
    CannotChair,
    NewSeat,
    NotReadEnough,
    SeatsAreFull,
    add_seat,
    bring_to_panel,
    remove_seat,
    set_up_panel,
    start_review,
)
from fundapp.services.papers import ask_for_pack
from scoring.panel_to_fill import Unmet
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ConflictFactory,
    MeetingFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    PartnerShareFactory,
    PracticeSampleFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    UserFactory,
    days,
)

KINDS = (SeatKind.UMBRELLA, SeatKind.LIVED_EXPERIENCE, SeatKind.PAST_GRANTEE)


@pytest.fixture
def actor(db_session) -> User:
    return UserFactory(staff=True)


def new_seat(kind: SeatKind = SeatKind.UMBRELLA, email: str = "Amal@Example.org", **more) -> NewSeat:
    return NewSeat(email=email, name="Amal", kind=kind, capacity=20, **more)


def _assessment(panel: Panel) -> Assessment:
    return definition_of(current_version(panel.call)).assessment


def full_panel(capacity: int = 20) -> Panel:
    panel = PanelFactory()
    for kind in KINDS:
        PanelSeatFactory(panel=panel, kind=kind, capacity=capacity)
    return panel


def test_panel_is_set_up_once_with_the_quorum_of_the_call(actor):
    round_ = CallFactory(closed=True).rounds[0]

    first = set_up_panel(round_, actor=actor, now=utcnow())
    second = set_up_panel(round_, actor=actor, now=utcnow())

    assert (second.id, first.quorum) == (first.id, 6)


def test_seat_for_a_new_address_makes_an_account_that_signs_in_by_mail(actor):
    panel = PanelFactory()

    seat = add_seat(panel, new_seat(), actor=actor, now=utcnow())

    assert (seat.user.email, seat.user.is_staff, seat.conflicts_declared_at) == (
        "amal@example.org",
        False,
        None,
    )


def test_seats_follow_the_rules_of_the_call(actor):
    panel = PanelFactory()
    add_seat(panel, new_seat(SeatKind.PAST_GRANTEE, is_chair=True), actor=actor, now=utcnow())

    for wrong, error in (
        (new_seat(SeatKind.PAST_GRANTEE, "b@example.org"), SeatsAreFull),
        (new_seat(SeatKind.UMBRELLA), AlreadyOnPanel),
        (new_seat(SeatKind.FUNDER_OFFICER, "c@example.org", is_chair=True), CannotChair),
        (new_seat(SeatKind.UMBRELLA, "d@example.org", is_chair=True), CannotChair),
    ):
        with pytest.raises(error):
            add_seat(panel, wrong, actor=actor, now=utcnow())


def test_new_seat_of_a_group_member_brings_the_conflict_along(db_session, actor):
    panel = PanelFactory()
    application = ApplicationFactory(call=panel.call, in_review=True)
    member = OrganisationMemberFactory(organisation=application.organisation).user

    add_seat(panel, new_seat(email=member.email), actor=actor, now=utcnow())

    ties = db_session.query(ConflictOfInterest).all()
    assert [(tie.user_id, tie.organisation_id, tie.source, tie.response) for tie in ties] == [
        (member.id, application.organisation_id, "member", "leave_room")
    ]


def test_seat_is_taken_back_only_before_something_was_given(db_session, actor):
    assignment = ReviewAssignmentFactory(seat=PanelSeatFactory())

    with pytest.raises(NotPossibleNow):
        remove_seat(assignment.seat, actor=actor, now=utcnow())
    other = PanelSeatFactory(panel=assignment.seat.panel)
    remove_seat(other, actor=actor, now=utcnow())
    db_session.flush()
    db_session.expire_all()

    assert [seat.id for seat in assignment.seat.panel.seats] == [assignment.seat_id]


def test_packs_of_a_seat_go_with_it(db_session, actor):
    seat = PanelSeatFactory()
    paper = ask_for_pack(seat, PaperKind.READING_PACK, "en", is_large=False, actor=actor, now=utcnow())
    db_session.flush()

    remove_seat(seat, actor=actor, now=utcnow())
    db_session.flush()

    assert db_session.get(MadePaper, paper.id) is None


def test_practice_that_is_not_finished_goes_with_its_seat_and_finished_one_keeps_it(db_session, actor):
    begun, done = PanelSeatFactory(), PanelSeatFactory()
    for seat, locked_at in ((begun, None), (done, days(-1))):
        sample = PracticeSampleFactory(panel=seat.panel)
        db_session.add(PracticeSheet(sample=sample, seat=seat, marks={}, locked_at=locked_at))
    came = PanelSeatFactory()
    db_session.add(MeetingPresence(meeting=MeetingFactory(panel=came.panel), seat=came, came_at=days(-1)))
    db_session.flush()

    remove_seat(begun, actor=actor, now=utcnow())
    db_session.flush()
    for seat in (done, came):
        with pytest.raises(NotPossibleNow):
            remove_seat(seat, actor=actor, now=utcnow())

    assert db_session.get(PanelSeat, begun.id) is None


def test_reading_begins_for_full_applications_and_asks_for_ties_again(actor):
    panel = PanelFactory()
    seat = PanelSeatFactory(panel=panel)
    sent = ApplicationFactory(call=panel.call, submitted=True)
    first_stage = ApplicationFactory(call=panel.call, eoi_sent=True)

    number = start_review(panel.round, actor=actor, now=utcnow())

    assert (number, sent.status, first_stage.status, seat.conflicts_declared_at) == (
        1,
        ApplicationStatus.IN_REVIEW,
        ApplicationStatus.SUBMITTED,
        None,
    )


def test_reading_that_has_begun_for_all_asks_nobody_again(actor):
    panel = PanelFactory()
    seat = PanelSeatFactory(panel=panel)

    assert start_review(panel.round, actor=actor, now=utcnow()) == 0
    assert seat.conflicts_declared_at is not None


def test_readers_are_found_by_the_rules_of_the_call(actor):
    panel = full_panel()
    for _number in range(4):
        ApplicationFactory(call=panel.call, in_review=True)

    plan = assign_readers(panel, actor=actor, now=utcnow())
    board = board_of(panel.round, find_panel(panel.round), _assessment(panel), viewer=actor)

    assert plan.unmet == ()
    assert [line.keeps_the_rules for line in board.applications] == [True] * 4
    assert [line.given for line in board.seats] == [4, 4, 4]


def test_second_run_changes_nothing(db_session, actor):
    panel = full_panel()
    ApplicationFactory(call=panel.call, in_review=True)
    assign_readers(panel, actor=actor, now=utcnow())

    again = assign_readers(panel, actor=actor, now=utcnow())

    assert (again.pairs, db_session.query(ReviewAssignment).count()) == ((), 3)


def test_rule_that_cannot_be_met_is_named(actor):
    panel = full_panel()
    application = ApplicationFactory(call=panel.call, in_review=True)
    umbrella = panel.seats[0]
    ConflictFactory(
        user_id=umbrella.user_id, call_id=panel.call_id, organisation_id=application.organisation_id
    )

    plan = assign_readers(panel, actor=actor, now=utcnow())

    assert plan.unmet == (Unmet(str(application.id), "umbrella"),)
    assert str(umbrella.id) not in {seat for _application, seat in plan.pairs}


def test_tie_with_a_partner_keeps_a_reader_away_too(actor):
    panel = full_panel()
    application = ApplicationFactory(call=panel.call, in_review=True)
    share = PartnerShareFactory(application=application, amount=20_000)
    OrganisationMemberFactory(organisation=share.organisation, user=panel.seats[1].user)

    plan = assign_readers(panel, actor=actor, now=utcnow())

    assert plan.unmet == (Unmet(str(application.id), "lived_experience"),)


def test_reader_given_by_hand_within_conflicts_and_capacity(actor):
    panel = PanelFactory()
    free, full = PanelSeatFactory(panel=panel), PanelSeatFactory(panel=panel, capacity=0)
    tied = PanelSeatFactory(panel=panel)
    application = ApplicationFactory(call=panel.call, in_review=True)
    ConflictFactory(user_id=tied.user_id, call_id=panel.call_id, organisation_id=application.organisation_id)

    given = add_reader(application, free, actor=actor, now=utcnow())

    assert add_reader(application, free, actor=actor, now=utcnow()) is given
    with pytest.raises(ReaderIsFull):
        add_reader(application, full, actor=actor, now=utcnow())
    with pytest.raises(ReaderHasConflict):
        add_reader(application, tied, actor=actor, now=utcnow())


def test_capacity_counts_what_the_manager_may_not_see(actor):
    panel = full_panel()
    busy = PanelSeatFactory(panel=panel, capacity=1)
    hidden, application = (ApplicationFactory(call=panel.call, in_review=True) for _number in range(2))
    ReviewAssignmentFactory(seat=busy, application=hidden)
    ConflictFactory(user=actor, call_id=panel.call_id, organisation_id=hidden.organisation_id)

    with pytest.raises(ReaderIsFull):
        add_reader(application, busy, actor=actor, now=utcnow())


def test_voided_reading_never_comes_back_by_hand(actor):
    assignment = ReviewAssignmentFactory(voided_at=days(-1), seat=PanelSeatFactory())
    assignment.application.round = assignment.seat.panel.round

    with pytest.raises(ReaderHasConflict):
        add_reader(assignment.application, assignment.seat, actor=actor, now=utcnow())


def test_reader_who_has_begun_keeps_the_application(db_session, actor):
    review = ReviewFactory()
    untouched = ReviewAssignmentFactory()

    with pytest.raises(NotPossibleNow):
        remove_reader(review.assignment, actor=actor, now=utcnow())
    remove_reader(untouched, actor=actor, now=utcnow())

    assert db_session.query(ReviewAssignment).all() == [review.assignment]


def test_application_comes_to_the_panel_when_three_sheets_are_locked(actor):
    panel = full_panel()
    application = ApplicationFactory(call=panel.call, in_review=True)
    for number, seat in enumerate(panel.seats):
        assignment = ReviewAssignmentFactory(seat=seat, application=application)
        review = ReviewFactory(assignment=assignment, locked_at=days(-1) if number < 2 else None)
    with pytest.raises(NotReadEnough):
        bring_to_panel(application, actor=actor, now=utcnow())

    review.locked_at = utcnow()
    bring_to_panel(application, actor=actor, now=utcnow())

    assert application.status is ApplicationStatus.AT_PANEL


def test_voided_sheet_does_not_count_for_the_panel(actor):
    panel = full_panel()
    application = ApplicationFactory(call=panel.call, in_review=True)
    for number, seat in enumerate(panel.seats):
        void = days(-1) if number == 0 else None
        assignment = ReviewAssignmentFactory(seat=seat, application=application, voided_at=void)
        ReviewFactory(assignment=assignment, locked_at=days(-1))

    with pytest.raises(NotReadEnough):
        bring_to_panel(application, actor=actor, now=utcnow())


def test_board_hides_what_its_reader_must_not_see(actor):
    panel = PanelFactory()
    shown, hidden = (ApplicationFactory(call=panel.call, in_review=True) for _number in range(2))
    ConflictFactory(user_id=actor.id, call_id=panel.call_id, organisation_id=hidden.organisation_id)

    board = board_of(panel.round, find_panel(panel.round), _assessment(panel), viewer=actor)

    assert [line.application for line in board.applications] == [shown]


def test_board_needs_as_many_queries_for_three_as_for_one(count_queries, actor):
    panel = full_panel()
    ApplicationFactory(call=panel.call, in_review=True)
    assign_readers(panel, actor=actor, now=utcnow())

    def number_of_queries() -> int:
        with count_queries() as queries:
            board_of(panel.round, find_panel(panel.round), _assessment(panel), viewer=actor)
        return queries.number

    first = number_of_queries()
    for _number in range(2):
        ApplicationFactory(call=panel.call, in_review=True, organisation=OrganisationFactory())
    assign_readers(panel, actor=actor, now=utcnow())

    assert number_of_queries() == first <= 6
