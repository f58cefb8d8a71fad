"""Deciding on claims to be led by and for a community."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.organisation import ByAndForClaim
from fundapp.services.claims import ClaimReasonNeeded, SecondLookNeeded, decide_claim
from tests.factories import (
    ApplicationFactory,
    ByAndForClaimFactory,
    CallFactory,
    PartnerShareFactory,
    UserFactory,
)


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
