"""Who belongs to a group, who helps it, who holds its money and who works with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.call import Call
from fundapp.models.invitation import Invitation
from fundapp.models.organisation import (
    ByAndForClaim,
    Community,
    MemberRight,
    Organisation,
    OrganisationMember,
)
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.user import User

LIVE_WORDS = (WordStatus.INVITED, WordStatus.CONFIRMED)


def get_organisation(organisation_id: UUID) -> Organisation:
    """Raises NoResultFound."""
    return db.session.execute(sa.select(Organisation).where(Organisation.id == organisation_id)).scalar_one()


def get_member(member_id: UUID) -> OrganisationMember:
    """Raises NoResultFound."""
    query = sa.select(OrganisationMember).where(OrganisationMember.id == member_id)
    return db.session.execute(query.options(joinedload(OrganisationMember.user))).scalar_one()


def list_members(organisation: Organisation) -> Sequence[OrganisationMember]:
    """In the order in which they came."""
    query = (
        sa.select(OrganisationMember)
        .where(OrganisationMember.organisation_id == organisation.id)
        .options(joinedload(OrganisationMember.user))
        .order_by(OrganisationMember.created_at, OrganisationMember.id)
    )
    return db.session.execute(query).scalars().all()


def find_membership(user: User, organisation: Organisation) -> OrganisationMember | None:
    query = sa.select(OrganisationMember).where(
        OrganisationMember.user_id == user.id, OrganisationMember.organisation_id == organisation.id
    )
    return db.session.execute(query).scalar_one_or_none()


def has_claimed(organisation: Organisation, community: Community) -> bool:
    """In any call."""
    query = sa.select(ByAndForClaim.id).where(
        ByAndForClaim.organisation_id == organisation.id, ByAndForClaim.community == community
    )
    return db.session.execute(query.limit(1)).first() is not None


def is_last_who_may_send(member: OrganisationMember) -> bool:
    others = sa.select(OrganisationMember.id).where(
        OrganisationMember.organisation_id == member.organisation_id,
        OrganisationMember.right == MemberRight.SUBMIT,
        OrganisationMember.id != member.id,
    )
    return member.right is MemberRight.SUBMIT and db.session.execute(others.limit(1)).first() is None


def get_helper(helper_id: UUID) -> ApplicationHelper:
    """Raises NoResultFound."""
    query = sa.select(ApplicationHelper).where(ApplicationHelper.id == helper_id)
    return db.session.execute(query.options(joinedload(ApplicationHelper.application))).scalar_one()


def list_helpers(application: Application) -> Sequence[ApplicationHelper]:
    """All who ever helped, also those whose time is over."""
    query = (
        sa.select(ApplicationHelper)
        .where(ApplicationHelper.application_id == application.id)
        .options(joinedload(ApplicationHelper.organisation))
        .order_by(ApplicationHelper.created_at, ApplicationHelper.id)
    )
    return db.session.execute(query).scalars().all()


def list_umbrellas() -> Sequence[Organisation]:
    """Umbrella organisations on file, by name; those that must stay unknown are left out."""
    query = (
        sa.select(Organisation)
        .where(Organisation.is_umbrella, ~Organisation.is_confidential)
        .order_by(Organisation.name, Organisation.id)
    )
    return db.session.execute(query).scalars().all()


_CALL = joinedload(Application.call).options(joinedload(Call.fund))


def get_host(host_id: UUID) -> FiscalHost:
    """With its application. Raises NoResultFound."""
    query = (
        sa.select(FiscalHost)
        .where(FiscalHost.id == host_id)
        .options(
            joinedload(FiscalHost.application).options(joinedload(Application.organisation), _CALL),
            joinedload(FiscalHost.organisation),
            joinedload(FiscalHost.invitation),
        )
    )
    return db.session.execute(query).scalar_one()


def find_host(application: Application) -> FiscalHost | None:
    """The one asked or confirmed; else the newest that said no."""
    query = (
        sa.select(FiscalHost)
        .where(FiscalHost.application_id == application.id, FiscalHost.status != WordStatus.ENDED)
        .options(joinedload(FiscalHost.organisation), joinedload(FiscalHost.invitation))
        .order_by(FiscalHost.status.in_(LIVE_WORDS).desc(), FiscalHost.created_at.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def find_confirmed_host(application: Application) -> FiscalHost | None:
    host = find_host(application)
    return host if host is not None and host.status is WordStatus.CONFIRMED else None


def get_partner(partner_id: UUID) -> Partner:
    """With its application. Raises NoResultFound."""
    query = (
        sa.select(Partner)
        .where(Partner.id == partner_id)
        .options(
            joinedload(Partner.application).options(joinedload(Application.organisation), _CALL),
            joinedload(Partner.organisation),
            joinedload(Partner.invitation),
        )
    )
    return db.session.execute(query).scalar_one()


def list_partners(application: Application) -> Sequence[Partner]:
    """Everybody asked, oldest first; the newest word on a name counts."""
    query = (
        sa.select(Partner)
        .where(Partner.application_id == application.id, Partner.status != WordStatus.ENDED)
        .options(joinedload(Partner.organisation), joinedload(Partner.invitation))
        .order_by(Partner.created_at, Partner.id)
    )
    return db.session.execute(query).scalars().all()


def changed_shares(application: Application, amounts: Mapping[str, Decimal]) -> list[tuple[Partner, Decimal]]:
    """Partners that said yes to another sum than the share they get now, with that share."""
    shares = {name.casefold(): amount for name, amount in amounts.items()}
    newest = {each.name.casefold(): each for each in list_partners(application)} if shares else {}
    return [
        (partner, shares[name])
        for name, partner in newest.items()
        if name in shares and partner.status is WordStatus.CONFIRMED and partner.amount != shares[name]
    ]


def answers_of_helpers(application: Application) -> dict[str, int]:
    """Answers whose newest text a helper saved who is no member of the group: their key and save."""
    members = sa.select(OrganisationMember.user_id).where(
        OrganisationMember.organisation_id == application.organisation_id
    )
    query = sa.select(ApplicationHelper.user_id).where(
        ApplicationHelper.application_id == application.id, ApplicationHelper.user_id.not_in(members)
    )
    helpers = set(db.session.execute(query).scalars())
    return {each.question_key: each.rev for each in application.answers if each.saved_by_id in helpers}


def get_host_asked(invitation: Invitation) -> FiscalHost:
    """Raises NoResultFound."""
    return db.session.execute(
        sa.select(FiscalHost).where(FiscalHost.invitation_id == invitation.id)
    ).scalar_one()


def get_partner_asked(invitation: Invitation) -> Partner:
    """Raises NoResultFound."""
    return db.session.execute(sa.select(Partner).where(Partner.invitation_id == invitation.id)).scalar_one()


@dataclass(frozen=True)
class Around:
    """What the group's page says of the people around its application."""

    helpers: int = 0
    host: WordStatus | None = None
    partners: int = 0
    partners_confirmed: int = 0


def around(application: Application, *, now: datetime) -> Around:
    """In one question to the database."""
    helping = (
        sa.select(sa.literal("helper").label("who"), sa.literal("").label("status"))
        .select_from(ApplicationHelper)
        .where(
            ApplicationHelper.application_id == application.id,
            ApplicationHelper.expires_at > now,
            ApplicationHelper.ended_at.is_(None),
        )
    )
    words = [
        sa.select(sa.literal(who), sa.cast(model.status, sa.String)).where(
            model.application_id == application.id, model.status != WordStatus.ENDED
        )
        for who, model in (("host", FiscalHost), ("partner", Partner))
    ]
    rows = [(who, status) for who, status in db.session.execute(sa.union_all(helping, *words))]
    hosts = {WordStatus(status) for who, status in rows if who == "host"}
    partners = [WordStatus(status) for who, status in rows if who == "partner"]
    return Around(
        helpers=sum(who == "helper" for who, _status in rows),
        host=next((each for each in (*LIVE_WORDS[::-1], WordStatus.DECLINED) if each in hosts), None),
        partners=len(partners),
        partners_confirmed=partners.count(WordStatus.CONFIRMED),
    )
