"""Partners say yes to their share and declare for themselves; nobody is a partner twice in one round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from forms.answers import JsonAnswer
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import InvitationStatus, WordStatus
from fundapp.models.application import Application
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.organisation import Organisation
from fundapp.models.partnership import Partner
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.queries.drafts import partner_amounts
from fundapp.queries.people import LIVE_WORDS, list_partners
from fundapp.services.answers import lock_application
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.invitations import check_is_alive, invite, withdraw_invitation
from fundapp.services.messages import MessageKind
from fundapp.services.organisations import declare_for


class ShareChanged(FundError):
    """The share somebody says yes to is not the share that stands now."""

    code = "share_changed"


class UnknownPartner(FundError):
    """No partner of this name is in the answer about shares."""

    code = "unknown_partner"
    status = 400


class PartnerTwice(FundError):
    """One application as partner and one as lead for each organisation and round."""

    code = "partner_twice"


def invite_partner(application: Application, name: str, email: str, *, actor: User, now: datetime) -> Partner:
    """`name` as it stands in the answer about shares. A yes to another share than now ends with this.

    Raises UnknownPartner, and NotPossibleNow where the partner has said yes to this share.
    """
    lock_application(application)
    check_is_alive(application)
    wanted = name.strip().casefold()
    names = {each.strip().casefold(): each for each in partner_amounts(application)}
    if wanted not in names:
        raise UnknownPartner
    share = partner_amounts(application)[names[wanted]]
    for known in list_partners(application):
        is_settled = known.status is WordStatus.CONFIRMED and known.amount == share
        if known.name.casefold() == wanted and is_settled:
            raise NotPossibleNow("this partner has said yes to this share already")
    invitation = invite(
        InvitationKind.PARTNER,
        email,
        organisation=application.organisation,
        application=application,
        actor=actor,
        now=now,
    )
    return _row_for(invitation, names[wanted], actor=actor, now=now)


def _row_for(invitation: Invitation, name: str, *, actor: User, now: datetime) -> Partner:
    """One open question for each name and each address; older ones end."""
    application = invitation.application
    assert application is not None
    found = None
    for known in list_partners(application):
        if known.invitation_id == invitation.id:
            found = known
        elif known.name.casefold() == name.casefold() and known.status in LIVE_WORDS:
            end_partner(known, actor=actor, now=now)
    if found is None:
        found = Partner(
            application=application,
            round_id=application.round_id,
            invitation=invitation,
            name=name,
            created_at=now,
        )
        db.session.add(found)
        record(found, "ask_partner", actor=actor, now=now, call_id=application.call_id)
    found.name = name
    return found


def meet_partner(invitation: Invitation, *, actor: User) -> Partner:
    """Somebody of the partner has signed in and reads what is asked. Nothing is promised yet."""
    partner = db.session.execute(
        sa.select(Partner).where(Partner.invitation_id == invitation.id)
    ).scalar_one()
    if partner.status is not WordStatus.INVITED:
        raise NotPossibleNow("the group asks no longer")
    partner.user_id = actor.id
    return partner


def share_of(partner: Partner) -> Decimal | None:
    """What the answer about shares says now; None when the name is gone from it."""
    amounts = {name.casefold(): amount for name, amount in partner_amounts(partner.application).items()}
    return amounts.get(partner.name.casefold())


def confirm_share(
    partner: Partner,
    amount: Decimal,
    *,
    organisation: Organisation,
    bands: Mapping[str, JsonAnswer],
    is_migrant_led: bool,
    actor: User,
    now: datetime,
) -> None:
    """Yes to exactly this share, with the partner's own word on who leads it.

    Raises ShareChanged and PartnerTwice.
    """
    _lock(partner)
    if amount != share_of(partner):
        raise ShareChanged
    lock_row(Organisation, organisation.id)
    elsewhere = sa.select(Partner.id).where(
        Partner.round_id == partner.round_id,
        Partner.organisation_id == organisation.id,
        Partner.id != partner.id,
    )
    is_lead = organisation.id == partner.application.organisation_id
    if is_lead or db.session.execute(elsewhere.limit(1)).first() is not None:
        raise PartnerTwice
    partner.organisation, partner.amount, partner.answered_at = organisation, amount, now
    move(partner, "confirm", actor=actor, now=now, details={"amount": f"{amount:.2f}"})
    declare_for(
        organisation,
        partner.application.call,
        definition_for(partner.application),
        bands,
        is_migrant_led=is_migrant_led,
        actor=actor,
        now=now,
    )
    note_known_conflicts(partner.application.call, actor=actor, now=now, application=partner.application)
    tell_group(partner.application, MessageKind.PEOPLE_CHANGED, now=now)


def decline_share(partner: Partner, *, reason: str, actor: User, now: datetime) -> None:
    _lock(partner)
    partner.reason, partner.answered_at = reason.strip() or None, now
    move(partner, "decline", actor=actor, now=now, reason=partner.reason)
    tell_group(partner.application, MessageKind.PEOPLE_CHANGED, now=now)


def end_partner(partner: Partner, *, actor: User, now: datetime) -> None:
    """The organisation is free to be a partner elsewhere."""
    if partner.invitation.status is InvitationStatus.OPEN:
        withdraw_invitation(partner.invitation, actor=actor, now=now)
    partner.organisation = None
    move(partner, "end", actor=actor, now=now)


def end_all_partners(application: Application, *, actor: User, now: datetime) -> None:
    for partner in list_partners(application):
        if partner.status in LIVE_WORDS:
            end_partner(partner, actor=actor, now=now)


def _lock(partner: Partner) -> None:
    lock_application(partner.application)
    db.session.refresh(partner)
