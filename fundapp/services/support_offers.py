"""Offers of help, groups that share what they know, and introductions: contacts are given on a yes alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow, check_seen
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.support import Payer, SupportIntroduction, SupportOffer, SupportPeer, SupportTopic
from fundapp.models.user import User
from fundapp.queries.support_needs import is_told
from fundapp.queries.support_offers import digest_of_offer, find_peer, list_fitting, may_share
from fundapp.queries.users import find_user_by_email
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind
from fundapp.support_steps import IntroductionStatus


class PrivateAddress(FundError):
    """Somebody signs in with this address: it is a person's, not an office's."""

    code = "private_address"


@dataclass(frozen=True)
class OfferWords:
    organisation_name: str
    topics: Collection[str]
    languages: Collection[str]
    boroughs: Collection[str]
    is_online: bool
    what: str
    payer: Payer
    reach: str


def add_offer(
    call: Call, words: OfferWords, *, actor: User, now: datetime, once: str | None = None
) -> SupportOffer:
    """The same words with the same `once` are one offer. Raises PrivateAddress."""
    lock_row(Call, call.id)
    offer_id = sent_id(call.id, once, actor.id, words)
    if (sent := db.session.get(SupportOffer, offer_id)) is not None:
        return sent
    offer = SupportOffer(id=offer_id, call=call, created_at=now)
    _write(offer, words)
    db.session.add(offer)
    record(offer, "add", actor=actor, now=now, call_id=call.id)
    return offer


def change_offer(
    offer: SupportOffer, words: OfferWords, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """The same words again are no change. `seen`: `digest_of_offer` as the writer saw it. Raises
    NotPossibleNow when it has ended, PrivateAddress, and StaleVersion when others have changed it since."""
    lock_row(SupportOffer, offer.id)
    db.session.refresh(offer)
    if offer.ended_at is not None:
        raise NotPossibleNow("the offer has ended")
    standing = digest_of_offer(offer)
    with db.session.no_autoflush:
        _write(offer, words)
        if not db.session.is_modified(offer):
            return
    check_seen(seen, standing)
    record(offer, "change", actor=actor, now=now, call_id=offer.call_id)


def end_offer(offer: SupportOffer, *, actor: User, now: datetime) -> None:
    """Nobody is told of it any more; what a group has said yes to stays. Twice is once."""
    lock_row(SupportOffer, offer.id)
    db.session.refresh(offer)
    if offer.ended_at is not None:
        return
    offer.ended_at = now
    record(offer, "end", actor=actor, now=now, call_id=offer.call_id)
    open_ones = sa.select(SupportIntroduction).where(
        SupportIntroduction.offer_id == offer.id,
        SupportIntroduction.status == IntroductionStatus.SUGGESTED,
    )
    for each in db.session.execute(open_ones.order_by(SupportIntroduction.id)).scalars():
        move(each, "withdraw", actor=actor, now=now)


def _write(offer: SupportOffer, words: OfferWords) -> None:
    with db.session.no_autoflush:
        if find_user_by_email(words.reach.strip().lower()) is not None:
            raise PrivateAddress
    offer.organisation_name = " ".join(words.organisation_name.split())
    offer.topics, offer.languages, offer.boroughs = (
        sorted(words.topics),
        sorted(words.languages),
        sorted(words.boroughs),
    )
    offer.is_online, offer.what, offer.payer = words.is_online, words.what.strip(), words.payer
    offer.reach = words.reach.strip()


def share_knowledge(
    application: Application, topics: Collection[SupportTopic], *, actor: User, now: datetime
) -> None:
    """Other groups may hear of this one, in these topics; without any, none does any more.

    Raises NotPossibleNow for a group without a running grant, and for one that has to stay unknown.
    """
    lock_row(Application, application.id)
    peer = find_peer(application)
    if topics and not may_share(application):
        raise NotPossibleNow("only groups with a grant that need not stay unknown share")
    if peer is None and not topics:
        return
    if peer is None:
        peer = SupportPeer(application=application, created_at=now)
        db.session.add(peer)
    peer.topics = [topic.value for topic in SupportTopic if topic in topics]
    peer.user, peer.ended_at = actor, None if topics else now
    details = {"topics": peer.topics}
    record(peer, "share", actor=actor, now=now, call_id=application.call_id, details=details)


def suggest(application: Application, key: UUID, *, actor: User, now: datetime) -> SupportIntroduction:
    """An offer, or another group, that fits this one. The group hears that there is news.

    Raises NotPossibleNow before everybody is told, for what does not fit, and where it was answered.
    """
    lock_row(Application, application.id)
    found = list_fitting(application, reader=actor)
    fitting = next((each for each in found if each.match.key == str(key)), None)
    if fitting is None or not is_told(application):
        raise NotPossibleNow("this does not fit the group, or it is too early")
    known = sa.select(SupportIntroduction).where(
        SupportIntroduction.application_id == application.id,
        sa.or_(SupportIntroduction.offer_id == key, SupportIntroduction.peer_id == key),
    )
    introduction = db.session.execute(known).scalar_one_or_none()
    if introduction is not None:
        move(introduction, "suggest_again", actor=actor, now=now)
    else:
        introduction = SupportIntroduction(
            application=application, offer=fitting.offer, peer=fitting.peer, created_at=now
        )
        db.session.add(introduction)
        record(introduction, "suggest", actor=actor, now=now, call_id=application.call_id)
    tell_group(application, MessageKind.AWARD_UPDATE, now=now, application_id=str(application.id))
    return introduction


def answer_introduction(
    introduction: SupportIntroduction, *, wants: bool, actor: User, now: datetime
) -> None:
    """Yes: each side gets the contact of the other. No thanks is possible later too."""
    lock_row(SupportIntroduction, introduction.id)
    db.session.refresh(introduction)
    introduction.answered_at, introduction.answered_by_id = now, actor.id
    with db.session.no_autoflush:
        move(introduction, "want" if wants else "do_not_want", actor=actor, now=now)
    peer = introduction.peer
    if wants and peer is not None:
        tell_group(
            peer.application, MessageKind.AWARD_UPDATE, now=now, application_id=str(peer.application_id)
        )


def withdraw_introduction(introduction: SupportIntroduction, *, actor: User, now: datetime) -> None:
    """By the fund, before the group has answered. Raises NotPossibleNow."""
    lock_row(SupportIntroduction, introduction.id)
    db.session.refresh(introduction)
    move(introduction, "withdraw", actor=actor, now=now)
