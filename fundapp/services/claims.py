"""Deciding on a group's claim to be led by and for its community."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import ClaimStatus
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.user import User
from fundapp.services.events import move

STEP_TO = {
    ClaimStatus.CHECKED: "check",
    ClaimStatus.CONFIRMED: "confirm",
    ClaimStatus.NOT_MET: "find_not_met",
}


class ClaimReasonNeeded(FundError):
    """A claim that is not met, or looked at again, says why."""

    code = "claim_reason_needed"


def decide_claim(
    claim: ByAndForClaim, status: ClaimStatus, *, reason: str, actor: User, now: datetime
) -> None:
    """Check, confirm or refuse a claim. Raises ClaimReasonNeeded and NotPossibleNow."""
    lock_row(ByAndForClaim, claim.id)
    if claim.status is status:
        return
    reconsidered = status is ClaimStatus.CHECKED and claim.status is not ClaimStatus.DECLARED
    if not reason.strip() and (reconsidered or status is ClaimStatus.NOT_MET):
        raise ClaimReasonNeeded
    if reason.strip():
        claim.reason = reason.strip()
    step = "reconsider" if reconsidered else STEP_TO[status]
    move(claim, step, actor=actor, now=now, reason=reason.strip() or None)
