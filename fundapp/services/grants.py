"""A grant's life after the yes: checks, agreement, start, and an early end."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import CheckInStatus, InstalmentStatus
from fundapp.models.award import Award, CheckItem
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.queries.calls import definition_of
from fundapp.queries.people import find_confirmed_host
from fundapp.services.check_ins import drop_check_ins, plan_check_ins
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.instalments import cancel_unpaid, make_due
from fundapp.services.messages import MessageKind

SETTLED = (InstalmentStatus.PAID, InstalmentStatus.CANCELLED)
TALKED = (CheckInStatus.ANSWERED_BY_FUNDER,)


class ChecksOpen(FundError):
    """The agreement goes out once every check is settled."""

    code = "checks_open"


class HostNotConfirmed(FundError):
    """A group without an account of its own needs a host that has said yes in writing."""

    code = "host_not_confirmed"


class AgreementChanged(FundError):
    """The text somebody accepted is not the text that stands now."""

    code = "agreement_changed"


class NotToldYet(FundError):
    """Nothing about a grant reaches one group before the day on which everybody is told."""

    code = "not_told_yet"


class NotSettled(FundError):
    """A grant is complete when its payments are made and its conversations answered."""

    code = "not_settled"


class EndNeedsReason(FundError):
    """A grant ends early for a stated reason only."""

    code = "end_needs_reason"


def start_checks(award: Award, *, actor: User, now: datetime) -> None:
    """Open the call's list of checks for this grant. Raises NotToldYet."""
    _lock(award)
    _after_the_day(award)
    for check in definition_of(award.application.call_version).awards.checks:
        if check.is_on:
            db.session.add(CheckItem(award=award, key=check.key))
    move(award, "start_checks", actor=actor, now=now)


def settle_check(item: CheckItem, *, note: str, actor: User, now: datetime) -> None:
    """Settling twice keeps the first time and the newest note."""
    item.note = note.strip()
    item.done_by_id = actor.id
    item.done_at = item.done_at or now
    details = {"check": item.key}
    record(item.award, "settle_check", actor=actor, now=now, details=details, reason=item.note or None)


def send_agreement(award: Award, *, actor: User, now: datetime) -> None:
    """Offer the agreement to the group. Raises ChecksOpen and HostNotConfirmed."""
    _lock(award)
    open_checks = sa.select(CheckItem.id).where(CheckItem.award_id == award.id, CheckItem.done_at.is_(None))
    if db.session.execute(open_checks.limit(1)).first() is not None:
        raise ChecksOpen
    if award.application.needs_host and find_confirmed_host(award.application) is None:
        raise HostNotConfirmed
    award.agreement_digest = agreement_digest(award)
    move(award, "send_agreement", actor=actor, now=now, details={"agreement": award.agreement_digest})
    _tell(award, now)


def accept_agreement(award: Award, *, digest: str, actor: User, now: datetime) -> None:
    """The group says yes to exactly this text: the first payment can be approved. Raises AgreementChanged."""
    _lock(award)
    if digest != award.agreement_digest or digest != agreement_digest(award):
        raise AgreementChanged
    award.accepted_at = now
    definition = definition_of(award.application.call_version)
    award.starts_on = award.starts_on or now.astimezone(definition.zone).date()
    move(award, "accept", actor=actor, now=now, details={"agreement": digest})
    plan_check_ins(award, definition, starts_on=award.starts_on)
    make_due(award, None, actor=actor, now=now)


def refuse_award(award: Award, *, actor: User, now: datetime, reason: str = "") -> None:
    """The group does not take the grant up; no reason is asked of it."""
    _lock(award)
    move(award, "refuse", actor=actor, now=now, reason=reason.strip() or None)
    cancel_unpaid(award, actor=actor, now=now)


def withdraw_award(award: Award, *, reason: str, actor: User, now: datetime) -> None:
    """The fund takes back a yes before the agreement is accepted. Raises EndNeedsReason and NotToldYet."""
    _end(award, "withdraw", reason, actor, now)


def terminate_award(award: Award, *, reason: str, actor: User, now: datetime) -> None:
    """Only what was paid stays counted; the rest is back in the pot. Raises EndNeedsReason."""
    _end(award, "terminate", reason, actor, now)
    drop_check_ins(award)


def start_closing(award: Award, *, actor: User, now: datetime) -> None:
    """The last conversation is near: nothing new begins."""
    _lock(award)
    move(award, "start_closing", actor=actor, now=now)


def complete_award(award: Award, *, actor: User, now: datetime) -> None:
    """Everything is paid and talked about. Raises NotSettled."""
    _lock(award)
    unpaid = [each for each in award.instalments if each.status not in SETTLED]
    open_talks = sa.select(CheckIn.id).where(CheckIn.award_id == award.id, CheckIn.status.not_in(TALKED))
    if unpaid or db.session.execute(open_talks.limit(1)).first() is not None:
        raise NotSettled
    move(award, "complete", actor=actor, now=now)


def describe_award(award: Award, *, title: str, summary: str, actor: User, now: datetime) -> None:
    """How the grant is named in open data and on the results page."""
    _lock(award)
    award.public_title, award.public_summary = title.strip(), summary.strip()
    record(award, "describe", actor=actor, now=now, details={"title": award.public_title})


def _end(award: Award, step: str, reason: str, actor: User, now: datetime) -> None:
    if not reason.strip():
        raise EndNeedsReason
    _lock(award)
    _after_the_day(award)
    move(award, step, actor=actor, now=now, reason=reason.strip())
    cancel_unpaid(award, actor=actor, now=now)
    _tell(award, now)


def _after_the_day(award: Award) -> None:
    db.session.refresh(award.application, ["group_told_at"])
    if award.application.group_told_at is None:
        raise NotToldYet


def _tell(award: Award, now: datetime) -> None:
    tell_group(award.application, MessageKind.AWARD_UPDATE, now=now, award_id=str(award.id))


def agreement_digest(award: Award) -> str:
    """SHA-256 of everything the agreement promises; its page is made of the same values."""
    promised = {
        "award": award.public_id,
        "organisation": str(award.organisation_id),
        "amount": _written(award.amount),
        "months": award.months,
        "host": _host_of(award),
        "confidential": award.is_confidential,
        "rules": award.application.call_version.digest,
        "payments": [[_day(each.due_on), _written(each.amount)] for each in award.instalments],
        "shares": sorted([str(share.organisation_id), _written(share.amount)] for share in award.shares),
    }
    return hashlib.sha256(json.dumps(promised, sort_keys=True).encode()).hexdigest()


def _host_of(award: Award) -> bool | list[str]:
    """The organisation that holds the money and the text it signed."""
    host = find_confirmed_host(award.application)
    if host is None:
        return award.application.needs_host
    return [str(host.organisation_id), host.text_digest or ""]


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _day(day: date) -> str:
    return day.isoformat()


def _lock(award: Award) -> None:
    lock_row(Award, award.id)
    db.session.refresh(award)
