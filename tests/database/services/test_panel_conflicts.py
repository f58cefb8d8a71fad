"""Conflicts of interest: known ones, declared ones, late ones, and what they close."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.models.application import ApplicationHelper
from fundapp.models.document import DocumentKind
from fundapp.models.event import Event
from fundapp.models.panel import ConflictOfInterest, ConflictResponse
from fundapp.permissions import Permission, can
from fundapp.queries.marks import list_marks
from fundapp.queries.readings import count_given, list_readings
from fundapp.services import conflicts
from fundapp.services.conflicts import (
    Tie,
    UnknownGroup,
    confirm_register,
    declare_conflicts,
    declare_late,
    note_known_conflicts,
)
from fundapp.services.events import seal
from fundapp.services.members import remove_member
from tests.factories import (
    ApplicationFactory,
    ApplicationHelperFactory,
    CallFactory,
    ConflictFactory,
    DocumentFactory,
    FundRoleFactory,
    InterestRegisterFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    PartnerFactory,
    PartnerShareFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    UserFactory,
    days,
)

LEAVE = Tie(ConflictResponse.LEAVE_ROOM, "My sister works there.")
NOTE = Tie(ConflictResponse.NOTE, "We met once.")


def reading(seat=None, **application):
    """An assignment on the seat's own panel."""
    seat = seat or PanelSeatFactory()
    found = ApplicationFactory(call=seat.panel.call, in_review=True, **application)
    return ReviewAssignmentFactory(seat=seat, application=found)


def ties_in(db_session) -> list[tuple[object, ...]]:
    rows = db_session.query(ConflictOfInterest).order_by(ConflictOfInterest.source).all()
    return [(row.user_id, row.organisation_id, row.source, row.response.value) for row in rows]


def steps(db_session) -> list[str]:
    seal()
    db_session.flush()
    return [event.step for event in db_session.query(Event).order_by(Event.number)]


def test_papers_stay_closed_until_the_ties_are_declared(db_session):
    seat = PanelSeatFactory(conflicts_declared_at=None)
    assignment = reading(seat)

    assert list_readings(seat, seat.panel) == []
    assert count_given(seat, seat.panel) == 1
    assert not can(seat.user, Permission.APPLICATION_READ, assignment)


def test_declaration_needs_the_register_first(db_session):
    seat = PanelSeatFactory(conflicts_declared_at=None)
    reading(seat)

    with pytest.raises(NotPossibleNow):
        declare_conflicts(seat, {}, actor=seat.user, now=utcnow())
    assert seat.conflicts_declared_at is None


def test_declaration_opens_the_papers_of_all_other_groups(db_session):
    seat = PanelSeatFactory(conflicts_declared_at=None)
    tied, free = reading(seat), reading(seat)
    confirm_register(seat, {"employer": "A school"}, actor=seat.user, now=utcnow())

    declare_conflicts(seat, {tied.application.organisation_id: LEAVE}, actor=seat.user, now=utcnow())

    assert [each.assignment for each in list_readings(seat, seat.panel)] == [free]
    assert (tied.voided_at is not None, can(seat.user, Permission.APPLICATION_READ, tied)) == (True, False)
    assert steps(db_session) == ["confirm_register", "declare_conflict", "void", "declare_conflicts"]


def test_note_is_written_down_and_closes_nothing(db_session):
    seat = PanelSeatFactory(conflicts_declared_at=None)
    assignment = reading(seat)
    InterestRegisterFactory(seat=seat)

    declare_conflicts(seat, {assignment.application.organisation_id: NOTE}, actor=seat.user, now=utcnow())

    assert [each.assignment for each in list_readings(seat, seat.panel)] == [assignment]
    assert ties_in(db_session) == [(seat.user_id, assignment.application.organisation_id, "declared", "note")]


def test_declared_tie_counts_beside_a_milder_one_written_down_at_the_same_moment(db_session, monkeypatch):
    assignment = reading()
    seat, organisation = assignment.seat, assignment.application.organisation

    def add_after_the_other(*_tie):
        ConflictFactory(
            user=seat.user, call_id=seat.panel.call_id, organisation=organisation, response=NOTE.response
        )

    monkeypatch.setattr(conflicts, "_add", add_after_the_other)
    declare_late(assignment, organisation.id, LEAVE, actor=seat.user, now=utcnow())

    assert db_session.query(ConflictOfInterest).one().response is ConflictResponse.LEAVE_ROOM
    assert assignment.voided_at is not None


def test_group_that_is_not_read_cannot_be_declared(db_session):
    seat = PanelSeatFactory(conflicts_declared_at=None)
    reading(seat)
    InterestRegisterFactory(seat=seat)

    with pytest.raises(UnknownGroup):
        declare_conflicts(seat, {OrganisationFactory().id: LEAVE}, actor=seat.user, now=utcnow())


def test_later_declaration_is_never_milder(db_session):
    seat = PanelSeatFactory()
    assignment = reading(seat)
    organisation_id = assignment.application.organisation_id
    ConflictFactory(user_id=seat.user_id, call_id=seat.panel.call_id, organisation_id=organisation_id)
    InterestRegisterFactory(seat=seat)

    declare_conflicts(seat, {organisation_id: NOTE}, actor=seat.user, now=utcnow())

    assert ties_in(db_session) == [(seat.user_id, organisation_id, "declared", "leave_room")]


