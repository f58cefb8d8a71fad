"""Deciding about a point together, and doing what was agreed."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from fundapp.call_file.proposable import Proposable, find_proposable
from fundapp.db import db
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_voice import (
    CodesignBallot,
    CodesignDecision,
    CodesignLink,
    CodesignProposal,
)
from fundapp.models.user import User
from fundapp.queries.call_drafts import working_content
from fundapp.queries.codesign import record_of
from fundapp.queries.voices import decided, find_decision, find_proposal, list_ballots, works
from fundapp.services.call_drafts import change_part
from fundapp.services.codesign import Answer, answer_point, lock_record
from fundapp.services.events import record
from fundapp.services.tries import Limit, count_try
from fundapp.services.voices import LinkOver, SaidEnough
from scoring.consent import Outcome, Rule, Voice, voices_of

BALLOTS = Limit("codesign_ballots", 6_000, timedelta(days=1))
SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=60)


class NoRuleChosen(FundError):
    """The session of the point does not say how it decides, so nobody could read the rule before."""

    code = "no_rule_chosen"


class ReasonForObjection(FundError):
    code = "reason_needed"
    status = 422


class NotAgreed(FundError):
    """The proposal was not agreed, or the decision is still open."""

    code = "not_agreed"


def bring_to_decision(
    point: CodesignPoint, *, closes_at: datetime, actor: User, now: datetime
) -> CodesignDecision:
    """By the rule of its session. Raises NoRuleChosen, and NotPossibleNow while another one is open, once one
    was carried or the point has its answer, or for a wrong time."""
    lock_record(point.call)
    db.session.refresh(point)
    deciding = next(
        (each.deciding for each in record_of(point.call).sessions if each.key == point.session_key), None
    )
    if deciding is None:
        raise NoRuleChosen
    former = find_decision(point)
    if former is not None and former.is_open(now):
        raise NotPossibleNow("it is being decided")
    if point.response is not None:
        raise NotPossibleNow("it has its answer")
    if is_agreed(point, now):
        raise NotPossibleNow("it was agreed")
    if not SHORTEST <= closes_at - now <= LONGEST:
        raise NotPossibleNow("decisions take ten minutes to sixty days")
    decision = CodesignDecision(
        call_id=point.call_id,
        point=point,
        created_at=now,
        rule=deciding.rule,
        at_least=deciding.at_least,
        closes_at=closes_at,
        opened_by_id=actor.id,
    )
    db.session.add(decision)
    details = {"key": point.key, "rule": deciding.rule.value, "closes_at": closes_at.isoformat()}
    record(decision, "bring_to_decision", actor=actor, now=now, details=details)
    return decision


def speak(
    link: CodesignLink,
    decision: CodesignDecision,
    choice: Voice,
    reason: str,
    *,
    language: str,
    voice: str,
    now: datetime,
) -> None:
    """Say or change what one voice says. No event: that somebody spoke leads to them.

    Raises NotPossibleNow once it is closed, ReasonForObjection, LinkOver, TooManyTries, and SaidEnough when
    more voices speak than the link is for.
    """
    lock_record(link.call)
    db.session.refresh(link)
    db.session.refresh(decision)
    if not works(link, now) or decision.call_id != link.call_id:
        raise LinkOver
    if not decision.is_open(now) or choice not in voices_of(Rule(decision.rule.value)):
        raise NotPossibleNow("this decision is closed")
    if choice is Voice.OBJECT and not reason:
        raise ReasonForObjection
    count_try(BALLOTS, str(link.id), now=now)
    ballot = db.session.get(CodesignBallot, (decision.id, voice))
    if ballot is None:
        if _spoken_by(link, decision) >= link.people:
            raise SaidEnough
        ballot = CodesignBallot(decision_id=decision.id, voice=voice, link_id=link.id)
        db.session.add(ballot)  # a voice stays with the link by which it first spoke
    ballot.choice, ballot.reason, ballot.language = choice, reason, language


def close_early(decision: CodesignDecision, call: Call, *, actor: User, now: datetime) -> None:
    """Only when everybody who can speak has spoken. Raises NotPossibleNow."""
    lock_record(call)
    db.session.refresh(decision)
    spoken = len(list_ballots(decision))
    if not decision.is_open(now) or not everybody_spoke(decision, call, now):
        raise NotPossibleNow("somebody may still speak")
    decision.closes_at = now
    record(decision, "close_decision", actor=actor, now=now, details={"voices": spoken})


def everybody_spoke(decision: CodesignDecision, call: Call, now: datetime) -> bool:
    """By every link that still works so many voices have spoken as it is for. Never without a link."""
    rows = db.session.execute(sa.select(CodesignLink).where(CodesignLink.call_id == call.id)).scalars()
    links = [link for link in rows if works(link, now)]
    return bool(links) and all(_spoken_by(link, decision) >= link.people for link in links)


def apply_proposal(
    point: CodesignPoint, answer: Answer, *, seen_digest: str, actor: User, now: datetime
) -> None:
    """The call says what was agreed, and the point gets its answer, with a link to what changed.

    `seen_digest`: of what stands there today, as the page showed it. Raises NotAgreed, StaleVersion,
    VersionIsFrozen, PartIsGone, DoesNotFit, and NotPossibleNow when somebody has answered the point.
    """
    lock_record(point.call)
    db.session.refresh(point)
    proposal = find_proposal(point)
    if proposal is None or not is_agreed(point, now):
        raise NotAgreed
    thing = thing_of(point.call, proposal)
    if thing is None or thing.digest(proposal.language) != seen_digest:
        raise StaleVersion
    if point.response is not None:
        raise NotPossibleNow("it has its answer")
    change_part(
        point.call,
        proposal.reference,
        proposal.field,
        proposal.value["is"],
        language=proposal.language,
        actor=actor,
        now=now,
    )
    answer_point(point, answer, actor=actor, now=now)
    details = {"key": point.key, "reference": proposal.reference, "field": proposal.field}
    record(point, "apply_proposal", actor=actor, now=now, details=details)


def thing_of(call: Call, proposal: CodesignProposal) -> Proposable | None:
    """What the proposal is about, as it stands there now."""
    return find_proposable(working_content(call), proposal.reference, proposal.field)


def is_agreed(point: CodesignPoint, now: datetime) -> bool:
    """The newest decision is closed and carried."""
    decision = find_decision(point)
    if decision is None or decision.is_open(now):
        return False
    return decided(decision, list_ballots(decision)).outcome is Outcome.CARRIED


def _spoken_by(link: CodesignLink, decision: CodesignDecision) -> int:
    query = sa.select(sa.func.count()).select_from(CodesignBallot)
    same = query.where(CodesignBallot.decision_id == decision.id, CodesignBallot.link_id == link.id)
    return db.session.execute(same).scalar_one()
