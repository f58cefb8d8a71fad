"""Circles of the demo that read stories: one checked, one that has chosen, and the panel is invited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from fundapp.db import db
from fundapp.demo.calls import Scene
from fundapp.demo.grants import group_of
from fundapp.demo.words import read_words
from fundapp.models.award import Award
from fundapp.models.monitoring import IdentityLevel, Story, StoryPurpose
from fundapp.models.story_circle import CircleLevel, StoryCircle
from fundapp.permissions import is_conflicted
from fundapp.queries.story_circles import FEWEST_PEOPLE, Guest, list_guests
from fundapp.services.stories import give_consent
from fundapp.services.story_circles import (
    choose_story,
    invite_circle,
    say_right,
    speak_in_circle,
    verify_story,
)
from fundapp.story_steps import StoryStatus

ALLOWED, HELD, CHECKED = timedelta(days=1), timedelta(hours=20), timedelta(hours=2)  # ago
AHEAD = timedelta(days=14)


def hold_circles(running: Mapping[str, Award], scene: Scene) -> None:
    """Each circle of groups chooses another story; the panel is to read both."""
    words, manager = read_words("later")["circles"], scene.people.staff.manager
    guests = [
        Guest(group_of(award, scene).person, award.organisation_id, award.organisation.name)
        for each in words["guests"]
        if (award := running.get(each["group"])) is not None
    ]
    stories = _stories_of_one_domain(scene, many=len(words["chosen"]))
    if not stories or len(guests) < FEWEST_PEOPLE:
        return
    for story in stories:
        _allow(story, scene)
    for story, chosen in zip(stories, words["chosen"], strict=True):
        circle = _invite(CircleLevel.GRANTEES, stories, guests, scene, ahead=ALLOWED - HELD)
        _speak(circle, stories, words["guests"], guests, at=scene.now - HELD)
        choose_story(circle, story, chosen["why"], actor=manager, now=scene.now - HELD)
        if "how" in chosen:
            _check(circle, story, chosen["how"], scene)
    readers = [
        each
        for each in list_guests(scene.call, CircleLevel.PANEL, reader=manager)
        if not any(is_conflicted(each.user, story) for story in stories)
    ]
    _invite(CircleLevel.PANEL, stories, readers[:FEWEST_PEOPLE], scene, ahead=AHEAD)


def _stories_of_one_domain(scene: Scene, *, many: int) -> Sequence[Story]:
    """One of each group; nothing where no domain has enough of them."""
    query = (
        sa.select(Story)
        .join(Story.award)
        .where(Award.call_id == scene.call.id, Story.status == StoryStatus.CONSENTED)
        .order_by(Award.amount, Award.id)
    )
    by_domain: dict[str | None, dict[object, Story]] = defaultdict(dict)
    for story in db.session.execute(query).scalars():
        by_domain[story.domain].setdefault(story.award_id, story)
    return next(
        (list(found.values())[:many] for found in by_domain.values() if len(found) >= many),
        (),
    )


def _allow(story: Story, scene: Scene) -> None:
    group, at = group_of(story.award, scene), scene.now - ALLOWED
    give_consent(
        story,
        purpose=StoryPurpose.CIRCLE,
        identity=IdentityLevel.NO_NAMES if group.is_confidential else IdentityLevel.GROUP_ONLY,
        ends_on=at.date() + timedelta(days=365),
        language=group.person.language,
        actor=group.person,
        now=at,
    )
    db.session.refresh(story)


def _invite(
    level: CircleLevel, stories: Sequence[Story], guests: Sequence[Guest], scene: Scene, *, ahead: timedelta
) -> StoryCircle:
    at = scene.now - (ALLOWED if level is CircleLevel.GRANTEES else CHECKED)
    circle = invite_circle(
        scene.call,
        domain=str(stories[0].domain),
        level=level,
        held_on=(at + ahead).date(),
        stories=stories,
        guests=guests,
        actor=scene.people.staff.manager,
        now=at,
    )
    db.session.flush()
    return circle


def _speak(
    circle: StoryCircle,
    stories: Sequence[Story],
    words: Sequence[Mapping[str, str]],
    guests: Sequence[Guest],
    *,
    at: datetime,
) -> None:
    """Everybody a story of another group, in turn."""
    for place, (said, guest) in enumerate(zip(words, guests, strict=True)):
        others = [each for each in stories if each.award.organisation_id != guest.organisation_id]
        story = others[place % len(others)]
        speak_in_circle(circle, story, said["why"], language=said["language"], actor=guest.user, now=at)


def _check(circle: StoryCircle, story: Story, how: str, scene: Scene) -> None:
    """The group says that it is right, and somebody else than the writer checks it."""
    at = scene.now - CHECKED
    say_right(circle, is_right=True, words="", actor=group_of(story.award, scene).person, now=at)
    verify_story(circle, how, actor=scene.people.staff.second_manager, now=at)
