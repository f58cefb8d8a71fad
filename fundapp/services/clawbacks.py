"""Asking for money back: two people, a reason, a message to the group, and what has come of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import ClawbackStatus
from fundapp.models.award import Award, Clawback
from fundapp.models.user import User
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import list_clawbacks, most_to_ask_back
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.instalments import SamePerson, lock_award

PENNY = Decimal("0.01")


class ClawbackNeedsReason(FundError):
    """Money is asked back for a stated reason only."""

    code = "clawback_needs_reason"


class ClawbackTooHigh(FundError):
    """No more comes back than was paid and not asked back before; `most` is what is left."""

    code = "clawback_too_high"

    def __init__(self, most: Decimal) -> None:
        super().__init__(f"at most {most}")
        self.most = most


def propose_clawback(award: Award, *, amount: Decimal, reason: str, actor: User, now: datetime) -> Clawback:
    """The first person's wish; nothing counts and nobody is told until it is decided.

    Raises ClawbackNeedsReason, ClawbackTooHigh and, while another wish is open, NotPossibleNow.
    """
    if not reason.strip():
        raise ClawbackNeedsReason
    lock_award(award)
    known = list_clawbacks(award)
    if any(each.status is ClawbackStatus.PROPOSED for each in known):
        raise NotPossibleNow("somebody has proposed something already")
    most = most_to_ask_back(award, known)
    if not 0 < amount <= most:
        raise ClawbackTooHigh(most)
    clawback = Clawback(award=award, amount=amount, reason=reason.strip(), proposed_by_id=actor.id)
    db.session.add(clawback)
    details: Json = {"amount": f"{amount:.2f}"}
    record(clawback, "propose", actor=actor, now=now, reason=clawback.reason, details=details)
    return clawback


def ask_back(clawback: Clawback, *, actor: User, now: datetime) -> None:
    """The decision: the group is told, and this money counts for no floor any more.

    Raises SamePerson where the call wants two people for a payment that waits.
    """
    _lock_with(clawback)
    definition = definition_of(clawback.award.application.call_version)
    if definition.awards.people_to_hold > 1 and clawback.proposed_by_id == actor.id:
        raise SamePerson
    clawback.decided_by_id, clawback.decided_at = actor.id, now
    details: Json = {"amount": f"{clawback.amount:.2f}"}
    move(clawback, "ask", actor=actor, now=now, reason=clawback.reason, details=details)
    _tell(clawback, now)


def drop_clawback(clawback: Clawback, *, actor: User, now: datetime) -> None:
    """Take back a wish that nobody has decided on yet."""
    _lock_with(clawback)
    move(clawback, "drop", actor=actor, now=now)


def receive_back(clawback: Clawback, *, amount: Decimal, version: int, actor: User, now: datetime) -> None:
    """So much has come to the bank: it can be awarded again. `version` is that of the clawback that was seen.

    Raises StaleVersion, so that nothing is counted twice, ClawbackTooHigh and NotPossibleNow.
    """
    _lock_with(clawback)
    if version != clawback.version:
        raise StaleVersion
    if clawback.status is not ClawbackStatus.ASKED:
        raise NotPossibleNow("nothing is on its way back")
    if not 0 < amount <= clawback.outstanding:
        raise ClawbackTooHigh(clawback.outstanding)
    clawback.received += amount
    details: Json = {"amount": f"{amount:.2f}", "outstanding": f"{clawback.outstanding:.2f}"}
    if clawback.outstanding:
        record(clawback, "receive_part", actor=actor, now=now, details=details)
    else:
        move(clawback, "receive", actor=actor, now=now, details=details)
    _tell(clawback, now)


def correct_receipt(
    clawback: Clawback, *, received: Decimal, reason: str, version: int, actor: User, now: datetime
) -> None:
    """Less has come than was noted: so much in all, the rest is on its way again.

    Raises ClawbackNeedsReason, StaleVersion, ClawbackTooHigh and NotPossibleNow.
    """
    if not reason.strip():
        raise ClawbackNeedsReason
    _lock_with(clawback)
    if version != clawback.version:
        raise StaleVersion
    if not clawback.received:
        raise NotPossibleNow("nothing was noted yet")
    if not 0 <= received < clawback.received:
        raise ClawbackTooHigh(clawback.received - PENNY)
    details: Json = {"before": f"{clawback.received:.2f}", "received": f"{received:.2f}"}
    clawback.received = received
    move(clawback, "correct", actor=actor, now=now, reason=reason.strip(), details=details)
    _tell(clawback, now)


def _tell(clawback: Clawback, now: datetime) -> None:
    award = clawback.award
    tell_about_grant(award, now=now)


def _lock_with(clawback: Clawback) -> None:
    lock_row(Award, clawback.award_id)
    db.session.refresh(clawback)
