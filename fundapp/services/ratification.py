"""Signing the panel's list of a round: from then on it is awards, a reserve list and refusals."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotAllowed
from fundapp.lifecycles import CallStatus
from fundapp.models.award import Decision, Outcome, Ratification
from fundapp.models.call import Call, Round
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.awards import Board, get_board
from fundapp.queries.decision_pack import pack_of, sealed
from fundapp.queries.proposals import places_needed
from fundapp.queries.ring_fences import report, report_as_data
from fundapp.queries.sign_off import Readiness, readiness_of
from fundapp.services.decisions import RoundIsRatified
from fundapp.services.events import move, record
from fundapp.services.grant_offers import make_award


class NotReady(FundError):
    """The list cannot be signed; `readiness` says what is missing."""

    code = "not_ready"

    def __init__(self, readiness: Readiness) -> None:
        super().__init__("the list cannot be signed yet")
        self.readiness = readiness


def ratify(round_: Round, *, actor: User, now: datetime, override_reason: str = "") -> Ratification:
    """Make the list formal. Raises NotReady with everything that is missing, and RoundIsRatified.

    With a missed ring-fence only a person with the right to go past it can sign, and says why in public.
    """
    lock_call_and_round(round_)
    board = get_board(round_, reader=actor)
    if board.ratification is not None:
        raise RoundIsRatified
    readiness = readiness_of(board)
    overrides = readiness.needs_override_only and override_reason.strip()
    if overrides and not can(actor, Permission.RING_FENCE_OVERRIDE, round_):
        raise NotAllowed
    if not readiness.is_ready and not overrides:
        raise NotReady(readiness)
    reason = override_reason.strip() if overrides else None
    _explain(board)
    pack = sealed(pack_of(board) | {"override_reason": reason})
    for line in board.undecided:
        if line.decision is not None:
            _carry_out(line.decision, board, actor=actor, now=now)
    db.session.flush()
    ratification = Ratification(
        call_id=round_.call_id,
        round_id=round_.id,
        ratified_by_id=actor.id,
        figures=report_as_data(report(round_.call)),
        override_reason=reason,
        decision_pack=pack,
    )
    db.session.add(ratification)
    record(
        ratification,
        "ratify",
        actor=actor,
        now=now,
        reason=reason,
        details=_summary(board) | {"pack": pack["digest"]},
    )
    _close_deciding(round_.call, actor=actor, now=now)
    return ratification


def lock_call_and_round(round_: Round) -> None:
    """Whoever commits money waits here, in this order, and looks at the figures only then."""
    lock_row(Call, round_.call_id)
    lock_row(Round, round_.id)
    db.session.refresh(round_.call)  # what was loaded before we had to wait may be old


def _explain(board: Board) -> None:
    """Each "no" keeps the rule's reason where the rule says no too, and what would have been enough."""
    refused = []
    for line in board.undecided:
        decision, proposed = line.decision, line.proposed
        if decision is None or proposed is None or decision.outcome is Outcome.AWARD or line.departs:
            continue
        decision.rule_reason = dict(proposed.reason)
        if proposed.is_fundable:
            refused.append(line.application.id)
    applications = [line.application for line in board.undecided]
    places = places_needed(applications, board.reading, board.setting, refused)
    for line in board.undecided:
        if line.decision is not None:
            line.decision.places = places.get(line.application.id)


def _carry_out(decision: Decision, board: Board, *, actor: User, now: datetime) -> None:
    decision.ratified_at = now
    reason = decision.reason or None
    application = decision.application
    match decision.outcome:
        case Outcome.AWARD if decision.amount is not None:
            make_award(application, decision.amount, board.definition, actor=actor, now=now, reason=reason)
        case Outcome.RESERVE:
            move(application, "put_on_reserve", actor=actor, now=now, reason=reason)
        case _:
            move(application, "decline", actor=actor, now=now, reason=reason)


def _summary(board: Board) -> Json:
    outcomes = [line.decision.outcome for line in board.undecided if line.decision is not None]
    counts: Json = {outcome.value: outcomes.count(outcome) for outcome in Outcome}
    return counts | {"awarded_pence": board.listed_pence}


def _close_deciding(call: Call, *, actor: User, now: datetime) -> None:
    """The call follows its round; a later round finds it where it already is."""
    if call.status is CallStatus.CLOSED:
        move(call, "start_deciding", actor=actor, now=now)
    if call.status is CallStatus.DECIDING:
        move(call, "decide", actor=actor, now=now)
