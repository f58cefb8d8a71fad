"""Invitations by mail: made, sent again, taken back, refused. What accepting one does is in `joining`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus, InvitationStatus
from fundapp.models.application import Application
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.queries.invitations import count_open_invitations, find_open_invitation
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.sign_in import person_with
from fundapp.services.tries import Limit, count_try

LIFE = timedelta(days=14)
ENDED = (ApplicationStatus.WITHDRAWN, ApplicationStatus.INELIGIBLE, ApplicationStatus.DECLINED)
MOST_OPEN = 20  # of one group
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
CODE_LENGTH = 12

BY_PERSON = Limit("invite_person", 20, timedelta(hours=1))
TO_ADDRESS = Limit("invite_address", 5, timedelta(days=1))
CODES_TRIED = Limit("invitation_code", 30, timedelta(hours=1))


class TooManyOpen(FundError):
    """The group has many invitations that nobody has answered."""

    code = "too_many_invitations"


class InvitationUnknown(FundError):
    """Wrong, used, too old, taken back or for another address: all the same to whoever asks."""

    code = "invitation_unknown"
    status = 404


def invite(
    kind: InvitationKind,
    email: str,
    *,
    organisation: Organisation,
    application: Application | None = None,
    details: dict[str, str] | None = None,
    actor: User,
    now: datetime,
) -> Invitation:
    """Send a code to this address, known or not. Asking the same address again replaces the code.

    Raises TooManyOpen and TooManyTries.
    """
    email = email.strip().lower()
    lock_row(Organisation, organisation.id)
    count_try(BY_PERSON, str(actor.id), now=now)
    address = hashlib.sha256(email.encode()).hexdigest()[:32]
    count_try(TO_ADDRESS, f"{organisation.id}:{address}", now=now)
    code = new_code()
    invitation = find_open_invitation(kind, email, organisation, application)
    if invitation is None:
        if count_open_invitations(organisation, now=now) >= MOST_OPEN:
            raise TooManyOpen
        invitation = Invitation(
            kind=kind, organisation=organisation, application=application, email=email, created_at=now
        )
        db.session.add(invitation)
    invitation.details = dict(details or {})
    invitation.code_digest = code_digest(code)
    invitation.invited_by_id = actor.id
    invitation.expires_at = now + LIFE
    record(
        invitation,
        "invite",
        actor=actor,
        now=now,
        call_id=_call_id(application),
        details={"kind": kind.value},
    )
    person = person_with(email, actor.language)
    notify(person, MessageKind.INVITATION, now=now, code=code)
    return invitation


def withdraw_invitation(invitation: Invitation, *, actor: User, now: datetime) -> None:
    """The code opens nothing any more. Taking back twice changes nothing."""
    lock_invitation(invitation)
    if invitation.status is not InvitationStatus.WITHDRAWN:
        move(invitation, "withdraw", actor=actor, now=now)


def decline_invitation(invitation: Invitation, *, actor: User, now: datetime) -> None:
    """Whoever was asked says no. Raises InvitationUnknown."""
    lock_invitation(invitation)
    check_is_for(invitation, actor, now)
    move(invitation, "decline", actor=actor, now=now)


def check_is_for(invitation: Invitation, person: User, now: datetime) -> None:
    """Raises InvitationUnknown unless it is open, in time, and for the address this person signs in with."""
    is_open = invitation.status is InvitationStatus.OPEN and invitation.expires_at > now
    if not is_open or invitation.email != person.email:
        raise InvitationUnknown


def lock_invitation(invitation: Invitation) -> None:
    lock_row(Invitation, invitation.id)
    db.session.refresh(invitation)


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


def code_digest(code: str) -> str:
    """The code has nearly sixty random bits and opens nothing without the mailbox: one round is enough."""
    return hashlib.sha256(f"invitation:{plain_code(code)}".encode()).hexdigest()


def plain_code(typed: str) -> str:
    """As it was made: people type small letters, spaces and lines between the groups of letters."""
    return "".join(letter for letter in typed.upper() if letter in CODE_LETTERS)[: CODE_LENGTH + 1]


def check_is_alive(application: Application) -> None:
    """Nobody is asked to help with what has ended. Raises NotPossibleNow."""
    if application.status in ENDED:
        raise NotPossibleNow("the application has ended")


def _call_id(application: Application | None) -> UUID | None:
    return application.call_id if application else None
