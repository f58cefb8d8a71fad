"""Helpers draft and never send; what they wrote is marked, read by the group, and makes a tie."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, ApplicationHelper, HelpKind
from fundapp.models.event import Event
from fundapp.models.panel import ConflictOfInterest
from fundapp.permissions import Permission, can
from fundapp.queries.people import answers_of_helpers
from fundapp.queries.readings import list_readings
from fundapp.services.applications import HelpNotRead, help_digest, submit_application
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.joining import accept_invitation
from fundapp.services.writing_help import (
    Help,
    HelpEndsInThePast,
    end_help,
    invite_helper,
    last_day_of_help,
)
from tests.database.services.test_apply_applications import EOI, answered
from tests.factories import (
    ApplicationFactory,
    ApplicationHelperFactory,
    InterestRegisterFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    UserFactory,
    days,
)
from tests.published import dated

WRITER = Help("Winnie Sparrow", HelpKind.WRITING)


def helped(application: Application, help: Help = WRITER) -> ApplicationHelper:
    """From the group's wish to the helper's yes."""
    owner = OrganisationMemberFactory(organisation=application.organisation).user
    helper = UserFactory()
    with unit_of_work():
        invitation = invite_helper(application, helper.email, help, actor=owner, now=utcnow())
    with unit_of_work():
        accept_invitation(invitation, actor=helper, now=utcnow())
    query = sa.select(ApplicationHelper).where(ApplicationHelper.application_id == application.id)
    return db.session.execute(query).scalar_one()


def test_helper_reads_and_writes_and_cannot_send(db_session):
    helper = helped(ApplicationFactory())

    rights = [
        can(helper.user, permission, helper.application)
        for permission in (
            Permission.APPLICATION_VIEW,
            Permission.APPLICATION_EDIT,
            Permission.APPLICATION_SPEAK_FOR,
            Permission.APPLICATION_SUBMIT,
            Permission.APPLICATION_PEOPLE,
        )
    ]

    assert rights == [True, True, False, False, False]
    assert helper.expires_at == last_day_of_help(helper.application)


def test_help_ends_by_its_day_or_at_once(db_session):
    application = ApplicationFactory()
    helper = helped(application, Help("Winnie", HelpKind.INTERPRETING, until=days(3).date()))
    assert timedelta(days=2) < helper.expires_at - utcnow() < timedelta(days=5)

    with unit_of_work():
        end_help(helper, actor=UserFactory(), now=utcnow())
        first = helper.ended_at
        end_help(helper, actor=UserFactory(), now=days(1))

    assert not can(helper.user, Permission.APPLICATION_VIEW, application)
    assert helper.ended_at == first


@pytest.mark.parametrize("ago", [1, 400])
def test_help_never_ends_in_the_past(db_session, ago):
    application = ApplicationFactory()
    owner = OrganisationMemberFactory(organisation=application.organisation).user

    help = Help("Winnie", HelpKind.WRITING, until=days(-ago).date())
    with pytest.raises(HelpEndsInThePast), unit_of_work():
        invite_helper(application, "w@example.org", help, actor=owner, now=utcnow())


def test_end_after_the_round_is_the_end_of_the_round(db_session):
    application = ApplicationFactory()
    helper = helped(application, Help("Winnie", HelpKind.WRITING, until=days(700).date()))

    assert helper.expires_at == last_day_of_help(application)


def test_group_reads_what_the_helper_wrote_before_it_is_sent(db_session):
    application = answered(EOI)
    helper = ApplicationHelperFactory(application=application)
    sender = OrganisationMemberFactory(organisation=application.organisation).user
    written = next(each for each in application.answers if each.question_key == "S1")
    written.saved_by_id = helper.user_id
    db_session.commit()
    seen = help_digest(answers_of_helpers(application))

    with pytest.raises(HelpNotRead), unit_of_work():
        submit_application(application, actor=sender, now=utcnow())
    written.rev += 1  # the helper saves once more while the group reads
    db_session.commit()
    with pytest.raises(HelpNotRead), unit_of_work():
        submit_application(application, actor=sender, now=utcnow(), read_help=seen)
    with unit_of_work():
        seen = help_digest(answers_of_helpers(application))
        submit_application(application, actor=sender, now=utcnow(), read_help=seen)

    assert application.status is ApplicationStatus.SUBMITTED
    event = db_session.execute(sa.select(Event).where(Event.step == "submit")).scalar_one()
    assert event.details["written_by_helper_and_read"] == ["S1"]


def test_member_who_helped_before_writes_as_the_group(db_session):
    application = answered(EOI)
    helper = ApplicationHelperFactory(application=application)
    OrganisationMemberFactory(organisation=application.organisation, user=helper.user)
    application.answers[0].saved_by_id = helper.user_id
    db_session.flush()

    assert answers_of_helpers(application) == {}


@pytest.mark.parametrize(
    ("tie", "source"),
    [("self", "helper"), ("member", "helping_organisation"), ("seat", "helping_organisation")],
)
def test_panel_member_who_helps_or_works_where_the_helper_works_is_kept_out(db_session, tie, source):
    umbrella = OrganisationFactory(is_umbrella=True, name="Night Blooming")
    seat = PanelSeatFactory(nominated_by=umbrella if tie == "seat" else None)
    if tie == "member":
        OrganisationMemberFactory(organisation=umbrella, user=seat.user)
    InterestRegisterFactory(seat=seat)
    application = ApplicationFactory(call=seat.panel.call, in_review=True)
    assignment = ReviewAssignmentFactory(seat=seat, application=application)
    owner = OrganisationMemberFactory(organisation=application.organisation).user
    helper = seat.user if tie == "self" else UserFactory()
    assert can(seat.user, Permission.APPLICATION_READ, assignment)
    dated(application.round, full_closes_at=days(1))

    with unit_of_work():
        help = Help("W", HelpKind.UMBRELLA, organisation_name=" night blooming " if tie != "self" else "")
        invitation = invite_helper(application, helper.email, help, actor=owner, now=utcnow())
        accept_invitation(invitation, actor=helper, now=utcnow())

    ties = db_session.execute(
        sa.select(ConflictOfInterest.user_id, ConflictOfInterest.source, ConflictOfInterest.response)
    ).all()
    assert ties == [(seat.user_id, source, "leave_room")]
    assert not can(seat.user, Permission.APPLICATION_READ, assignment)
    assert assignment.voided_at is not None
    assert list_readings(seat, seat.panel) == []


def test_tie_stays_when_the_help_has_ended(db_session):
    seat = PanelSeatFactory()
    application = ApplicationFactory(call=seat.panel.call, in_review=True)
    ApplicationHelperFactory(application=application, user=seat.user, ended_at=days(-1))
    assignment = ReviewAssignmentFactory(seat=seat, application=application)
    with unit_of_work():
        note_known_conflicts(application.call, actor=None, now=utcnow())

    assert not can(seat.user, Permission.APPLICATION_READ, assignment)
