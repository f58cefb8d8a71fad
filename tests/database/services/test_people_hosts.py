"""A host gives its word in writing: who holds, who decides, what it keeps; a grant waits for it."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import AwardStatus, WordStatus
from fundapp.models.agreement import Side
from fundapp.models.event import Event
from fundapp.models.panel import ConflictOfInterest
from fundapp.models.partnership import Decider, FiscalHost
from fundapp.permissions import Permission, can
from fundapp.queries.grants import list_checks
from fundapp.queries.people import find_confirmed_host, find_host
from fundapp.services.agreements import facts_digest
from fundapp.services.applications import ReasonNeeded
from fundapp.services.grants import (
    HostNotConfirmed,
    accept_agreement,
    send_agreement,
    settle_check,
    start_checks,
)
from fundapp.services.hosts import (
    FeeTooHigh,
    HostWord,
    OwnHost,
    confirm_host,
    decline_host,
    end_host,
    invite_host,
)
from fundapp.services.joining import accept_invitation
from tests.factories import (
    ApplicationFactory,
    FiscalHostFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    UserFactory,
)
from tests.grants import grant_in_principle

pytestmark = pytest.mark.both_engines  # what the database itself refuses


def asked_host(application) -> FiscalHost:
    """Asked by the group; somebody of the host has signed in."""
    owner = OrganisationMemberFactory(organisation=application.organisation).user
    person = UserFactory()
    with unit_of_work():
        host = invite_host(application, person.email, actor=owner, now=utcnow())
        accept_invitation(host.invitation, actor=person, now=utcnow())
    return host


def word(organisation=None, fee: str = "2.5", decides: Decider = Decider.GROUP) -> HostWord:
    return HostWord(
        organisation or OrganisationFactory(name="Harbour Trust"),
        "Ada Vale",
        Decimal(fee),
        decides,
        "We hold the money.\nSigned: Ada Vale",
    )


def confirm(host: FiscalHost, said: HostWord) -> None:
    with unit_of_work():
        confirm_host(host, said, actor=UserFactory(), now=utcnow())


def test_host_confirms_in_writing_and_both_facts_are_kept_apart(db_session):
    host = asked_host(ApplicationFactory(needs_host=True))
    said = word()

    confirm(host, said)

    assert (host.status, host.decides, host.organisation.name, host.fee_percent) == (
        WordStatus.CONFIRMED,
        Decider.GROUP,
        "Harbour Trust",
        Decimal("2.5"),
    )
    assert host.text_digest == hashlib.sha256(said.text.encode()).hexdigest()
    event = db_session.execute(sa.select(Event).where(Event.subject_id == host.id, Event.step == "confirm"))
    assert event.scalar_one().details["text"] == host.text_digest


@pytest.mark.parametrize("fee", ["5.01", "-1", "100"])
def test_fee_above_the_rule_of_the_call_is_refused(db_session, fee):
    host = asked_host(ApplicationFactory())

    with pytest.raises(FeeTooHigh) as refused:
        confirm(host, word(fee=fee))

    assert refused.value.most == Decimal(5)
    db_session.refresh(host)
    assert host.status is WordStatus.INVITED


def test_group_is_not_its_own_host(db_session):
    host = asked_host(ApplicationFactory())

    with pytest.raises(OwnHost):
        confirm(host, word(host.application.organisation))


def test_host_says_no_with_a_reason_and_the_group_asks_another(db_session):
    application = ApplicationFactory(needs_host=True)
    host = asked_host(application)
    with pytest.raises(ReasonNeeded), unit_of_work():
        decline_host(host, reason=" ", actor=UserFactory(), now=utcnow())
    with unit_of_work():
        decline_host(host, reason="We are too small.", actor=UserFactory(), now=utcnow())
    assert find_host(application) == host

    other = asked_host(application)
    confirm(other, word())

    assert find_confirmed_host(application) == other


def test_second_host_needs_an_end_of_the_first(db_session):
    host = asked_host(ApplicationFactory(needs_host=True))
    with pytest.raises(NotPossibleNow):
        asked_host(host.application)

    with unit_of_work():
        end_host(host, actor=UserFactory(), now=utcnow())
        end_host(host, actor=UserFactory(), now=utcnow())

    assert asked_host(host.application).status is WordStatus.INVITED
    with pytest.raises(NotPossibleNow):
        confirm(host, word())


@pytest.mark.parametrize(("tie", "source"), [("person", "host"), ("organisation", "hosting_organisation")])
def test_panel_member_of_the_host_is_kept_out(db_session, tie, source):
    seat = PanelSeatFactory()
    application = ApplicationFactory(call=seat.panel.call, in_review=True)
    assignment = ReviewAssignmentFactory(seat=seat, application=application)
    trust = OrganisationFactory()
    host = asked_host(application)
    if tie == "person":
        host.user_id = seat.user_id
    else:
        OrganisationMemberFactory(organisation=trust, user=seat.user)
    assert can(seat.user, Permission.APPLICATION_READ, assignment)

    confirm(host, word(trust))

    ties = db_session.execute(sa.select(ConflictOfInterest.user_id, ConflictOfInterest.source)).all()
    assert ties == [(seat.user_id, source)]
    assert not can(seat.user, Permission.APPLICATION_READ, assignment)


def test_group_without_account_or_number_is_awarded_once_its_host_has_said_yes(db_session):
    grant = grant_in_principle()
    award, application = grant.award, grant.award.application
    application.needs_host, application.organisation.legal_form = True, None
    with unit_of_work():
        start_checks(award, actor=grant.manager, now=utcnow())
        for item in list_checks(award):
            settle_check(item, note="", actor=grant.manager, now=utcnow())
    with pytest.raises(HostNotConfirmed), unit_of_work():
        send_agreement(award, actor=grant.manager, now=utcnow())

    without = facts_digest(award)
    host = asked_host(application)
    confirm(host, word())
    with unit_of_work():
        send_agreement(award, actor=grant.manager, now=utcnow())
    digest = award.agreement_digest
    with unit_of_work():
        accept_agreement(award, digest=digest, actor=grant.signer, now=utcnow())
    assert award.status is AwardStatus.AGREEMENT_SENT
    with unit_of_work():
        accept_agreement(award, digest=digest, side=Side.HOST, actor=UserFactory(), now=utcnow())

    assert award.status is AwardStatus.ACTIVE
    assert application.organisation.charity_number is None
    assert facts_digest(award) != without
    with pytest.raises(NotPossibleNow), unit_of_work():
        end_host(find_confirmed_host(application), actor=grant.signer, now=utcnow())


def test_confirmed_host_without_a_signature_cannot_be_stored(db_session):
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        FiscalHostFactory(status=WordStatus.CONFIRMED)
