"""Story circles: invited people each choose a story and say why; then the circle chooses, and all hear it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.monitoring import Story, StoryPurpose
from fundapp.models.story_circle import CircleLevel, CircleSeat, CircleStory, StoryCircle
from fundapp.models.user import User
from fundapp.moments import london_day
from fundapp.permissions import is_conflicted
from fundapp.queries.story_circles import (
    FEWEST_GROUPS,
    FEWEST_PEOPLE,
    Guest,
    chosen_by_grantees,
    heard_in,
    is_open_to,
    may_be_closed,
    own_stories,
    shown_stories,
)
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.messages import MessageKind, notify
from fundapp.story_steps import CircleStatus


class CircleTooSmall(FundError):
    """At least three people, and stories and grantees of two groups: none reads its own alone."""

    code = "circle_too_small"


class NotOpenToCircles(FundError):
    """The group does not allow this now, or the story is of another domain or not chosen by grantees."""

    code = "not_open_to_circles"


class OwnStory(FundError):
    """Nobody chooses the story of their own group."""

    code = "own_story"


class TiedToStory(FundError):
    """Somebody invited has a tie with a group whose story is read."""

    code = "tied_to_story"


class NotVerified(FundError):
    """The group has to say first that it is right, and whoever wrote the choice does not check it."""

    code = "not_verified"


def invite_circle(
    call: Call,
    *,
    domain: str,
    level: CircleLevel,
    held_on: date,
    stories: Collection[Story],
    guests: Collection[Guest],
    actor: User,
    now: datetime,
    once: str | None = None,
) -> StoryCircle:
    """Everybody invited hears it, once for the same `once`. Raises CircleTooSmall, NotOpenToCircles,
    TiedToStory."""
    lock_row(Call, call.id)
    read, people = sorted(each.id for each in stories), sorted(each.user.id for each in guests)
    circle_id = sent_id(call.id, once, actor.id, domain, level, held_on, read, people)
    if (sent := db.session.get(StoryCircle, circle_id)) is not None:
        return sent
    if len(guests) < FEWEST_PEOPLE or len({each.award.organisation_id for each in stories}) < FEWEST_GROUPS:
        raise CircleTooSmall
    groups = {each.organisation_id for each in guests if each.organisation_id}
    if level is CircleLevel.GRANTEES and len(groups) < FEWEST_GROUPS:
        raise CircleTooSmall
    known = chosen_by_grantees(call) if level is CircleLevel.PANEL else None
    for story in stories:
        is_fitting = story.domain in (domain, None) and (known is None or story.id in known)
        if not is_fitting or not is_open_to(story, StoryPurpose.CIRCLE, london_day(now)):
            raise NotOpenToCircles
        if any(is_conflicted(each.user, story) for each in guests):
            raise TiedToStory
    circle = StoryCircle(id=circle_id, call=call, domain=domain, level=level, held_on=held_on)
    circle.stories = [CircleStory(story=each) for each in stories]
    circle.seats = [CircleSeat(user=each.user, organisation_id=each.organisation_id) for each in guests]
    db.session.add(circle)
    details = {"domain": domain, "level": level.value, "stories": len(stories), "people": len(guests)}
    record(circle, "invite", actor=actor, now=now, call_id=call.id, details=details)
    for each in guests:
        notify(each.user, MessageKind.AWARD_UPDATE, now=now)
    return circle


def speak_in_circle(
    circle: StoryCircle, story: Story, why: str, *, language: str, actor: User, now: datetime
) -> None:
    """Which story, and why, in own words; until the circle has chosen or was closed it can be changed.

    Raises NotPossibleNow, NotOpenToCircles, OwnStory.
    """
    _lock(circle)
    if circle.status is not CircleStatus.OPEN or circle.silent is not None:
        raise NotPossibleNow("the circle has chosen, or was closed")
    if story not in shown_stories(circle, london_day(now)):
        raise NotOpenToCircles
    seat = next(each for each in circle.seats if each.user_id == actor.id)
    if story.id in own_stories(circle, seat):
        raise OwnStory
    seat.story_id, seat.why, seat.language, seat.spoken_at = story.id, why.strip(), language, now
    record(seat, "speak", actor=actor, now=now, call_id=circle.call_id)


def close_circle(circle: StoryCircle, *, actor: User, now: datetime) -> None:
    """Without those who have not chosen by its day: their number stays, no name. Raises NotPossibleNow."""
    _lock(circle)
    today = london_day(now)
    if not may_be_closed(circle, today):
        raise NotPossibleNow("it waits for its day or for more people, or everybody has chosen")
    circle.silent = heard_in(circle, today).silent
    record(circle, "close", actor=actor, now=now, details={"silent": circle.silent})


def choose_story(circle: StoryCircle, story: Story, why: str, *, actor: User, now: datetime) -> None:
    """After all have spoken, or it was closed without the others; the circle need not follow the count.

    Every group whose story was read hears it. Raises NotPossibleNow, NotOpenToCircles.
    """
    _lock(circle)
    if not heard_in(circle, london_day(now)).is_complete:
        raise NotPossibleNow("not everybody has spoken")
    if story not in shown_stories(circle, london_day(now)):
        raise NotOpenToCircles
    circle.story_id, circle.why, circle.written_by_id = story.id, why.strip(), actor.id
    circle.chosen_at = now
    move(circle, "choose", actor=actor, now=now)
    awards = {each.story.award_id: each.story.award for each in circle.stories}
    for award in sorted(awards.values(), key=lambda each: str(each.id)):
        tell_about_grant(award, now=now)


def say_right(circle: StoryCircle, *, is_right: bool, words: str, actor: User, now: datetime) -> None:
    """The group's word on the story and on the reason beside it; it can change its mind, even afterwards."""
    _lock(circle)
    if circle.status is CircleStatus.OPEN:
        raise NotPossibleNow("nothing is chosen yet")
    if circle.status is CircleStatus.VERIFIED and not is_right:
        move(circle, "doubt", actor=actor, now=now)
    else:
        record(circle, "say_right", actor=actor, now=now, details={"is_right": is_right})
    circle.is_right, circle.group_words, circle.group_said_at = is_right, words.strip(), now


def verify_story(circle: StoryCircle, how: str, *, actor: User, now: datetime) -> None:
    """A second person of the fund writes how it was checked. Raises NotVerified, NotPossibleNow."""
    _lock(circle)
    if not circle.is_right or circle.written_by_id in (None, actor.id):
        raise NotVerified
    circle.how, circle.verified_at, circle.verified_by_id = how.strip(), now, actor.id
    move(circle, "verify", actor=actor, now=now)


def _lock(circle: StoryCircle) -> None:
    lock_row(StoryCircle, circle.id)
    db.session.refresh(circle)
