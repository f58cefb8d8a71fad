"""Deciding on claims to be led by and for a community."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.organisation import ByAndForClaim
from fundapp.services.claims import ClaimReasonNeeded, decide_claim
from tests.factories import ByAndForClaimFactory, CallFactory, UserFactory


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
