"""Introductions: only what fits, only after everybody is told, and no contact without a yes."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.contact import ContactRule
from fundapp.models.support import Payer, SupportTopic
from fundapp.queries.support_offers import (
    find_peer,
    list_asking,
    list_fitting,
    list_introductions,
    list_takers,
    reachable,
)
from fundapp.services.confidentiality import keep_confidential
from fundapp.services.support_needs import say_topics
from fundapp.services.support_offers import (
    OfferWords,
    PrivateAddress,
    add_offer,
    answer_introduction,
    end_offer,
    share_knowledge,
    suggest,
    withdraw_introduction,
)
from fundapp.support_steps import IntroductionStatus
from tests.factories import (
    ApplicationFactory,
    AwardShareFactory,
    CallFactory,
    ConflictFactory,
    OrganisationMemberFactory,
    SupportNeedFactory,
    SupportOfferFactory,
    UserFactory,
)
from tests.grants import active_grant, mails_to

S = IntroductionStatus


@pytest.fixture
def scene(db_session):
    return Scene()


class Scene:
    """A group that got a no, needs help with money, and an offer that fits."""

    def __init__(self):
        self.call = CallFactory(closed=True)
        self.application = ApplicationFactory(call=self.call, submitted=True, group_told_at=utcnow())
        self.need = SupportNeedFactory(application=self.application)
        self.member = OrganisationMemberFactory(organisation=self.application.organisation).user
        self.offer, self.manager = SupportOfferFactory(call=self.call), UserFactory()

    def suggest(self, key=None, actor=None):
        with unit_of_work():
            return suggest(self.application, key or self.offer.id, actor=actor or self.manager, now=utcnow())

    def answer(self, introduction, wants):
        with unit_of_work():
            answer_introduction(introduction, wants=wants, actor=self.member, now=utcnow())

    def peer(self, *topics):
        grant = active_grant(self.call)
        with unit_of_work():
            share_knowledge(
                grant.award.application, topics or (SupportTopic.MONEY,), actor=grant.signer, now=utcnow()
            )
        return grant


def test_group_that_was_not_funded_hears_of_an_offer_and_the_fund_passes_on_a_yes(scene):
    introduction = scene.suggest()
    assert (introduction.status, mails_to(scene.member)) == (S.SUGGESTED, ["award_update"])
    assert list_takers(scene.offer, reader=scene.manager) == []

    scene.answer(introduction, wants=True)

    (taker,) = list_takers(scene.offer, reader=scene.manager)
    assert (taker, taker.answered_by) == (introduction, scene.member)
    scene.answer(introduction, wants=False)
    assert list_takers(scene.offer, reader=scene.manager) == []


def test_no_is_not_asked_again(scene):
    scene.answer(scene.suggest(), wants=False)

    with pytest.raises(NotPossibleNow):
        scene.suggest()


def test_nothing_is_suggested_before_the_group_knows_the_decision(scene):
    scene.application.group_told_at = None
    with pytest.raises(NotPossibleNow):
        scene.suggest()


def test_nothing_is_suggested_that_does_not_fit_or_has_ended(scene):
    introduction = scene.suggest()
    with pytest.raises(NotPossibleNow):
        scene.suggest(SupportOfferFactory().id)
    with unit_of_work():
        end_offer(scene.offer, actor=scene.manager, now=utcnow())
    assert introduction.status is S.WITHDRAWN
    with pytest.raises(NotPossibleNow):
        scene.suggest()


def test_group_that_opts_out_is_offered_nothing_any_more(scene):
    introduction = scene.suggest()
    with unit_of_work():
        say_topics(scene.application, (), wants_none=True, actor=scene.member, now=utcnow())

    assert introduction.status is S.NOT_WANTED
    assert list_fitting(scene.application, reader=scene.manager) == []
    with pytest.raises(NotPossibleNow):
        scene.suggest()


def test_what_the_fund_took_back_can_be_suggested_again(scene):
    introduction = scene.suggest()
    with unit_of_work():
        withdraw_introduction(introduction, actor=scene.manager, now=utcnow())

    assert scene.suggest() is introduction
    assert introduction.status is S.SUGGESTED


def test_address_of_a_person_is_no_way_to_reach_an_organisation(scene):
    words = OfferWords("Umbrella", ["money"], ["en"], [], True, "Books", Payer.FREE, scene.member.email)
    with pytest.raises(PrivateAddress), unit_of_work():
        add_offer(scene.call, words, actor=scene.manager, now=utcnow())


def test_groups_meet_once_one_has_opted_in_and_the_other_says_yes(scene):
    grant = scene.peer()
    peer = find_peer(grant.award.application)
    introduction = scene.suggest(peer.id)
    assert list_asking(peer) == []

    scene.answer(introduction, wants=True)

    assert list_asking(peer) == [introduction]
    assert mails_to(grant.signer)[-1] == "award_update"
    with unit_of_work():
        share_knowledge(grant.award.application, (), actor=grant.signer, now=utcnow())
    assert list_introductions(scene.application) == []


def test_nobody_is_shown_a_group_that_has_to_stay_unknown(scene):
    grant = scene.peer()
    peer = find_peer(grant.award.application)
    introduction = scene.suggest(peer.id)

    grant.award.application.is_confidential = True
    db.session.flush()

    assert list_introductions(scene.application) == []
    assert [each.peer for each in list_fitting(scene.application, reader=scene.manager)] == [None]
    grant.award.application.is_confidential = False
    scene.application.is_confidential = True
    db.session.flush()
    scene_is = [each.peer for each in list_fitting(scene.application, reader=scene.manager)]
    assert (scene_is, introduction.status, list_asking(peer)) == ([None], S.SUGGESTED, [])


@pytest.mark.parametrize(("who", "is_partner"), [("peer", False), ("peer", True), ("seeker", False)], ids=str)
def test_group_that_stays_unknown_since_is_not_named_to_the_other(scene, who, is_partner):
    """It said so in another application, or a partner of its grant did."""
    grant = scene.peer()
    peer = find_peer(grant.award.application)
    scene.answer(scene.suggest(peer.id), wants=True)
    named = (len(list_introductions(scene.application)), len(list_asking(peer)))
    hidden = grant.award.application if who == "peer" else scene.application

    other = ApplicationFactory() if is_partner else ApplicationFactory(organisation=hidden.organisation)
    if is_partner:
        AwardShareFactory(award=grant.award, organisation=other.organisation, amount=2000)
    with unit_of_work():
        keep_confidential(other, actor=UserFactory(), now=utcnow())

    assert named == (1, 1)
    assert (list_introductions(scene.application), list_asking(peer)) == ([], [])
    assert [each.peer for each in list_fitting(scene.application, reader=scene.manager)] == [None]


def test_only_groups_with_a_grant_share(scene):
    with pytest.raises(NotPossibleNow), unit_of_work():
        share_knowledge(scene.application, [SupportTopic.MONEY], actor=scene.member, now=utcnow())


def test_manager_with_a_tie_to_the_other_group_does_not_see_it(scene):
    grant, tied = scene.peer(), UserFactory()
    peer = find_peer(grant.award.application)
    scene.suggest(peer.id)
    ConflictFactory(user_id=tied.id, call_id=scene.call.id, organisation=grant.award.organisation)

    assert list_introductions(scene.application, reader=tied) == []
    assert [each.peer for each in list_fitting(scene.application, reader=tied)] == [None]


def test_address_is_not_given_on_where_mail_is_not_safe(scene):
    unsafe = UserFactory()
    db.session.add(ContactRule(user_id=unsafe.id, mail_is_safe=False, wants_reminders=True))
    db.session.flush()

    assert reachable([scene.member, unsafe, None]) == {scene.member.id}
