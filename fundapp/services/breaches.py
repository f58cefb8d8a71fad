"""Breaches: the clock of 72 hours, what was decided and why, and who was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow, check_seen
from fundapp.models.application import Application
from fundapp.models.data_rights import CLOCK, Breach, BreachRisk, IcoDecision
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.queries.data_rights import digest_of_people_told, list_data_keepers
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.outbox import enqueue

REMIND_OF_BREACH = "remind_of_breach"
HOURS = (24, 48, 72)  # after it was found


class RiskIsTold(FundError):
    """The Commissioner is told unless a risk is unlikely."""

    code = "risk_is_told"
    status = 422


class LateNeedsReason(FundError):
    """The Commissioner asks why it took longer."""

    code = "reason_needed"
    status = 422


def enter_breach(
    fund: Fund,
    what: str,
    *,
    found_at: datetime,
    application: Application | None = None,
    actor: User,
    now: datetime,
    once: str | None = None,
) -> Breach:
    """Its clock runs from `found_at`, which never changes. The same with the same `once` is one. Raises
    NotPossibleNow for a time ahead."""
    found_at = found_at.astimezone(UTC)  # hours of a zone are not hours of the world when its clocks change
    if found_at > now:
        raise NotPossibleNow("found in the future")
    lock_row(Fund, fund.id)
    breach_id = sent_id(fund.id, once, actor.id, what, found_at, application.id if application else None)
    if (sent := db.session.get(Breach, breach_id)) is not None:
        return sent
    breach = Breach(
        id=breach_id,
        fund=fund,
        what=what,
        found_at=found_at,
        due_at=found_at + CLOCK,
        application=application,
        entered_by_id=actor.id,
        created_at=now,
    )
    db.session.add(breach)
    record(breach, "enter", actor=actor, now=now, details={"found_at": found_at.isoformat()})
    _promise_reminders(breach, now)
    for person in list_data_keepers(breach):
        if person.id != actor.id:
            notify(person, MessageKind.DATA, now=now, breach_id=str(breach.id))
    return breach


def _promise_reminders(breach: Breach, now: datetime) -> None:
    """Of those whose hour has passed when it is written down, the newest alone, at once."""
    passed = [hours for hours in HOURS if breach.found_at + timedelta(hours=hours) <= now]
    for hours in HOURS:
        if hours not in passed[:-1]:
            due_at = max(now, breach.found_at + timedelta(hours=hours))
            once = f"breach:{breach.id}:{hours}"
            enqueue(
                REMIND_OF_BREACH, due_at=due_at, once_key=once, breach_id=str(breach.id), hours=str(hours)
            )


def remind_of_breach(breach_id: UUID, hours: int, *, now: datetime) -> None:
    """Nothing, once it is decided whether the Commissioner is told."""
    breach = db.session.get(Breach, breach_id)
    if breach is None or breach.ico is not None:
        return
    for person in list_data_keepers(breach):
        once = f"breach:{breach.id}:{hours}:{person.id}"
        notify(person, MessageKind.DATA_CLOCK, now=now, once_key=once, breach_id=str(breach.id))


def decide_ico(
    breach: Breach,
    decision: IcoDecision,
    *,
    risk: BreachRisk,
    reason: str,
    late_reason: str = "",
    actor: User,
    now: datetime,
) -> None:
    """Once. Raises RiskIsTold, LateNeedsReason after the 72 hours, NotPossibleNow."""
    _lock(breach)
    if breach.ico is not None:
        raise NotPossibleNow("decided already")
    if decision is IcoDecision.NOT_TOLD and risk is not BreachRisk.UNLIKELY:
        raise RiskIsTold
    if decision is IcoDecision.TOLD and now > breach.due_at and not late_reason:
        raise LateNeedsReason
    breach.risk, breach.ico_at, breach.ico_reason = risk, now, reason
    breach.late_reason, breach.ico = late_reason, decision
    details = {"ico": decision.value, "risk": risk.value}
    record(breach, "decide_ico", actor=actor, now=now, reason=reason, details=details)


def note_people(
    breach: Breach, words: str, *, told: bool, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Who was told and how; or why nobody had to be. `seen`: `digest_of_people_told` as the writer saw it.

    Raises StaleVersion when others have written something else since, and NotPossibleNow after the end.
    """
    _lock(breach)
    check_seen(seen, digest_of_people_told(breach))
    breach.people_told_at, breach.people_words = (now if told else None), words
    record(breach, "note_people", actor=actor, now=now, details={"told": told})


def close_breach(breach: Breach, *, actor: User, now: datetime) -> None:
    """Raises NotPossibleNow before it is decided, and before people at high risk know."""
    _lock(breach)
    waits = breach.risk is BreachRisk.HIGH and breach.people_told_at is None
    if breach.ico is None or not breach.people_words or waits:
        raise NotPossibleNow("something is open")
    breach.closed_at = now
    move(breach, "close", actor=actor, now=now)


def _lock(breach: Breach) -> None:
    """Raises NotPossibleNow after the end."""
    lock_row(Breach, breach.id)
    db.session.refresh(breach)
    if breach.closed_at is not None:
        raise NotPossibleNow("closed")
