"""Nothing is given to anybody outside without two people who know exactly what; the database holds it too."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.models.data_rights import OutsideRequest
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight
from fundapp.queries.data_rights import list_data_keepers
from fundapp.rights_steps import OutsideStatus
from fundapp.services.outside_requests import (
    NeedsAnother,
    NothingForImmigration,
    digest_of,
    digest_of_proposal,
    name_for_data,
    note_forbidden,
    propose_release,
    refuse,
    release,
    tell_the_group,
)
from tests.factories import (
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    OutsideRequestFactory,
    UserFactory,
)

pytestmark = pytest.mark.both_engines  # what the database itself refuses

WORDS = "The group applied on 3 March. Nothing else."


@pytest.fixture
def request_(db_session):
    return OutsideRequestFactory()


@pytest.fixture
def two(request_):
    fund = request_.fund
    lead, deputy = (FundRoleFactory(fund=fund).user for _each in range(2))
    with unit_of_work():
        name_for_data(fund, lead, deputy, actor=lead, now=utcnow())
    return lead, deputy


def propose(request, person, words=WORDS):
    with unit_of_work():
        propose_release(request, words, seen=digest_of_proposal(request), actor=person, now=utcnow())


def agree(request, person, words=WORDS, reason=""):
    with unit_of_work():
        release(request, seen=digest_of(f"{words}\n{reason}"), actor=person, now=utcnow())


def told(request, person):
    with unit_of_work():
        tell_the_group(request, "The police asked for names.", actor=person, now=utcnow())


def test_released_by_a_second_person_after_the_group_was_told(request_, two):
    lead, deputy = two
    OrganisationMemberFactory(organisation=request_.application.organisation, right=MemberRight.SUBMIT)
    propose(request_, lead)
    with pytest.raises(NeedsAnother):
        agree(request_, lead)
    with pytest.raises(NotPossibleNow):
        agree(request_, deputy)
    told(request_, lead)
    agree(request_, deputy)

    assert (request_.status, request_.release_digest) == (OutsideStatus.RELEASED, digest_of(WORDS))
    assert (request_.proposed_by_id, request_.agreed_by_id) == (lead.id, deputy.id)
    event = db.session.execute(sa.select(Event).where(Event.step == "release")).scalar_one()
    assert event.details["digest"] == digest_of(WORDS)
    assert WORDS not in str(event.details)
    assert db.session.execute(sa.select(Message.kind).where(Message.kind == "data")).all() != []
    with pytest.raises(NotPossibleNow):
        propose(request_, lead, "More.")
    with pytest.raises(NotPossibleNow):
        agree(request_, deputy)


def test_second_person_agrees_to_the_words_they_have_read_and_to_no_others(request_, two):
    lead, deputy = two
    told(request_, lead)
    propose(request_, lead)
    propose(request_, lead, "Every name.")

    with pytest.raises(NotPossibleNow):
        agree(request_, deputy, WORDS)

    db.session.refresh(request_)
    assert request_.status is OutsideStatus.PROPOSED


def test_proposal_that_was_not_read_is_not_replaced(request_, two):
    lead, deputy = two
    seen = digest_of_proposal(request_)
    propose(request_, lead)

    with pytest.raises(StaleVersion), unit_of_work():
        propose_release(request_, "Every name.", seen=seen, actor=deputy, now=utcnow())

    db.session.refresh(request_)
    assert (request_.given, request_.proposed_by_id) == (WORDS, lead.id)


def test_whoever_proposes_last_is_the_first_person(request_, two):
    lead, deputy = two
    told(request_, lead)
    propose(request_, lead)
    propose(request_, deputy)
    with pytest.raises(NeedsAnother):
        agree(request_, deputy)
    agree(request_, lead)
    assert request_.agreed_by_id == lead.id


def test_group_is_not_told_where_an_order_forbids_it_with_the_reason(request_, two):
    lead, deputy = two
    propose(request_, lead)
    with unit_of_work():
        note_forbidden(request_, "Section 11 of the order.", actor=lead, now=utcnow())
    with pytest.raises(NotPossibleNow):  # this reason was not read
        agree(request_, deputy)
    agree(request_, deputy, reason="Section 11 of the order.")
    assert request_.told_at is None
    assert request_.status is OutsideStatus.RELEASED


def test_whoever_says_that_the_group_may_not_be_told_does_not_agree(request_, two):
    lead, deputy = two
    propose(request_, lead)
    with unit_of_work():
        note_forbidden(request_, "Section 11 of the order.", actor=deputy, now=utcnow())

    with pytest.raises(NeedsAnother):
        agree(request_, deputy, reason="Section 11 of the order.")

    agree(request_, lead, reason="Section 11 of the order.")
    assert request_.agreed_by_id == lead.id


def test_nothing_is_given_for_immigration_without_an_order(request_, two):
    request_.for_immigration = True
    with pytest.raises(NothingForImmigration):
        propose(request_, two[0])

    with unit_of_work():
        refuse(request_, "No order.", actor=two[0], now=utcnow())
    assert request_.status is OutsideStatus.REFUSED
    assert request_.refusal_reason == "No order."


@pytest.mark.parametrize(
    "wrong",
    [
        {"agreed_by_id": "proposer"},
        {"agreed_by_id": None},
        {"release_digest": None},
        {"told_at": None, "told_words": ""},
        {"for_immigration": True},
        {"given": ""},
        {"ended_at": None},
    ],
)
def test_database_refuses_a_release_that_is_not_whole(request_, wrong):
    proposer, other = UserFactory(), UserFactory()
    whole = {
        "status": "released",
        "given": WORDS,
        "proposed_by_id": proposer.id,
        "agreed_by_id": other.id,
        "release_digest": digest_of(WORDS),
        "ended_at": utcnow(),
        "told_at": utcnow(),
        "told_words": "They asked.",
    }
    changed = {key: proposer.id if value == "proposer" else value for key, value in wrong.items()}
    change = sa.update(OutsideRequest).where(OutsideRequest.id == request_.id)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(change.values(whole | changed))
    with db.session.begin_nested():
        db.session.execute(change.values(whole))


def test_tied_person_is_told_nothing_and_an_administrator_takes_the_place(request_, two):
    lead, deputy = two
    admin = FundRoleFactory(fund=request_.fund, kind=FundRoleKind.ADMIN).user
    assert {each.id for each in list_data_keepers(request_)} == {lead.id, deputy.id}
    application = request_.application
    ConflictFactory(
        call_id=application.call_id, user_id=deputy.id, organisation_id=application.organisation_id
    )

    assert {each.id for each in list_data_keepers(request_)} == {lead.id, admin.id}
