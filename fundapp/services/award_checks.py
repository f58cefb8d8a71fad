"""Settling the checks of a grant, in proportion: with help, and without what is not needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fundapp.call_file.award_checks import Evidence
from fundapp.check_steps import SETTLED_CHECKS, CheckStatus
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import AwardStatus, next_status
from fundapp.models.award import Award, CheckItem, NotNeeded
from fundapp.models.user import User
from fundapp.queries.award_checks import enough_for, reason_not_needed
from fundapp.queries.calls import definition_of
from fundapp.services.events import record
from fundapp.services.group_messages import tell_about_grant


class CheckReasonNeeded(FundError):
    """Who does without a check, opens it again or offers help says why, or which: the group reads it."""

    code = "check_reason_needed"


class EvidenceNotEnough(FundError):
    """The call says by what this check is settled."""

    code = "evidence_not_enough"


@dataclass(frozen=True)
class Plan:
    """Who looks after a check, and by when."""

    owner: User | None
    due_on: date | None


def plan_checks(award: Award, *, now: datetime) -> None:
    """The list of this grant. What its size or the kind of group does without is on it, with the reason."""
    definition = definition_of(award.application.call_version)
    today = now.astimezone(definition.zone).date()
    for rule in definition.awards.checks:
        if rule.is_on:
            item = CheckItem(award=award, key=rule.key, due_on=today + timedelta(days=rule.days))
            if (because := reason_not_needed(rule, award)) is not None:
                item.status, item.not_needed, item.done_at = CheckStatus.NOT_NEEDED, because, now
            db.session.add(item)


def settle_check(
    item: CheckItem, *, note: str, actor: User, now: datetime, evidence: Evidence | None = None
) -> None:
    """Settling twice keeps the first time and the newest note. Raises EvidenceNotEnough."""
    _lock(item)
    if evidence is not None and evidence not in (enough_for(item) or tuple(Evidence)):
        raise EvidenceNotEnough
    item.done_by_id = actor.id
    if item.status is not CheckStatus.DONE:
        item.done_at = now
    item.note, item.evidence, item.not_needed = note.strip(), evidence or item.evidence, None
    _move(item, "settle", actor=actor, now=now, reason=item.note)


def do_without_check(item: CheckItem, *, note: str, actor: User, now: datetime) -> None:
    """Raises CheckReasonNeeded."""
    if not note.strip():
        raise CheckReasonNeeded
    _lock(item)
    item.done_by_id, item.note = actor.id, note.strip()
    if item.status not in SETTLED_CHECKS:
        item.done_at = now
    item.not_needed = NotNeeded.FUND_DECIDED
    _move(item, "do_without", actor=actor, now=now, reason=item.note)


def offer_help(item: CheckItem, *, words: str, actor: User, now: datetime) -> None:
    """The group is told that there is something to read. Raises CheckReasonNeeded."""
    if not words.strip():
        raise CheckReasonNeeded
    _lock(item)
    is_news = item.help != words.strip()
    item.help = words.strip()
    _move(item, "offer_help", actor=actor, now=now, reason=item.help)
    if is_news:
        tell_about_grant(item.award, now=now)


def reopen_check(item: CheckItem, *, note: str, actor: User, now: datetime) -> None:
    """Until the agreement goes out. Raises CheckReasonNeeded and NotPossibleNow."""
    if not note.strip():
        raise CheckReasonNeeded
    _lock(item)
    if item.award.status is not AwardStatus.CHECKS:
        raise NotPossibleNow("the agreement was made of these checks")
    item.done_at = item.done_by_id = item.not_needed = item.evidence = None
    item.note = note.strip()
    _move(item, "reopen", actor=actor, now=now, reason=item.note)


def plan_check(item: CheckItem, plan: Plan, *, actor: User, now: datetime) -> None:
    """Nothing when nothing changes."""
    owner_id = plan.owner.id if plan.owner else None
    if (item.owner_id, item.due_on) == (owner_id, plan.due_on):
        return
    item.owner_id, item.due_on = owner_id, plan.due_on
    details = {"check": item.key, "due_on": plan.due_on.isoformat() if plan.due_on else None}
    record(item.award, "plan_check", actor=actor, now=now, details=details)


def _move(item: CheckItem, step: str, *, actor: User, now: datetime, reason: str) -> None:
    """What happens to a check is part of the story of its grant."""
    item.status = next_status(item.status, step)
    details: dict[str, object] = {"check": item.key}
    if item.evidence is not None:
        details["evidence"] = item.evidence.value
    record(item.award, f"{step}_check", actor=actor, now=now, details=details, reason=reason or None)


def _lock(item: CheckItem) -> None:
    lock_row(Award, item.award_id)
    db.session.refresh(item)
    db.session.refresh(item.award, ["status"])