def test_late_declaration_voids_the_marks_and_is_written_down(db_session):
    assignment = reading()
    review = ReviewFactory(assignment=assignment, locked_at=days(-1))
    ScoreFactory(review=review)
    round_id = assignment.seat.panel.round_id
    assert len(list_marks(round_id)) == 1

    organisation_id = assignment.application.organisation_id
    declare_late(assignment, organisation_id, LEAVE, actor=assignment.seat.user, now=utcnow())

    db_session.flush()
    assert list_marks(round_id) == ()
    assert list_readings(assignment.seat, assignment.seat.panel) == []
    assert steps(db_session) == ["declare_conflict", "void"]


def test_late_tie_with_a_partner_closes_the_application(db_session):
    assignment = reading()
    partner = PartnerShareFactory(application=assignment.application, amount=20_000).organisation

    declare_late(assignment, partner.id, LEAVE, actor=assignment.seat.user, now=utcnow())

    assert not can(assignment.seat.user, Permission.SCORE_WRITE, assignment)


def test_late_tie_with_a_group_outside_the_application_is_refused(db_session):
    assignment = reading()

    with pytest.raises(UnknownGroup):
        declare_late(assignment, OrganisationFactory().id, LEAVE, actor=assignment.seat.user, now=utcnow())


def test_members_helpers_and_nominators_are_found_without_asking(db_session):
    umbrella = OrganisationFactory(is_umbrella=True)
    seat = PanelSeatFactory(nominated_by=umbrella)
    call, user = seat.panel.call, seat.user
    own, helped, by_fellow, nominators, other = (
        ApplicationFactory(call=call, submitted=True, organisation=organisation)
        for organisation in (
            *(OrganisationFactory() for _number in range(3)),
            umbrella,
            OrganisationFactory(annual_income=400_000),
        )
    )
    OrganisationMemberFactory(organisation=own.organisation, user=user)
    fellow = OrganisationMemberFactory(organisation=umbrella).user
    for application, helper in ((helped, user), (by_fellow, fellow)):
        db_session.add(ApplicationHelper(application=application, user=helper, expires_at=days(-3)))

    note_known_conflicts(call, actor=None, now=utcnow())

    found = {
        (organisation, source, response) for _user, organisation, source, response in ties_in(db_session)
    }
    assert found == {
        (own.organisation_id, "member", "leave_room"),
        (helped.organisation_id, "helper", "leave_room"),
        (by_fellow.organisation_id, "helper_of_nominator", "leave_room"),
        (nominators.organisation_id, "nominated", "leave_room"),
    }
    assert other.organisation_id not in {organisation for organisation, _source, _response in found}


def test_staff_of_the_fund_have_conflicts_too(db_session):
    seat = PanelSeatFactory()
    application = ApplicationFactory(call=seat.panel.call, submitted=True)
    manager = FundRoleFactory(fund=seat.panel.call.fund).user
    OrganisationMemberFactory(organisation=application.organisation, user=manager)

    note_known_conflicts(seat.panel.call, actor=None, now=utcnow(), application=application)

    assert not can(manager, Permission.APPLICATION_RUN, application)


def test_known_tie_is_stricter_than_a_note_and_noted_once(db_session):
    seat = PanelSeatFactory()
    assignment = reading(seat)
    organisation = assignment.application.organisation
    ConflictFactory(
        user_id=seat.user_id,
        call_id=seat.panel.call_id,
        organisation_id=organisation.id,
        response=ConflictResponse.NOTE,
    )
    OrganisationMemberFactory(organisation=organisation, user=seat.user)

    for _time in range(2):
        note_known_conflicts(seat.panel.call, actor=None, now=utcnow())

    assert ties_in(db_session) == [(seat.user_id, organisation.id, "member", "leave_room")]
    assert (assignment.voided_at is not None, steps(db_session)) == (True, ["note_conflict", "void"])


def test_conflict_in_another_call_closes_nothing_here(db_session):
    assignment = reading()
    other = UserFactory()
    elsewhere = PanelSeatFactory(user=assignment.seat.user)
    ConflictFactory(
        user_id=assignment.seat.user_id,
        call_id=elsewhere.panel.call_id,
        organisation_id=assignment.application.organisation_id,
    )

    assert can(assignment.seat.user, Permission.APPLICATION_READ, assignment)
    assert not can(other, Permission.APPLICATION_READ, assignment)


def ties_of(db_session, user) -> dict[object, tuple[str, str]]:
    rows = db_session.query(ConflictOfInterest).filter_by(user_id=user.id).all()
    return {row.organisation.name: (row.source, row.response.value) for row in rows}


def applying(call, name: str, **more):
    return ApplicationFactory(
        call=call, submitted=True, organisation=OrganisationFactory(name=name, annual_income=400_000, **more)
    )


