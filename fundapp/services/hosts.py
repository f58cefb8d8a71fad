"""A host holds the money of a group that has no account: asked by the group, confirmed in writing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import AwardStatus, InvitationStatus, WordStatus
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.organisation import Organisation
from fundapp.models.partnership import Decider, FiscalHost
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.queries.people import LIVE_WORDS, find_host
from fundapp.services.answers import lock_application
from fundapp.services.applications import ReasonNeeded
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.invitations import check_is_alive, invite, withdraw_invitation
from fundapp.services.messages import MessageKind

BOUND = (AwardStatus.AGREEMENT_SENT, AwardStatus.ACTIVE, AwardStatus.CLOSING, AwardStatus.COMPLETED)


class FeeTooHigh(FundError):
    """The call says how much of a grant a host may keep."""

    code = "fee_too_high"

    def __init__(self, most: Decimal) -> None:
        super().__init__(f"at most {most} per cent")
        self.most = most


class OwnHost(FundError):
    """A group cannot be the host of itself."""

    code = "own_host"


@dataclass(frozen=True)
class HostWord:
    """What the host says. `text` is everything the person read and typed, in their language."""

    organisation: Organisation
    signed_by: str
    fee_percent: Decimal
    decides: Decider
    text: str


def invite_host(application: Application, email: str, *, actor: User, now: datetime) -> FiscalHost:
    """Asking the same address again sends a new code; another one needs `end_host` first."""
    lock_application(application)
    check_is_alive(application)
    known = find_host(application)
    if known is not None and known.status in LIVE_WORDS:
        is_again = known.status is WordStatus.INVITED and known.invitation.email == email.strip().lower()
        if not is_again or known.invitation.status is not InvitationStatus.OPEN:
            raise NotPossibleNow("there is a host already")
    invitation = invite(
        InvitationKind.HOST,
        email,
        organisation=application.organisation,
        application=application,
        actor=actor,
        now=now,
    )
    if known is not None and known.invitation_id == invitation.id:
        return known
    host = FiscalHost(application=application, invitation=invitation, created_at=now)
    db.session.add(host)
    record(host, "ask_host", actor=actor, now=now, call_id=application.call_id)
    return host


def meet_host(invitation: Invitation, *, actor: User) -> FiscalHost:
    """Somebody of the host has signed in and reads what is asked. Nothing is promised yet."""
    host = db.session.execute(
        sa.select(FiscalHost).where(FiscalHost.invitation_id == invitation.id)
    ).scalar_one()
    if host.status is not WordStatus.INVITED:
        raise NotPossibleNow("the group asks no longer")
    host.user_id = actor.id
    return host


def confirm_host(host: FiscalHost, word: HostWord, *, actor: User, now: datetime) -> None:
    """The host's word, kept as it was read. Raises FeeTooHigh and OwnHost."""
    _lock(host)
    application = host.application
    most = definition_for(application).awards.host_fee_percent
    if not 0 <= word.fee_percent <= most:
        raise FeeTooHigh(most)
    if word.organisation.id == application.organisation_id:
        raise OwnHost
    host.organisation = word.organisation
    host.signed_by, host.fee_percent, host.decides = word.signed_by, word.fee_percent, word.decides
    host.text, host.text_digest = word.text, hashlib.sha256(word.text.encode()).hexdigest()
    host.answered_at = now
    details = {"text": host.text_digest, "decides": word.decides.value, "fee": str(word.fee_percent)}
    move(host, "confirm", actor=actor, now=now, details=details)
    note_known_conflicts(application.call, actor=actor, now=now, application=application)
    tell_group(application, MessageKind.PEOPLE_CHANGED, now=now)


def decline_host(host: FiscalHost, *, reason: str, actor: User, now: datetime) -> None:
    """Raises ReasonNeeded: the group has to know what to do next."""
    if not reason.strip():
        raise ReasonNeeded
    _lock(host)
    host.reason, host.answered_at = reason.strip(), now
    move(host, "decline", actor=actor, now=now, reason=host.reason)
    tell_group(host.application, MessageKind.PEOPLE_CHANGED, now=now)


def end_host(host: FiscalHost, *, actor: User, now: datetime) -> None:
    """The group looks for another one. Raises NotPossibleNow once an agreement is with the group."""
    _lock(host)
    if is_bound(host.application):
        raise NotPossibleNow("the agreement names this host")
    if host.status is WordStatus.ENDED:
        return
    if host.invitation.status is InvitationStatus.OPEN:
        withdraw_invitation(host.invitation, actor=actor, now=now)
    move(host, "end", actor=actor, now=now)


def is_bound(application: Application) -> bool:
    """An agreement that names its host is with the group."""
    award = sa.select(Award.id).where(Award.application_id == application.id, Award.status.in_(BOUND))
    return db.session.execute(award.limit(1)).first() is not None


def _lock(host: FiscalHost) -> None:
    lock_application(host.application)
    db.session.refresh(host)
