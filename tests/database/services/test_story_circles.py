"""Story circles: nobody reads their own story alone, all choices stay, and consent rules every step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.monitoring import IdentityLevel, StoryPurpose
from fundapp.models.organisation import OrganisationMember
from fundapp.models.story_circle import CircleLevel
from fundapp.permissions import Permission, can
from fundapp.queries.story_circles import (
    Guest,
    chosen_story,
    get_circle,
    heard_in,
    list_chosen_stories,
    list_circles,
    list_own_circles,
    shown_stories,
)
from fundapp.services.stories import give_consent, share_story, withdraw_consent
from fundapp.services.story_circles import (
    CircleTooSmall,
    NotOpenToCircles,
    NotVerified,
    OwnStory,
    TiedToStory,
    choose_story,
    close_circle,
    invite_circle,
    say_right,
    speak_in_circle,
    verify_story,
)
from fundapp.story_steps import CircleStatus
from tests.factories import CallFactory, ConflictFactory, OrganisationMemberFactory, UserFactory
from tests.grants import active_grant, mails_to

TODAY = utcnow().date()
BOTH = (StoryPurpose.CIRCLE, StoryPurpose.PUBLIC_PAGE)


def tell(grant, text, *purposes):
    with unit_of_work():
        story = share_story(
            grant.award, text, domain="life", language="en", check_in=None, actor=grant.signer, now=utcnow()
        )
    for purpose in purposes:
        with unit_of_work():
            give_consent(
                story,
                purpose=purpose,
                identity=IdentityLevel.GROUP_ONLY,
                ends_on=TODAY + timedelta(days=90),
                language="en",
                actor=grant.signer,
                now=utcnow(),
            )
    return story


class Scene:
    """Three grants, a story of each, and a circle of their people."""

    def __init__(self, *purposes):
        call = CallFactory(closed=True)
        self.call = call
        self.grants = [active_grant(call) for _each in range(3)]
        self.stories = [tell(each, f"Story {n}", *purposes) for n, each in enumerate(self.grants)]
        self.guests = [Guest(each.signer, each.award.organisation_id, "") for each in self.grants]
        self.manager, self.second = self.grants[0].manager, self.grants[1].manager

    def invite(self, **changed):
        arguments = {
            "domain": "life",
            "level": CircleLevel.GRANTEES,
            "held_on": TODAY,
            "stories": self.stories,
            "guests": self.guests,
        } | changed
        with unit_of_work():
            self.circle = invite_circle(self.call, actor=self.manager, now=utcnow(), **arguments)
        return self.circle

    def speak(self, who, story):
        with unit_of_work():
            speak_in_circle(
                self.circle,
                self.stories[story],
                "She sleeps.",
                language="en",
                actor=self.grants[who].signer,
                now=utcnow(),
            )

    def choose(self, story=0):
        for who, chosen in ((0, 1), (1, 0), (2, 0)):
            self.speak(who, chosen)
        with unit_of_work():
            choose_story(self.circle, self.stories[story], "It is a door.", actor=self.manager, now=utcnow())

    def say(self, is_right=True):
        with unit_of_work():
            say_right(self.circle, is_right=is_right, words="", actor=self.grants[0].signer, now=utcnow())

    def verify(self, by=None):
        with unit_of_work():
            verify_story(self.circle, "We talked.", actor=by or self.second, now=utcnow())

    @property
    def public(self):
        return [each.text for each in list_chosen_stories(self.call, TODAY)]


@pytest.fixture
def scene(db_session):
    return Scene(*BOTH)


def test_invitation_sent_twice_from_one_page_is_one_circle_and_one_mail(db_session):
    scene = Scene(StoryPurpose.CIRCLE)
    mails = len(mails_to(scene.guests[0].user))

    first, second, other = (
        scene.invite(once="page", held_on=day) for day in (TODAY, TODAY, TODAY + timedelta(days=1))
    )

    assert (first is second, first is other) == (True, False)
    assert len(mails_to(scene.guests[0].user)) - mails == 2


def test_chosen_story_is_public_once_the_group_and_a_second_person_have_checked_it(scene):
    scene.invite()
    scene.choose()
    assert scene.public == []
    with pytest.raises(NotVerified):
        scene.verify()
    scene.say()
    with pytest.raises(NotVerified):
        scene.verify(by=scene.manager)
    scene.verify()
    assert scene.public == ["Story 0"]

    scene.say(is_right=False)

    assert (scene.public, scene.circle.status) == ([], CircleStatus.CHOSEN)


@pytest.mark.parametrize("purpose", BOTH)
def test_consent_taken_back_takes_the_story_out_and_leaves_the_count(scene, purpose):
    scene.invite()
    scene.choose()
    scene.say()
    scene.verify()

    with unit_of_work():
        withdraw_consent(scene.stories[0], purpose, actor=scene.grants[0].signer, now=utcnow())

    circle = get_circle(scene.circle.id)
    db.session.refresh(circle)
    assert scene.public == []
    if purpose is StoryPurpose.CIRCLE:
        assert chosen_story(circle, TODAY) is None
        assert len(shown_stories(circle, TODAY)) == 2
        assert [seat.story_id for seat in heard_in(circle, TODAY).reasons] == [scene.stories[1].id]
        assert heard_in(circle, TODAY).spoken == 3


def test_consent_that_is_over_closes_the_story(scene):
    scene.invite()

    assert shown_stories(scene.circle, TODAY + timedelta(days=91)) == []


def test_story_without_this_consent_is_not_read(db_session):
    scene = Scene(StoryPurpose.PUBLIC_PAGE)

    with pytest.raises(NotOpenToCircles):
        scene.invite()


def test_no_group_reads_its_own_alone(scene):
    with pytest.raises(CircleTooSmall):
        scene.invite(stories=scene.stories[:1])
    with pytest.raises(CircleTooSmall):
        scene.invite(guests=scene.guests[:2])
    group = scene.guests[0].organisation_id
    with pytest.raises(CircleTooSmall):
        scene.invite(guests=[Guest(each.user, group, "") for each in scene.guests])


def test_nobody_chooses_their_own_story_and_counts_wait_for_everybody(scene):
    scene.invite()
    with pytest.raises(OwnStory):
        scene.speak(0, 0)
    scene.speak(0, 1)

    heard = heard_in(scene.circle, TODAY)

    assert (heard.spoken, heard.invited, heard.votes, heard.reasons) == (1, 3, {}, [])
    with pytest.raises(NotPossibleNow), unit_of_work():
        choose_story(scene.circle, scene.stories[0], "x", actor=scene.manager, now=utcnow())


def test_every_group_whose_story_was_read_hears_what_was_chosen(scene):
    scene.invite()
    before = [len(mails_to(each.signer)) for each in scene.grants]

    scene.choose()

    assert [len(mails_to(each.signer)) for each in scene.grants] == [each + 1 for each in before]


def test_panel_reads_only_what_grantees_chose(scene):
    panel = [Guest(UserFactory(), None, "") for _each in range(3)]
    with pytest.raises(NotOpenToCircles):
        scene.invite(level=CircleLevel.PANEL, guests=panel)
    scene.invite()
    scene.choose()
    scene.invite()
    scene.choose(1)

    circle = scene.invite(level=CircleLevel.PANEL, guests=panel, stories=scene.stories[:2])

    assert circle.level is CircleLevel.PANEL


def test_whoever_is_tied_is_not_invited_and_sees_nothing(scene):
    tied = {"call_id": scene.call.id, "organisation_id": scene.grants[0].award.organisation_id}
    guest = UserFactory()
    ConflictFactory(user_id=guest.id, **tied)
    with pytest.raises(TiedToStory):
        scene.invite(guests=[*scene.guests, Guest(guest, None, "")])
    scene.invite()
    ConflictFactory(user_id=scene.second.id, **tied)
    ConflictFactory(user_id=scene.grants[2].signer.id, **tied)

    assert list_circles(scene.call, reader=scene.second) == []
    assert list_own_circles(scene.grants[2].signer) == []
    assert list_circles(scene.call, reader=scene.manager) == [scene.circle]


def test_nobody_chooses_the_story_of_any_group_they_belong_to(scene):
    """Whoever works for two groups speaks for one of them; a member of the panel may belong to one, too."""
    speaker = scene.grants[0].signer
    OrganisationMemberFactory(user=speaker, organisation=scene.grants[2].award.organisation)
    scene.invite()
    with pytest.raises(OwnStory):
        scene.speak(0, 2)
    scene.choose(0)
    scene.invite()
    scene.choose(1)
    panel = [Guest(each, None, "") for each in (speaker, UserFactory(), UserFactory())]
    scene.invite(level=CircleLevel.PANEL, guests=panel, stories=scene.stories[:2])

    with pytest.raises(OwnStory):
        scene.speak(0, 0)


def test_lists_of_circles_need_the_same_queries_for_one_and_for_three(scene, count_queries):
    numbers = []
    reader = scene.grants[2].signer
    for _each in range(3):
        scene.invite()
        db.session.expire_all()
        db.session.refresh(reader)
        db.session.refresh(scene.call)
        with count_queries() as queries:
            list_circles(scene.call, reader=reader)
            list_own_circles(reader)
        numbers.append(queries.number)

    assert numbers[1:] == numbers[:-1]


def leaves_the_group(scene):
    person = scene.grants[2].signer.id
    db.session.execute(sa.delete(OrganisationMember).where(OrganisationMember.user_id == person))


def has_a_tie_since(scene):
    group = scene.grants[0].award.organisation_id
    ConflictFactory(user_id=scene.grants[2].signer.id, call_id=scene.call.id, organisation_id=group)


def closes_the_account(scene):
    scene.grants[2].signer.is_disabled = True


@pytest.mark.parametrize("what", [leaves_the_group, has_a_tie_since, closes_the_account])
def test_circle_does_not_wait_for_somebody_who_may_read_it_no_more(scene, what):
    scene.invite()
    scene.speak(0, 1)
    assert not heard_in(scene.circle, TODAY).is_complete
    scene.speak(1, 0)
    assert not heard_in(scene.circle, TODAY).is_complete
    with unit_of_work():
        what(scene)

    heard = heard_in(scene.circle, TODAY)

    assert (heard.spoken, heard.invited, heard.is_complete) == (2, 2, True)
    assert not can(scene.grants[2].signer, Permission.CIRCLE_SIT, scene.circle)
    if what is leaves_the_group:
        assert list_own_circles(scene.grants[2].signer) == []


def test_one_voice_alone_is_no_circle(scene):
    scene.invite()
    scene.speak(0, 1)
    with unit_of_work():
        for grant in scene.grants[1:]:
            grant.signer.is_disabled = True

    heard = heard_in(scene.circle, TODAY)

    assert (heard.is_complete, heard.reasons) == (False, [])


def test_story_is_read_until_the_end_of_the_day_in_london(scene):
    june, after_midnight = datetime(2027, 6, 1, 12, tzinfo=UTC), datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    for story, grant in zip(scene.stories, scene.grants, strict=True):
        with unit_of_work():
            give_consent(
                story,
                purpose=StoryPurpose.CIRCLE,
                identity=IdentityLevel.GROUP_ONLY,
                ends_on=date(2027, 7, 1),
                language="en",
                actor=grant.signer,
                now=june,
            )
    scene.invite()

    with pytest.raises(NotOpenToCircles), unit_of_work():
        speak_in_circle(
            scene.circle,
            scene.stories[1],
            "She sleeps.",
            language="en",
            actor=scene.grants[0].signer,
            now=after_midnight,
        )


def close(scene, now=None):
    with unit_of_work():
        close_circle(scene.circle, actor=scene.manager, now=now or utcnow())


def test_circle_is_closed_after_its_day_with_those_who_chose_and_says_how_many_did_not(scene):
    scene.invite()
    tomorrow = utcnow() + timedelta(days=2)
    scene.speak(0, 1)
    with pytest.raises(NotPossibleNow):
        close(scene, tomorrow)  # one voice alone is no circle
    scene.speak(1, 0)
    with pytest.raises(NotPossibleNow):
        close(scene)  # its day is not over

    close(scene, tomorrow)

    heard = heard_in(scene.circle, TODAY)
    assert (heard.spoken, heard.silent, heard.is_complete, len(heard.reasons)) == (2, 1, True, 2)
    with pytest.raises(NotPossibleNow):
        scene.speak(2, 0)
    with pytest.raises(NotPossibleNow):
        close(scene, tomorrow)
    with unit_of_work():
        scene.grants[2].signer.is_disabled = True
    assert heard_in(scene.circle, TODAY).silent == 1
    with unit_of_work():
        choose_story(scene.circle, scene.stories[0], "It is a door.", actor=scene.manager, now=utcnow())
    assert scene.circle.status is CircleStatus.CHOSEN


def test_circle_in_which_everybody_chose_is_not_closed(scene):
    scene.invite()
    for who, chosen in ((0, 1), (1, 0), (2, 0)):
        scene.speak(who, chosen)

    with pytest.raises(NotPossibleNow):
        close(scene, utcnow() + timedelta(days=2))
