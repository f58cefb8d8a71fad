"""A grant's life after the yes: checks, agreement, start, and an early end."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.call_file.award_checks import HoldsUp
from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import SETTLED_PAYMENTS, AwardStatus, CheckInStatus
from fundapp.models.agreement import Side
from fundapp.models.award import Award
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.queries.agreements import find_text, still_to_sign
from fundapp.queries.award_checks import list_open_conditions, open_checks
from fundapp.queries.calls import definition_of
from fundapp.queries.people import find_confirmed_host
from fundapp.services.agreements import AgreementStands, Signer, has_changed, offer_text, sign
from fundapp.services.award_checks import plan_checks
from fundapp.services.award_checks import settle_check as settle_check
from fundapp.services.check_ins import drop_check_ins, plan_check_ins
from fundapp.services.events import move, record
from fundapp.services.grant_plans import lapse_variations
from fundapp.services.grant_versions import start_plan
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.instalments import cancel_unpaid, make_due
from fundapp.services.messages import MessageKind, notify

BY_ACCOUNT = Signer()


class ChecksOpen(FundError):
    """The agreement goes out once every check is settled."""

    code = "checks_open"


class HostNotConfirmed(FundError):
    """A group without an account of its own needs a host that has said yes in writing."""

    code = "host_not_confirmed"


class NotToldYet(FundError):
    """Nothing about a grant reaches one group before the day on which everybody is told."""

    code = "not_told_yet"


class NotSettled(FundError):
    """A grant is complete when its payments are made and its conversations answered."""

    code = "not_settled"


class ConditionsOpen(FundError):
    """What the group agreed to is met before the end, or no longer asked, with a reason."""

    code = "conditions_open"


class EndNeedsReason(FundError):
    """A grant ends early for a stated reason only."""

    code = "end_needs_reason"


def start_checks(award: Award, *, actor: User, now: datetime) -> None:
    """Open the call's list of checks for this grant. Raises NotToldYet."""
    _lock(award)
    after_the_day(award)
    plan_checks(award, now=now)
    move(award, "start_checks", actor=actor, now=now)


def send_agreement(
    award: Award, *, actor: User, now: datetime, signer: Signer = BY_ACCOUNT, read: str | None = None
) -> None:
    """Sign the agreement for the fund and offer it to the others. `read`: check sum of what the actor read.

    Raises ChecksOpen, HostNotConfirmed and AgreementChanged.
    """
    _lock(award)
    if open_checks(award, HoldsUp.AGREEMENT):
        raise ChecksOpen
    _check_host(award)
    text = offer_text(award, signer=signer, actor=actor, now=now, read=read)
    move(award, "send_agreement", actor=actor, now=now, details={"agreement": text.digest})
    _tell_signers(award, now)


def renew_agreement(
    award: Award, *, actor: User, now: datetime, signer: Signer = BY_ACCOUNT, read: str | None = None
) -> None:
    """Facts have changed before everybody had signed: a new text, and everybody signs anew.

    Raises AgreementStands where nothing has changed, HostNotConfirmed and AgreementChanged.
    """
    _lock(award)
    if award.status is not AwardStatus.AGREEMENT_SENT:
        raise NotPossibleNow("only an agreement that is out can be renewed")
    before = find_text(award)
    if before is not None and not has_changed(award, before):
        raise AgreementStands
    _check_host(award)
    text = offer_text(award, signer=signer, actor=actor, now=now, read=read)
    details = {"agreement": text.digest, "number": text.number}
    record(award, "renew_agreement", actor=actor, now=now, details=details)
    _tell_signers(award, now)


def accept_agreement(
    award: Award,
    *,
    digest: str,
    actor: User,
    now: datetime,
    signer: Signer = BY_ACCOUNT,
    side: Side = Side.GROUP,
) -> None:
    """One person of the group or its host says yes to exactly this text. With the last yes the grant begins.

    Raises what `agreements.sign` raises.
    """
    _lock(award)
    text = sign(award, side, digest=digest, signer=signer, actor=actor, now=now)
    details = {"agreement": digest, "side": side.value}
    if still_to_sign(text):
        record(award, "sign_agreement", actor=actor, now=now, details=details)
        _tell_signers(award, now)
    else:
        _begin(award, details, actor=actor, now=now)


def _begin(award: Award, details: Json, *, actor: User, now: datetime) -> None:
    """Everybody has signed the same text: the first payment can be approved."""
    award.accepted_at = now
    definition = definition_of(award.application.call_version)
    award.starts_on = award.starts_on or now.astimezone(definition.zone).date()
    move(award, "accept", actor=actor, now=now, details=details)
    plan_check_ins(award, definition, starts_on=award.starts_on)
    start_plan(award, now=now)
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
    lapse_variations(award, actor=actor, now=now)


def start_closing(award: Award, *, actor: User, now: datetime) -> None:
    """The last conversation is near: nothing new begins."""
    _lock(award)
    move(award, "start_closing", actor=actor, now=now)


def complete_award(award: Award, *, actor: User, now: datetime) -> None:
    """Everything is paid and talked about, and no condition is open. Raises NotSettled and ConditionsOpen."""
    _lock(award)
    unpaid = [each for each in award.instalments if each.status not in SETTLED_PAYMENTS]
    open_talks = sa.select(CheckIn.id).where(
        CheckIn.award_id == award.id, CheckIn.status != CheckInStatus.ANSWERED_BY_FUNDER
    )
    if unpaid or db.session.execute(open_talks.limit(1)).first() is not None:
        raise NotSettled
    if list_open_conditions(award):
        raise ConditionsOpen
    lapse_variations(award, actor=actor, now=now)
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
    after_the_day(award)
    move(award, step, actor=actor, now=now, reason=reason.strip())
    cancel_unpaid(award, actor=actor, now=now)
    tell_about_grant(award, now=now)


def after_the_day(award: Award) -> None:
    """Raises NotToldYet."""
    db.session.refresh(award.application, ["group_told_at"])
    if award.application.group_told_at is None:
        raise NotToldYet


def _check_host(award: Award) -> None:
    if award.application.needs_host and find_confirmed_host(award.application) is None:
        raise HostNotConfirmed


def _tell_signers(award: Award, now: datetime) -> None:
    """The group, and whoever gave the host's word."""
    tell_about_grant(award, now=now)
    host = find_confirmed_host(award.application)
    if host is not None and host.user_id is not None:
        person = db.session.get_one(User, host.user_id)
        notify(person, MessageKind.AWARD_UPDATE, now=now, host_id=str(host.id))


def _lock(award: Award) -> None:
    lock_row(Award, award.id)
    db.session.refresh(award)
