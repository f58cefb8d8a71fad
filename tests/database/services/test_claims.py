"""Deciding on claims to be led by and for a community."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.pages.fund import EVIDENCE
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.event import Event
from fundapp.models.organisation import ByAndForClaim, EvidenceKind
from fundapp.queries.ring_fences import report, report_as_data
from fundapp.services.claims import ClaimReasonNeeded, EvidenceNeeded, SecondLookNeeded, decide_claim
from tests.examples import undone_afterwards
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    ByAndForClaimFactory,
    CallFactory,
    OrganisationMemberFactory,
    PartnerShareFactory,
    UserFactory,
)
from tests.grants import mails_to


def claim_with(status: ClaimStatus, reason: str | None = None) -> ByAndForClaim:
    return ByAndForClaimFactory(call_id=CallFactory().id, status=status, reason=reason)


def decide(claim: ByAndForClaim, status: ClaimStatus, reason: str = "") -> None:
    actor = UserFactory(staff=True)
    with unit_of_work():
        decide_claim(claim, status, reason=reason, actor=actor, now=utcnow())


@pytest.mark.parametrize("status", [ClaimStatus.CHECKED, ClaimStatus.CONFIRMED])
def test_declared_claim_can_be_checked_and_confirmed_without_words(db_session, status):
    claim = claim_with(ClaimStatus.DECLARED)

    decide(claim, status)

    assert claim.status is status


def test_claim_not_met_needs_a_reason_for_the_group(db_session):
    claim = claim_with(ClaimStatus.CHECKED)

    with pytest.raises(ClaimReasonNeeded):
        decide(claim, ClaimStatus.NOT_MET, "   ")

    assert claim.status is ClaimStatus.CHECKED


def test_confirmed_claim_is_looked_at_again_with_a_reason(db_session):
    claim = claim_with(ClaimStatus.CONFIRMED)

    decide(claim, ClaimStatus.CHECKED, "The committee has changed.")

    assert (claim.status, claim.reason) == (ClaimStatus.CHECKED, "The committee has changed.")


def test_claim_not_met_cannot_be_confirmed_without_another_look(db_session):
    claim = claim_with(ClaimStatus.NOT_MET, "Another organisation can replace the committee.")

    with pytest.raises(NotPossibleNow):
        decide(claim, ClaimStatus.CONFIRMED, "We were wrong.")


def claim_after_deadline(status: ClaimStatus, **more: object) -> ByAndForClaim:
    application = ApplicationFactory(call=CallFactory(deciding=True), at_panel=True)
    return ByAndForClaimFactory(
        call_id=application.call_id, organisation=application.organisation, status=status, **more
    )


@pytest.mark.parametrize("status", [ClaimStatus.CONFIRMED, ClaimStatus.NOT_MET])
@pytest.mark.parametrize("before", [ClaimStatus.DECLARED, ClaimStatus.CHECKED, ClaimStatus.CONFIRMED])
def test_after_the_deadline_nobody_decides_alone(db_session, before, status):
    first, second = UserFactory(staff=True), UserFactory(staff=True)
    claim = claim_after_deadline(before, checked_by_id=first.id)

    if before is not status:
        with pytest.raises(SecondLookNeeded):
            decide_claim(claim, status, reason="We rang them.", actor=first, now=utcnow())
    assert claim.status is before
    decide_claim(claim, ClaimStatus.CHECKED, reason="We rang them.", actor=first, now=utcnow())
    decide_claim(claim, status, reason="We rang them.", actor=second, now=utcnow())

    assert claim.status is status


def test_who_looked_at_it_again_is_the_one_who_cannot_decide(db_session):
    first, second = UserFactory(staff=True), UserFactory(staff=True)
    claim = claim_after_deadline(ClaimStatus.CONFIRMED, checked_by_id=first.id)
    decide_claim(claim, ClaimStatus.CHECKED, reason="It has changed.", actor=second, now=utcnow())

    with pytest.raises(SecondLookNeeded):
        decide_claim(claim, ClaimStatus.NOT_MET, reason="It has changed.", actor=second, now=utcnow())
    decide_claim(claim, ClaimStatus.NOT_MET, reason="It has changed.", actor=first, now=utcnow())

    assert claim.status is ClaimStatus.NOT_MET


def test_partner_after_the_deadline_counts_too(db_session):
    application = ApplicationFactory(call=CallFactory(deciding=True), at_panel=True)
    share = PartnerShareFactory(application=application, amount=10_000)
    claim = ByAndForClaimFactory(
        call_id=application.call_id, organisation=share.organisation, status=ClaimStatus.DECLARED
    )

    with pytest.raises(SecondLookNeeded):
        decide(claim, ClaimStatus.CONFIRMED)


def confirmed_by(first: object) -> ByAndForClaim:
    return claim_after_deadline(ClaimStatus.CONFIRMED, checked_by_id=first.id)


def test_what_was_decided_counts_until_a_second_person_agrees_to_look_again(db_session):
    first, second = UserFactory(staff=True), UserFactory(staff=True)
    claim = confirmed_by(first)

    for _time in range(2):
        decide_claim(claim, ClaimStatus.CHECKED, reason="It has changed.", actor=second, now=utcnow())
        assert (claim.status, claim.again_asked_by_id) == (ClaimStatus.CONFIRMED, second.id)
    decide_claim(claim, ClaimStatus.CHECKED, reason="I agree.", actor=first, now=utcnow())

    assert (claim.status, claim.again_asked_by_id) == (ClaimStatus.CHECKED, None)
    with pytest.raises(SecondLookNeeded):
        decide_claim(claim, ClaimStatus.NOT_MET, reason="It has changed.", actor=second, now=utcnow())


def test_second_person_may_leave_a_decision_as_it_is(db_session):
    first, second = UserFactory(staff=True), UserFactory(staff=True)
    claim = confirmed_by(first)
    decide_claim(claim, ClaimStatus.CHECKED, reason="It has changed.", actor=first, now=utcnow())

    decide_claim(claim, ClaimStatus.CONFIRMED, reason="", actor=second, now=utcnow())

    assert (claim.status, claim.again_asked_by_id) == (ClaimStatus.CONFIRMED, None)
    with pytest.raises(SecondLookNeeded):
        decide_claim(claim, ClaimStatus.NOT_MET, reason="Alone.", actor=second, now=utcnow())


def find(claim: ByAndForClaim, status: ClaimStatus, reason: str, actor: object, **evidence: str) -> None:
    rests_on = {EvidenceKind(kind): note for kind, note in evidence.items()}
    with unit_of_work():
        decide_claim(claim, status, reason=reason, actor=actor, now=utcnow(), evidence=rests_on)


def history(claim: ByAndForClaim) -> list[tuple[object, ...]]:
    query = sa.select(Event.step, Event.reason, Event.details).where(Event.subject_id == claim.id)
    rows = db.session.execute(query.order_by(Event.number)).all()
    return [(step, reason, details.get("evidence")) for step, reason, details in rows]


def test_what_is_found_later_is_kept_with_a_checked_claim_once(db_session):
    first, second = UserFactory(staff=True), UserFactory(staff=True)
    claim = claim_with(ClaimStatus.DECLARED)
    find(claim, ClaimStatus.CHECKED, "We read the rules.", first, governing_document="")

    for _time in range(2):
        find(claim, ClaimStatus.CHECKED, "They rang.", second, governing_document="", conversation="3 May")

    assert (claim.reason, claim.checked_by_id) == ("They rang.", first.id)
    assert claim.evidence == {"governing_document": "", "conversation": "3 May"}
    assert history(claim) == [
        ("check", "We read the rules.", ["governing_document"]),
        ("check", "They rang.", ["governing_document", "conversation"]),
    ]
    find(claim, ClaimStatus.CHECKED, "", second, conversation="4 May")
    assert (claim.reason, claim.evidence) == ("They rang.", {"conversation": "4 May"})


@pytest.mark.parametrize("status", [ClaimStatus.CONFIRMED, ClaimStatus.NOT_MET])
def test_decision_that_stands_is_not_reworded_and_the_same_again_is_harmless(db_session, status):
    actor, claim = UserFactory(staff=True), claim_with(ClaimStatus.DECLARED)
    for _time in range(2):
        find(claim, status, "We know them.", actor, founders="1990")
    find(claim, status, "", actor, founders="1990")

    for reason, note in (("They rang.", "1990"), ("We know them.", "1991")):
        with pytest.raises(NotPossibleNow):
            find(claim, status, reason, actor, founders=note)

    assert (claim.reason, claim.evidence) == ("We know them.", {"founders": "1990"})
    assert len(history(claim)) == 1


def test_second_person_may_say_why_it_is_left_once_and_not_what_it_rests_on(db_session):
    first, second = UserFactory(staff=True), UserFactory(staff=True)
    claim = claim_after_deadline(ClaimStatus.CONFIRMED, checked_by_id=first.id, evidence={"founders": ""})
    find(claim, ClaimStatus.CHECKED, "It has changed.", first, founders="")

    with pytest.raises(NotPossibleNow):
        find(claim, ClaimStatus.CONFIRMED, "Nothing has changed.", second, founders="1990")
    assert claim.again_asked_by_id == first.id
    for _time in range(2):
        find(claim, ClaimStatus.CONFIRMED, "Nothing has changed.", second, founders="")

    assert (claim.again_asked_by_id, claim.reason, claim.evidence) == (None, None, {"founders": ""})
    assert history(claim) == [
        ("ask_again", "It has changed.", None),
        ("leave_as_it_is", "Nothing has changed.", None),
    ]


SETTLED = (ClaimStatus.CONFIRMED, ClaimStatus.NOT_MET)
TRIES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([each for each in ClaimStatus if each != "declared"])),
    max_size=9,
)


@pytest.fixture
def award(db_session):
    return AwardFactory(application__call=CallFactory(deciding=True), amount=Decimal(10_000))


@given(TRIES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_the_deadline_no_figure_changes_by_one_person_alone(award, tries):
    """Figures count what is confirmed: it changes, either way, only after two different people wanted it."""
    application = award.application
    with undone_afterwards():
        people = [UserFactory(staff=True) for _each in range(3)]
        claim = ByAndForClaimFactory(call_id=application.call_id, organisation=application.organisation)
        had_a_hand: set[int] = set()

        for who, status in tries:
            before = claim.status
            with contextlib.suppress(SecondLookNeeded, NotPossibleNow):
                decide_claim(claim, status, reason="We looked.", actor=people[who], now=utcnow())
                had_a_hand.add(who)
            lines = report_as_data(report(application.call))["ring_fences"]
            byfor = next(line for line in lines if line["key"] == "BYFOR")
            counted = award.amount if claim.status is ClaimStatus.CONFIRMED else Decimal(0)
            assert Decimal(byfor["confirmed"]["reached"]) == counted
            if before is not claim.status and {before, claim.status} & set(SETTLED):
                assert len(had_a_hand) >= 2
            if claim.status in SETTLED and before is not claim.status:
                had_a_hand = set()


@pytest.mark.parametrize("status", [ClaimStatus.CONFIRMED, ClaimStatus.NOT_MET])
def test_nothing_is_decided_without_what_it_rests_on(db_session, status):
    claim = claim_with(ClaimStatus.CHECKED)
    claim.evidence = {}

    with pytest.raises(EvidenceNeeded):
        decide_claim(
            claim, status, reason="We know.", actor=UserFactory(staff=True), now=utcnow(), evidence={}
        )

    assert claim.status is ClaimStatus.CHECKED


def test_evidence_stands_with_the_claim_and_its_kinds_in_the_record(db_session):
    claim = claim_with(ClaimStatus.DECLARED)
    rests_on = {EvidenceKind.CONVERSATION: " On the phone. ", EvidenceKind.BOARD_SHARE: ""}

    with unit_of_work():
        decide_claim(
            claim,
            ClaimStatus.CONFIRMED,
            reason="",
            actor=UserFactory(staff=True),
            now=utcnow(),
            evidence=rests_on,
        )

    assert claim.evidence == {"board_share": "", "conversation": "On the phone."}
    event = db.session.execute(sa.select(Event).where(Event.subject_id == claim.id)).scalar_one()
    assert event.details["evidence"] == ["board_share", "conversation"]
    assert "phone" not in str(event.details)


def test_every_kind_of_evidence_has_words():
    assert [kind for kind, _words in EVIDENCE] == [kind.value for kind in EvidenceKind]


def test_group_is_told_without_content_that_its_claim_is_not_met(db_session):
    claim = claim_after_deadline(ClaimStatus.CHECKED, checked_by_id=UserFactory(staff=True).id)
    member = OrganisationMemberFactory(organisation=claim.organisation).user

    decide(claim, ClaimStatus.NOT_MET, "Another organisation can replace the committee.")

    assert mails_to(member) == ["claim_not_met"]
