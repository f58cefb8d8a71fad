"""Deciding on a group's claim to be led by and for its community."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.claim_opinion import OpinionView
from fundapp.models.organisation import ByAndForClaim, EvidenceKind
from fundapp.models.user import User
from fundapp.queries.claims import find_last_words, list_applications_with, list_opinions
from fundapp.queries.fund_applications import is_past_deadline
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind

Evidence = Mapping[EvidenceKind, str]  # a short note, or none, by kind

STEP_TO = {
    ClaimStatus.CHECKED: "check",
    ClaimStatus.CONFIRMED: "confirm",
    ClaimStatus.NOT_MET: "find_not_met",
}


class ClaimReasonNeeded(FundError):
    """A claim that is not met, or looked at again, says why."""

    code = "claim_reason_needed"


class EvidenceNeeded(FundError):
    """Nobody decides on a claim without saying what the finding rests on."""

    code = "evidence_needed"


class OpinionReasonNeeded(ClaimReasonNeeded):
    """An umbrella organisation was asked and sees it in another way: deciding against it says why."""

    code = "opinion_reason_needed"


class SecondLookNeeded(FundError):
    """After the deadline of its round, one person checks a claim and another one decides on it."""

    code = "second_look_needed"


def decide_claim(
    claim: ByAndForClaim,
    status: ClaimStatus,
    *,
    reason: str,
    actor: User,
    now: datetime,
    evidence: Evidence | None = None,
) -> None:
    """Check, confirm or refuse a claim; without `evidence` it rests on what was written down before.

    Sending the same finding again changes nothing; new words are kept with a claim that is checked, and a
    decision is not reworded. After the deadline what was decided stands, and counts, until a second person
    agrees to look again. Raises ClaimReasonNeeded, EvidenceNeeded, SecondLookNeeded and NotPossibleNow.
    """
    lock_row(ByAndForClaim, claim.id)
    db.session.refresh(claim)
    actor_id, asked_by_id = actor.id, claim.again_asked_by_id
    rests_on = claim.evidence if evidence is None else _as_kept(evidence)
    if claim.status is status:
        _stay(claim, reason.strip(), rests_on, actor=actor, now=now)
        return
    late = is_past_deadline(claim, now)
    if status is not ClaimStatus.CHECKED and _needs_two(claim, actor_id) and late:
        raise SecondLookNeeded
    reconsidered = status is ClaimStatus.CHECKED and claim.status is not ClaimStatus.DECLARED
    if not reason.strip() and (reconsidered or status is ClaimStatus.NOT_MET):
        raise ClaimReasonNeeded
    if not reason.strip() and _is_against_an_opinion(claim, status):
        raise OpinionReasonNeeded
    if status is not ClaimStatus.CHECKED and not rests_on:
        raise EvidenceNeeded
    if reconsidered and late and asked_by_id in (None, actor_id):
        claim.again_asked_by_id = actor_id
        record(claim, "ask_again", actor=actor, now=now, reason=reason.strip())
        return
    if reason.strip():
        claim.reason = reason.strip()
    if status is ClaimStatus.CHECKED:
        claim.checked_by_id = asked_by_id or actor_id  # whoever agreed may decide, whoever asked may not
    claim.again_asked_by_id, claim.evidence = None, rests_on
    step = "reconsider" if reconsidered else STEP_TO[status]
    details = {"evidence": list(rests_on)}
    move(claim, step, actor=actor, now=now, reason=reason.strip() or None, details=details)
    if status is ClaimStatus.NOT_MET:
        for application in list_applications_with(claim)[-1:]:
            told = str(application.id)
            tell_group(application, MessageKind.CLAIM_NOT_MET, now=now, application_id=told)


def open_after_appeal(claim: ByAndForClaim, why: str, *, actor: User, now: datetime) -> None:
    """The group was right, at least in part. Whoever said so has checked it and cannot decide on it alone
    after the deadline. What was opened again meanwhile stays as it is."""
    lock_row(ByAndForClaim, claim.id)
    db.session.refresh(claim)
    if claim.status is not ClaimStatus.NOT_MET:
        return
    claim.again_asked_by_id, claim.checked_by_id = None, actor.id
    move(claim, "reconsider", actor=actor, now=now, reason=why.strip())


def _is_against_an_opinion(claim: ByAndForClaim, status: ClaimStatus) -> bool:
    said = {each.view for each in list_opinions([claim.id])}
    against = {ClaimStatus.CONFIRMED: OpinionView.DOES_NOT_AGREE, ClaimStatus.NOT_MET: OpinionView.AGREES}
    return against.get(status) in said - {None}


def _as_kept(evidence: Evidence) -> dict[str, str]:
    """In the order of the kinds, with the notes as typed."""
    return {kind.value: evidence[kind].strip() for kind in EvidenceKind if kind in evidence}


def _stay(claim: ByAndForClaim, reason: str, rests_on: Json, *, actor: User, now: datetime) -> None:
    """The same finding as before. Raises NotPossibleNow where new words would change a decision."""
    is_asked = claim.again_asked_by_id not in (None, actor.id)
    is_new = reason not in ("", claim.reason) or rests_on != claim.evidence
    if claim.status is ClaimStatus.CHECKED and is_new:
        claim.reason, claim.evidence = reason or claim.reason, rests_on
        details = {"evidence": list(rests_on)}
        record(claim, "check", actor=actor, now=now, reason=reason or None, details=details)
    elif is_asked and rests_on == claim.evidence:  # the second person sees no reason to look again
        claim.again_asked_by_id = None
        record(claim, "leave_as_it_is", actor=actor, now=now, reason=reason or None)
    elif is_new and not (rests_on == claim.evidence and reason == find_last_words(claim)):
        raise NotPossibleNow("a decision that stands is not reworded")


def _needs_two(claim: ByAndForClaim, actor_id: UUID) -> bool:
    """Nobody has checked it for this decision or asked to look again, or it was the same person."""
    if claim.again_asked_by_id is not None:
        return claim.again_asked_by_id == actor_id
    is_checked = claim.status is ClaimStatus.CHECKED and claim.checked_by_id is not None
    return not is_checked or claim.checked_by_id == actor_id
