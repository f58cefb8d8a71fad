"""Deciding on a group's claim to be led by and for its community."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import ClaimStatus
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.user import User
from fundapp.queries.fund_applications import is_past_deadline
from fundapp.services.events import move

STEP_TO = {
    ClaimStatus.CHECKED: "check",
    ClaimStatus.CONFIRMED: "confirm",
    ClaimStatus.NOT_MET: "find_not_met",
}


class ClaimReasonNeeded(FundError):
    """A claim that is not met, or looked at again, says why."""

    code = "claim_reason_needed"


class SecondLookNeeded(FundError):
    """After the deadline of its round, one person checks a claim and another one decides on it."""

    code = "second_look_needed"


def decide_claim(
    claim: ByAndForClaim, status: ClaimStatus, *, reason: str, actor: User, now: datetime
) -> None:
    """Check, confirm or refuse a claim. Raises ClaimReasonNeeded, SecondLookNeeded and NotPossibleNow."""
    lock_row(ByAndForClaim, claim.id)
    db.session.refresh(claim)
    if claim.status is status:
        return
    if status is not ClaimStatus.CHECKED and _needs_two(claim, actor) and is_past_deadline(claim, now):
        raise SecondLookNeeded
    reconsidered = status is ClaimStatus.CHECKED and claim.status is not ClaimStatus.DECLARED
    if not reason.strip() and (reconsidered or status is ClaimStatus.NOT_MET):
        raise ClaimReasonNeeded
    if reason.strip():
        claim.reason = reason.strip()
    if status is ClaimStatus.CHECKED:
        claim.checked_by_id = actor.id
    step = "reconsider" if reconsidered else STEP_TO[status]
    move(claim, step, actor=actor, now=now, reason=reason.strip() or None)


def _needs_two(claim: ByAndForClaim, actor: User) -> bool:
    """Nobody has checked it for this decision, or it was the same person."""
    is_checked = claim.status is ClaimStatus.CHECKED and claim.checked_by_id is not None
    return not is_checked or claim.checked_by_id == actor.id
