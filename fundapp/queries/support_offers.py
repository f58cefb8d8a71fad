"""Who offers help in a call, what fits one group, and who was brought together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.lifecycles import BEGUN_GRANTS
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.contact import ContactRule
from fundapp.models.organisation import Organisation
from fundapp.models.support import SupportIntroduction, SupportOffer, SupportPeer
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.support_needs import find_need
from fundapp.support_steps import IntroductionStatus
from scoring.support import Help, HelpMatch, Seeker, help_for


def get_offer(offer_id: UUID) -> SupportOffer:
    """Raises NoResultFound."""
    query = sa.select(SupportOffer).where(SupportOffer.id == offer_id).options(joinedload(SupportOffer.call))
    return db.session.execute(query).scalar_one()


def digest_of_offer(offer: SupportOffer) -> str:
    """Of all its words, to know whether somebody has changed it meanwhile."""
    words = (
        offer.organisation_name,
        offer.topics,
        offer.languages,
        offer.boroughs,
        offer.is_online,
        offer.what,
        offer.payer,
        offer.reach,
    )
    return digest_of_data(words)


def list_offers(call: Call) -> Sequence[SupportOffer]:
    """Those that still stand first."""
    query = (
        sa.select(SupportOffer)
        .where(SupportOffer.call_id == call.id)
        .order_by(SupportOffer.ended_at.is_not(None), SupportOffer.organisation_name, SupportOffer.id)
    )
    return db.session.execute(query).scalars().all()


def find_peer(application: Application) -> SupportPeer | None:
    query = sa.select(SupportPeer).where(SupportPeer.application_id == application.id)
    return db.session.execute(query).scalar_one_or_none()


def may_share(application: Application) -> bool:
    """Groups with a grant, unless they have to stay unknown."""
    if application.keeps_confidential:
        return False
    query = sa.select(Award.id).where(
        Award.application_id == application.id, Award.status.in_(BEGUN_GRANTS), ~Award.is_confidential
    )
    return db.session.execute(query.limit(1)).first() is not None


def list_peers(call: Call, *, reader: User) -> Sequence[SupportPeer]:
    """Groups that share what they know, without those that stay unknown or this reader has a tie with."""
    query = (
        sa.select(SupportPeer)
        .join(Application, Application.id == SupportPeer.application_id)
        .where(Application.call_id == call.id, SupportPeer.ended_at.is_(None), _may_be_named(Application))
        .where(application_without_conflict(reader.id))
        .options(joinedload(SupportPeer.application).joinedload(Application.organisation))
        .order_by(SupportPeer.created_at, SupportPeer.id)
    )
    return db.session.execute(query).scalars().all()


@dataclass(frozen=True)
class FittingHelp:
    """One of `offer` and `peer`, and why it fits."""

    match: HelpMatch
    offer: SupportOffer | None
    peer: SupportPeer | None


def list_fitting(application: Application, *, reader: User) -> list[FittingHelp]:
    """What could be suggested to this group, best first."""
    need, group = find_need(application), application.organisation
    seeker = Seeker(
        str(group.id),
        frozenset(topic.value for topic in need.topics) if need else frozenset(),
        frozenset(group.languages),
        group.borough,
        wants_none=bool(need and need.wants_none),
        is_confidential=application.keeps_confidential,
    )
    offers = {str(each.id): each for each in list_offers(application.call) if each.ended_at is None}
    peers = {str(each.id): each for each in list_peers(application.call, reader=reader)}
    found = help_for(seeker, [*map(_of_offer, offers.values()), *map(_of_peer, peers.values())])
    return [FittingHelp(each, offers.get(each.key), peers.get(each.key)) for each in found]


def _of_offer(offer: SupportOffer) -> Help:
    return Help(str(offer.id), frozenset(offer.topics), frozenset(offer.languages), frozenset(offer.boroughs))


def _of_peer(peer: SupportPeer) -> Help:
    group = peer.application.organisation
    return Help(
        str(peer.id),
        frozenset(peer.topics),
        frozenset(group.languages),
        frozenset([group.borough] if group.borough else []),
        by=str(group.id),
        has_opted_in=peer.ended_at is None,
        is_confidential=peer.application.keeps_confidential,
    )


def get_introduction(introduction_id: UUID) -> SupportIntroduction:
    """With both sides. Raises NoResultFound, also where it must not be shown any more."""
    query = _introductions().where(SupportIntroduction.id == introduction_id)
    return db.session.execute(query).scalar_one()


def list_introductions(application: Application, *, reader: User | None = None) -> list[SupportIntroduction]:
    """Oldest first. With a reader of the fund: without other groups that this person has a tie with."""
    query = _introductions().where(SupportIntroduction.application_id == application.id)
    if reader is not None:
        own = {each.id for each in list_peers(application.call, reader=reader)}
        found = db.session.execute(query).scalars().all()
        return [each for each in found if each.peer_id is None or each.peer_id in own]
    return list(db.session.execute(query).scalars())


def list_asking(peer: SupportPeer) -> Sequence[SupportIntroduction]:
    """Groups that said yes to hearing from this one."""
    query = _introductions().where(
        SupportIntroduction.peer_id == peer.id, SupportIntroduction.status == IntroductionStatus.WANTED
    )
    return db.session.execute(query).scalars().all()


def list_takers(offer: SupportOffer, *, reader: User) -> Sequence[SupportIntroduction]:
    """Groups that said yes to this organisation, for the fund to pass on; none with a tie of this reader."""
    query = (
        _introductions()
        .where(SupportIntroduction.offer_id == offer.id)
        .where(SupportIntroduction.status == IntroductionStatus.WANTED)
        .where(application_without_conflict(reader.id))
    )
    return db.session.execute(query).scalars().all()


def _introductions() -> sa.Select[SupportIntroduction]:
    """Groups meet only while neither has to stay unknown and the other one still shares."""
    other = aliased(Application)
    peers = (
        sa.select(SupportPeer.id)
        .join(other, other.id == SupportPeer.application_id)
        .where(SupportPeer.ended_at.is_(None), _may_be_named(other))
    )
    meets = sa.or_(
        SupportIntroduction.peer_id.is_(None),
        sa.and_(SupportIntroduction.peer_id.in_(peers), _may_be_named(Application)),
    )
    group = joinedload(SupportIntroduction.application).joinedload(Application.organisation)
    peer = joinedload(SupportIntroduction.peer)
    return (
        sa.select(SupportIntroduction)
        .join(Application, Application.id == SupportIntroduction.application_id)
        .where(meets)
        .options(
            group,
            joinedload(SupportIntroduction.offer),
            joinedload(SupportIntroduction.answered_by),
            peer.joinedload(SupportPeer.user),
            peer.joinedload(SupportPeer.application).joinedload(Application.organisation),
        )
        .order_by(SupportIntroduction.created_at, SupportIntroduction.id)
    )


def _may_be_named(application: Any) -> sa.ColumnElement[bool]:
    """Neither the group, here or elsewhere, nor a partner of its grant has to stay unknown."""
    group = sa.exists().where(Organisation.id == application.organisation_id, Organisation.is_confidential)
    grant = sa.exists().where(Award.application_id == application.id, Award.is_confidential)
    return ~sa.or_(application.is_confidential, group, grant)


def reachable(people: Sequence[User | None]) -> set[UUID]:
    """Those whose address may be given on: none for whom mail is not safe. One query."""
    ids = {each.id for each in people if each is not None and not each.is_disabled}
    unsafe = sa.select(ContactRule.user_id).where(
        ContactRule.user_id.in_(ids), ContactRule.mail_is_safe.is_(False)
    )
    return ids - set(db.session.execute(unsafe).scalars())
