"""Saying yes to an invitation: once, in time, by whoever signs in with the address that was asked."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.organisation import MemberRight, Organisation
from fundapp.models.user import User
from fundapp.queries.call_money import NOT_ASKED
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import move
from fundapp.services.hosts import meet_host
from fundapp.services.invitations import check_is_for, lock_invitation
from fundapp.services.members import add_member
from fundapp.services.partners import meet_partner
from fundapp.services.writing_help import start_help


def accept_invitation(invitation: Invitation, *, actor: User, now: datetime) -> None:
    """Raises InvitationUnknown."""
    lock_invitation(invitation)
    check_is_for(invitation, actor, now)
    move(invitation, "accept", actor=actor, now=now)
    invitation.accepted_by_id = actor.id
    match invitation.kind:
        case InvitationKind.MEMBER:
            right = MemberRight(invitation.details["right"])
            add_member(invitation.organisation, actor, right, actor=actor, now=now)
            _note_ties(invitation.organisation, actor=actor, now=now)
        case InvitationKind.HELPER:
            start_help(invitation, actor=actor, now=now)
        case InvitationKind.HOST:
            meet_host(invitation, actor=actor)
        case InvitationKind.PARTNER:
            meet_partner(invitation, actor=actor)


def _note_ties(organisation: Organisation, *, actor: User, now: datetime) -> None:
    """A new member may sit on a panel that reads the group's application."""
    db.session.flush()
    query = sa.select(Application).where(
        Application.organisation_id == organisation.id,
        Application.status.not_in((*NOT_ASKED, ApplicationStatus.DECLINED)),
    )
    for application in db.session.execute(query).scalars().all():
        note_known_conflicts(application.call, actor=actor, now=now, application=application)
