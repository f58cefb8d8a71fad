"""Stopping a payment: two people, a reason, a message to the group and a day on which we look again."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import TALKS_HELD, next_status
from fundapp.models.award import Instalment, PaymentHold
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import find_hold
from fundapp.queries.payment_batches import is_on_its_way
from fundapp.services.events import move, record
from fundapp.services.grants import after_the_day
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.instalments import InABatch, SamePerson, lock_award_of, lock_payable


class HoldNeedsReason(FundError):
    """A payment is held for a stated reason only."""

    code = "hold_needs_reason"


class HoldNeedsReview(FundError):
    """Nothing is held without a day, after today, on which somebody looks at it again."""

    code = "hold_needs_review"


def ask_to_hold(
    instalment: Instalment, *, reason: str, review_on: date, actor: User, now: datetime
) -> PaymentHold:
    """The first person's wish; it stops nothing until the second agrees, where the call asks for two.

    Raises HoldNeedsReason, HoldNeedsReview, NotToldYet, InABatch and NotPossibleNow.
    """
    definition = definition_of(instalment.award.application.call_version)
    if not reason.strip():
        raise HoldNeedsReason
    if review_on <= now.astimezone(definition.zone).date():
        raise HoldNeedsReview
    lock_award_of(instalment)
    after_the_day(instalment.award)
    next_status(instalment.status, "hold")
    if is_on_its_way(instalment):
        raise InABatch
    if find_hold(instalment) is not None:
        raise NotPossibleNow("somebody has asked already")
    hold = PaymentHold(
        instalment=instalment, reason=reason.strip(), review_on=review_on, asked_by_id=actor.id
    )
    db.session.add(hold)
    record(hold, "ask", actor=actor, now=now, call_id=instalment.award.call_id, reason=hold.reason)
    if definition.awards.people_to_hold < 2:
        _stop(hold, actor=actor, now=now)
    return hold


def agree_to_hold(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """The second person: from now on the payment waits, and the group is told. Raises SamePerson."""
    lock_award_of(instalment)
    hold = find_hold(instalment)
    if hold is None:
        raise NotPossibleNow("nobody has asked")
    if hold.asked_by_id == actor.id:
        raise SamePerson
    if is_on_its_way(instalment):
        raise InABatch
    hold.agreed_by_id = actor.id
    _stop(hold, actor=actor, now=now)


def _stop(hold: PaymentHold, *, actor: User, now: datetime) -> None:
    instalment = hold.instalment
    hold.started_at = now
    instalment.approved_by_id = None
    move(instalment, "hold", actor=actor, now=now, reason=hold.reason)
    tell_about_grant(instalment.award, now=now)


def drop_hold(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """Take back a wish that nobody has agreed to yet."""
    lock_award_of(instalment)
    hold = find_hold(instalment)
    if hold is None or hold.started_at is not None:
        raise NotPossibleNow("there is no open wish to hold")
    hold.ended_at = now
    record(hold, "drop", actor=actor, now=now, call_id=instalment.award.call_id)


def release_instalment(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """The payment goes on where it would be by now: due, or still waiting for its conversation."""
    lock_payable(instalment)
    hold = find_hold(instalment)
    if hold is not None:
        hold.ended_at = now
    move(instalment, "release" if _has_talked(instalment) else "wait_again", actor=actor, now=now)
    tell_about_grant(instalment.award, now=now)


def _has_talked(instalment: Instalment) -> bool:
    if instalment.check_in_kind is None:
        return True
    query = sa.select(CheckIn.id).where(
        CheckIn.award_id == instalment.award_id,
        CheckIn.kind == instalment.check_in_kind,
        CheckIn.status.in_(TALKS_HELD),
    )
    return db.session.execute(query).first() is not None
