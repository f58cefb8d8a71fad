"""Asking an umbrella organisation about a claim, and what it says. It is advice and holds nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fundapp.claim_steps import OpinionStatus
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotAllowed, NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.claim_opinion import ClaimOpinion, OpinionView
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.panel import ConflictResponse
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.claims import answers_to_show, list_askable, list_opinions
from fundapp.services.conflicts import Tie, declare_when_asked
from fundapp.services.contact import LONDON
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.promises import DayNotAhead

OPEN = (ClaimStatus.DECLARED, ClaimStatus.CHECKED)


class NobodyToAsk(FundError):
    """This person sits for no umbrella organisation, has a tie, or was asked before."""

    code = "nobody_to_ask"


@dataclass(frozen=True)
class Asked:
    """`shown`: keys of the questions of the form whose answers go with it."""

    user: User
    question: str
    shown: Sequence[str]
    answer_by: date


def ask_opinion(
    claim: ByAndForClaim, application: Application, what: Asked, *, actor: User, now: datetime
) -> ClaimOpinion:
    """Raises NotPossibleNow for a claim that is decided or waits for an opinion, DayNotAhead, NobodyToAsk."""
    lock_row(ByAndForClaim, claim.id)
    db.session.refresh(claim)
    asked_before = list_opinions([claim.id])
    groups = {application.organisation_id, *(share.organisation_id for share in application.shares)}
    is_of_it = claim.call_id == application.call_id and claim.organisation_id in groups
    if not is_of_it or claim.status not in OPEN or _waits(asked_before):
        raise NotPossibleNow("the claim is decided, or an opinion is asked for already")
    if what.answer_by <= now.astimezone(LONDON).date():
        raise DayNotAhead
    free = {seat.user_id for seat in list_askable(claim, application, now=now)}
    if what.user.id not in free - {each.user_id for each in asked_before}:
        raise NobodyToAsk
    offered = [question.key for question, _answer in answers_to_show(application)]
    opinion = ClaimOpinion(
        claim=claim,
        application=application,
        user=what.user,
        asked_by_id=actor.id,
        question=what.question.strip(),
        shown=[key for key in offered if key in what.shown],
        answer_by=what.answer_by,
    )
    db.session.add(opinion)
    details = {"shown": opinion.shown, "answer_by": what.answer_by.isoformat()}
    record(opinion, "ask_opinion", actor=actor, now=now, call_id=claim.call_id, details=details)
    notify(what.user, MessageKind.CLAIM_OPINION, now=now, opinion_id=str(opinion.id))
    return opinion


def give_opinion(
    opinion: ClaimOpinion, view: OpinionView, reason: str, *, actor: User, now: datetime
) -> None:
    """Raises NotAllowed with a tie, and NotPossibleNow when it was said before."""
    _lock(opinion, actor)
    opinion.view, opinion.reason, opinion.answered_at = view, reason.strip(), now
    _settle(opinion, "give_opinion", {"view": view.value}, actor, now)


def decline_opinion(opinion: ClaimOpinion, reason: str, *, has_tie: bool, actor: User, now: datetime) -> None:
    """With a tie, whoever says so does not see this group again. Raises NotAllowed and NotPossibleNow."""
    _lock(opinion, actor)
    opinion.reason, opinion.answered_at = reason.strip(), now
    _settle(opinion, "decline_opinion", {"has_tie": has_tie}, actor, now)
    if has_tie:
        tie = Tie(ConflictResponse.NO_SCORING, reason.strip())
        claim = opinion.claim
        declare_when_asked(actor, claim.call_id, claim.organisation_id, tie, now=now)


def _waits(opinions: Sequence[ClaimOpinion]) -> bool:
    return any(each.status is OpinionStatus.ASKED for each in opinions)


def _lock(opinion: ClaimOpinion, actor: User) -> None:
    lock_row(ClaimOpinion, opinion.id)
    db.session.refresh(opinion)
    if not can(actor, Permission.OPINION_GIVE, opinion):
        raise NotAllowed


def _settle(opinion: ClaimOpinion, step: str, details: dict[str, object], actor: User, now: datetime) -> None:
    move(opinion, step, actor=actor, now=now, details=details)
    asker = db.session.get(User, opinion.asked_by_id) if opinion.asked_by_id else None
    if asker is not None:
        told = str(opinion.application_id)
        notify(asker, MessageKind.CLAIM_OPINION, now=now, application_id=told)
