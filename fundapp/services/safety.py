"""When somebody is not safe: passed to the people named for it, and to nobody else; no detail in any mail."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db, lock_row, sent_id
from fundapp.models.complaint import SafetyFlag
from fundapp.models.fund import Fund
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.queries.complaints import list_keepers
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify


def raise_flag(
    check_in: CheckIn,
    words: str,
    *,
    from_group: bool,
    actor: User,
    now: datetime,
    once: str | None = None,
) -> SafetyFlag:
    """Words may be empty: then the named person calls and asks. Twice with the same `once` is once."""
    lock_row(CheckIn, check_in.id)
    flag_id = sent_id(check_in.id, once, actor.id, words.strip())
    if (sent := db.session.get(SafetyFlag, flag_id)) is not None:
        return sent
    flag = SafetyFlag(
        id=flag_id,
        check_in=check_in,
        words=words.strip(),
        from_group=from_group,
        raised_by_id=actor.id,
        created_at=now,
    )
    db.session.add(flag)
    record(flag, "raise", actor=actor, now=now, call_id=check_in.award.call_id)
    for person in list_keepers(flag):
        notify(person, MessageKind.SAFETY, now=now, flag_id=str(flag.id))
    return flag


def take_flag(flag: SafetyFlag, *, actor: User, now: datetime) -> None:
    _lock(flag)
    flag.taken_by_id, flag.taken_at = actor.id, now
    move(flag, "take", actor=actor, now=now)


def close_flag(flag: SafetyFlag, note: str, *, actor: User, now: datetime) -> None:
    _lock(flag)
    flag.note, flag.closed_at = note, now
    move(flag, "close", actor=actor, now=now)


def name_for_safety(
    fund: Fund, lead: User | None, deputy: User | None, *, actor: User, now: datetime
) -> None:
    """Who is told from now on."""
    lock_row(Fund, fund.id)
    fund.safety_lead_id = lead.id if lead else None
    fund.safety_deputy_id = deputy.id if deputy else None
    record(fund, "name_for_safety", actor=actor, now=now)


def _lock(flag: SafetyFlag) -> None:
    lock_row(SafetyFlag, flag.id)
    db.session.refresh(flag)