@pytest.mark.parametrize(
    ("kind", "written", "found"),
    [
        ("employer", "I teach at Rosa Circle, and at a school", "leave_room"),
        ("committee", "ROSA  CIRCLE!", "leave_room"),
        ("family", "My sister: rosa circle CIO", "leave_room"),
        ("supplier", "We print for\nRosa Circle", "no_scoring"),
        ("past", "Charity 1234567, until spring", "no_scoring"),
        ("employer", "Hope for All, Rosa and the Circle", None),
        ("employer", "Hope", "leave_room"),
    ],
)
def test_group_named_in_the_register_is_a_tie_before_its_name_is_shown(
    db_session, kind: str, written: str, found: str | None
):
    seat = PanelSeatFactory(conflicts_declared_at=None)
    applying(seat.panel.call, "Rosa Circle", charity_number="1234567")
    applying(seat.panel.call, "Hope")

    confirm_register(seat, {kind: written}, actor=seat.user, now=utcnow())

    name = "Hope" if written == "Hope" else "Rosa Circle"
    assert ties_of(db_session, seat.user) == ({name: (kind, found)} if found else {})


def test_what_two_organisations_share_is_a_tie(db_session):
    umbrella = OrganisationFactory(charity_number="7654321", annual_income=400_000)
    seat = PanelSeatFactory(nominated_by=umbrella, user=UserFactory(email="amal@umbrella.example"))
    call, statement = seat.panel.call, DocumentFactory(organisation=umbrella, kind=DocumentKind.BANK)
    with_account, with_number, with_member, with_mail, _with_nothing = (
        applying(call, name) for name in ("Account", "Number", "Member", "Mail", "Nothing")
    )
    theirs = DocumentFactory(organisation=with_account.organisation, kind=DocumentKind.BANK)
    theirs.file.sha256 = statement.file.sha256
    with_number.organisation.charity_number = "7654321"
    treasurer = OrganisationMemberFactory(organisation=umbrella).user
    OrganisationMemberFactory(organisation=with_member.organisation, user=treasurer)
    OrganisationMemberFactory(
        organisation=with_mail.organisation, user=UserFactory(email="x@umbrella.example")
    )

    note_known_conflicts(call, actor=None, now=utcnow())

    assert ties_of(db_session, seat.user) == {
        "Account": ("shared_account", "leave_room"),
        "Number": ("same_register", "leave_room"),
        "Member": ("shared_member", "no_scoring"),
        "Mail": ("mail_house", "no_scoring"),
    }


def test_ties_of_the_past_years_count_and_older_ones_do_not(db_session):
    seat = PanelSeatFactory()
    call, earlier = seat.panel.call, CallFactory()
    helped, long_ago, left = (applying(call, name) for name in ("Helped", "Long ago", "Left"))
    for application, at in ((helped, days(-400)), (long_ago, days(-1200))):
        before = ApplicationFactory(call=earlier, organisation=application.organisation, created_at=at)
        ApplicationHelperFactory(application=before, user=seat.user, expires_at=at)
    OrganisationMemberFactory(organisation=left.organisation)
    own = OrganisationMemberFactory(organisation=left.organisation, user=seat.user)
    remove_member(own, actor=seat.user, now=utcnow())
    seal()
    db_session.flush()

    note_known_conflicts(call, actor=None, now=utcnow())

    assert ties_of(db_session, seat.user) == {
        "Helped": ("past", "no_scoring"),
        "Left": ("past", "no_scoring"),
    }


@pytest.mark.parametrize(("strand", "found"), [("C", "same_set_aside"), ("A", "same_ring_fence")])
def test_who_asks_for_the_same_protected_money_is_a_rival(db_session, strand: str, found: str):
    seat = PanelSeatFactory()
    call = seat.panel.call
    own, rival, other = (applying(call, name) for name in ("Own", "Rival", "Other"))
    for application in (own, rival):
        application.organisation.annual_income, application.strand_code = 8_000, strand
    OrganisationMemberFactory(organisation=own.organisation, user=seat.user)

    note_known_conflicts(call, actor=None, now=utcnow())

    response = "no_scoring" if strand == "C" else "note"
    assert ties_of(db_session, seat.user) == {
        "Own": ("member", "leave_room"),
        "Rival": (found, response),
    }
    assert other.organisation.annual_income == 400_000


def test_partner_and_whoever_answered_for_it_have_a_tie_with_the_lead(db_session):
    seat = PanelSeatFactory()
    lead = applying(seat.panel.call, "Lead")
    PartnerFactory(application=lead, user_id=seat.user_id)

    note_known_conflicts(seat.panel.call, actor=None, now=utcnow())

    assert ties_of(db_session, seat.user) == {"Lead": ("partner", "leave_room")}


def test_number_of_queries_does_not_grow_with_the_groups(db_session, count_queries):
    seat = PanelSeatFactory()
    applying(seat.panel.call, "One")
    with count_queries() as few:
        note_known_conflicts(seat.panel.call, actor=None, now=utcnow())
    for number in range(5):
        applying(seat.panel.call, f"More {number}")
        PanelSeatFactory(panel=seat.panel)

    with count_queries() as many:
        note_known_conflicts(seat.panel.call, actor=None, now=utcnow())

    assert many.number == few.number
