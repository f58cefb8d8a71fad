"""Story circles, and what of them may be read on a day: a story without its consent is counted, not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import BEGUN_GRANTS
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.monitoring import IdentityLevel, Story, StoryPurpose
from fundapp.models.organisation import OrganisationMember
from fundapp.models.panel import ConflictOfInterest, ConflictResponse, Panel, PanelSeat
from fundapp.models.story_circle import CircleLevel, CircleSeat, CircleStory, StoryCircle
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.story_steps import CircleStatus, StoryStatus
from fundapp.ties import conflicted_organisations, organisations_of

FEWEST_PEOPLE = 3
FEWEST_GROUPS = 2
FEWEST_HEARD = 2  # a reason that stands alone has a name


def get_circle(circle_id: UUID) -> StoryCircle:
    """With its stories and people. Raises NoResultFound."""
    query = sa.select(StoryCircle).where(StoryCircle.id == circle_id)
    return db.session.execute(query.options(*_whole())).scalar_one()


def _whole() -> tuple[Any, ...]:
    story = joinedload(CircleStory.story)
    award = story.joinedload(Story.award)
    return (
        joinedload(StoryCircle.call),
        selectinload(StoryCircle.seats).joinedload(CircleSeat.user),
        selectinload(StoryCircle.stories).options(
            story.selectinload(Story.consents),
            award.joinedload(Award.organisation),
            award.joinedload(Award.application),
            award.selectinload(Award.shares),
        ),
    )


def is_open_to(story: Story, purpose: StoryPurpose, today: date) -> bool:
    return story.status is StoryStatus.CONSENTED and any(
        each.purpose == purpose and each.is_in_force(today) for each in story.consents
    )


def shown_stories(circle: StoryCircle, today: date) -> list[Story]:
    """Those whose groups allow it now."""
    return [each.story for each in circle.stories if is_open_to(each.story, StoryPurpose.CIRCLE, today)]


def chosen_story(circle: StoryCircle, today: date) -> Story | None:
    """Nothing where the group has taken it back meanwhile."""
    return next((each for each in shown_stories(circle, today) if each.id == circle.story_id), None)


def group_beside(story: Story, purpose: StoryPurpose = StoryPurpose.CIRCLE) -> str:
    """Empty where the group wants no name there, and always for a confidential one."""
    award = story.award
    if award.is_confidential or award.application.is_confidential or award.organisation.is_confidential:
        return ""
    named = any(
        each.purpose == purpose and each.identity is not IdentityLevel.NO_NAMES for each in story.consents
    )
    return award.organisation.name if named else ""


@dataclass(frozen=True)
class Heard:
    """`votes` by story and `reasons` only once everybody has spoken who can, or the fund has closed it
    without the others; before, just how many have."""

    spoken: int
    invited: int
    votes: Mapping[UUID, int]
    reasons: Sequence[CircleSeat]
    is_closed: bool = False

    @property
    def silent(self) -> int:
        return self.invited - self.spoken

    @property
    def is_enough(self) -> bool:
        return self.spoken >= FEWEST_HEARD

    @property
    def is_complete(self) -> bool:
        return self.is_enough and (self.is_closed or not self.silent)


def heard_in(circle: StoryCircle, today: date) -> Heard:
    spoken = [seat for seat in circle.seats if seat.spoken_at is not None]
    shown = {story.id for story in shown_stories(circle, today)}
    silent = _still_to_speak(circle) if circle.silent is None else circle.silent
    counted = Heard(len(spoken), len(spoken) + silent, {}, [], is_closed=circle.silent is not None)
    if not counted.is_complete:
        return counted
    heard = [seat for seat in spoken if seat.story_id in shown]
    votes = {each: sum(seat.story_id == each for seat in heard) for each in shown}
    return replace(counted, votes=votes, reasons=heard)


def may_be_closed(circle: StoryCircle, today: date) -> bool:
    """After its day, when enough people have chosen and somebody has not."""
    heard = heard_in(circle, today)
    is_waiting = circle.status is CircleStatus.OPEN and heard.is_enough and not heard.is_complete
    return is_waiting and circle.held_on < today


def _still_to_speak(circle: StoryCircle) -> int:
    """Without whoever has left their group since, or has a tie, or no account any more."""
    waiting = [seat for seat in circle.seats if seat.spoken_at is None and seat.user.is_active]
    if not waiting:
        return 0
    people = [seat.user_id for seat in waiting]
    ties = sa.select(ConflictOfInterest.user_id).where(
        ConflictOfInterest.call_id == circle.call_id,
        ConflictOfInterest.user_id.in_(people),
        ConflictOfInterest.organisation_id.in_(_groups_of(circle)),
        ConflictOfInterest.response != ConflictResponse.NOTE,
    )
    belong = sa.select(OrganisationMember.user_id, OrganisationMember.organisation_id).where(
        OrganisationMember.user_id.in_(people)
    )
    tied = set(db.session.execute(ties).scalars())
    members = {(user_id, group) for user_id, group in db.session.execute(belong)}
    return sum(
        seat.user_id not in tied
        and (seat.organisation_id is None or (seat.user_id, seat.organisation_id) in members)
        for seat in waiting
    )


def list_circles(call: Call, *, reader: User) -> list[StoryCircle]:
    """None in which a story is read of a group this person has a tie with."""
    query = (
        sa.select(StoryCircle)
        .where(StoryCircle.call_id == call.id)
        .options(*_whole())
        .order_by(StoryCircle.held_on.desc(), StoryCircle.id)
    )
    return _without_ties(db.session.execute(query).scalars().all(), reader)


def list_own_circles(user: User) -> list[StoryCircle]:
    """Not for a group that this person has left."""
    belongs = sa.exists().where(
        OrganisationMember.user_id == user.id,
        OrganisationMember.organisation_id == CircleSeat.organisation_id,
    )
    seats = sa.select(CircleSeat.circle_id).where(
        CircleSeat.user_id == user.id, sa.or_(CircleSeat.organisation_id.is_(None), belongs)
    )
    query = (
        sa.select(StoryCircle)
        .where(StoryCircle.id.in_(seats))
        .options(*_whole())
        .order_by(StoryCircle.held_on.desc(), StoryCircle.id)
    )
    return _without_ties(db.session.execute(query).scalars().all(), user)


def list_circles_of(award: Award, *, reader: User) -> Sequence[StoryCircle]:
    """In which a story of this grant was read, once the circle has chosen; without ties of this person."""
    read = (
        sa.select(CircleStory.circle_id)
        .join(Story, Story.id == CircleStory.story_id)
        .where(Story.award_id == award.id)
    )
    query = sa.select(StoryCircle).where(StoryCircle.id.in_(read), StoryCircle.status != CircleStatus.OPEN)
    found = db.session.execute(query.options(*_whole()).order_by(StoryCircle.chosen_at)).scalars().all()
    return _without_ties(found, reader)


def _without_ties(found: Sequence[StoryCircle], reader: User) -> list[StoryCircle]:
    """Asked once for each call."""
    closed = {
        call_id: set(db.session.execute(conflicted_organisations(reader.id, call_id)).scalars())
        for call_id in {circle.call_id for circle in found}
    }
    return [circle for circle in found if not _groups_of(circle) & closed[circle.call_id]]


def _groups_of(subject: StoryCircle | Story) -> set[UUID]:
    touched = organisations_of(subject)
    return touched[1] if touched is not None else set()


def own_stories(circle: StoryCircle, seat: CircleSeat) -> set[UUID]:
    """Of every group that this person belongs to, partners included; not only the one they speak for."""
    query = sa.select(OrganisationMember.organisation_id).where(OrganisationMember.user_id == seat.user_id)
    groups = {seat.organisation_id, *db.session.execute(query).scalars()}
    return {each.story_id for each in circle.stories if _groups_of(each.story) & groups}


def list_open_stories(call: Call, *, reader: User, today: date) -> list[Story]:
    """What a circle may read, without groups this person has a tie with."""
    query = (
        sa.select(Story)
        .join(Award, Award.id == Story.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(Award.call_id == call.id, application_without_conflict(reader.id))
        .options(
            selectinload(Story.consents),
            joinedload(Story.award).options(joinedload(Award.organisation), joinedload(Award.application)),
        )
        .order_by(Story.created_at, Story.id)
    )
    found = db.session.execute(query).scalars().all()
    return [story for story in found if is_open_to(story, StoryPurpose.CIRCLE, today)]


def chosen_by_grantees(call: Call) -> set[UUID]:
    query = sa.select(StoryCircle.story_id).where(
        StoryCircle.call_id == call.id,
        StoryCircle.level == CircleLevel.GRANTEES,
        StoryCircle.status != CircleStatus.OPEN,
    )
    return {each for each in db.session.execute(query).scalars() if each is not None}


@dataclass(frozen=True)
class Guest:
    """Somebody who can be invited; `organisation_id` is empty for members of the panel."""

    user: User
    organisation_id: UUID | None
    group: str


def list_guests(call: Call, level: CircleLevel, *, reader: User) -> list[Guest]:
    if level is CircleLevel.PANEL:
        seats = (
            sa.select(User)
            .where(User.id.in_(sa.select(PanelSeat.user_id).join(Panel).where(Panel.call_id == call.id)))
            .where(User.is_disabled.is_(False))
            .order_by(User.name, User.id)
        )
        return [Guest(user, None, "") for user in db.session.execute(seats).scalars()]
    query = (
        sa.select(User, Award)
        .join(OrganisationMember, OrganisationMember.user_id == User.id)
        .join(Award, Award.organisation_id == OrganisationMember.organisation_id)
        .join(Application, Application.id == Award.application_id)
        .where(
            Award.call_id == call.id,
            Award.status.in_(BEGUN_GRANTS),
            User.is_disabled.is_(False),
            application_without_conflict(reader.id),
        )
        .options(joinedload(Award.organisation))
        .order_by(User.name, User.id)
    )
    found: dict[UUID, Guest] = {}
    for user, award in db.session.execute(query):
        found.setdefault(user.id, Guest(user, award.organisation_id, award.organisation.name))
    return list(found.values())


@dataclass(frozen=True)
class ChosenStory:
    """`people`: how many chose; `group` is empty where the group wants no name."""

    text: str
    language: str | None
    domain: str
    group: str
    why: str
    level: CircleLevel
    people: int


def list_chosen_stories(call: Call, today: date) -> list[ChosenStory]:
    """For everybody: verified, and allowed by the group both for circles and for the public page."""
    query = (
        sa.select(StoryCircle)
        .where(StoryCircle.call_id == call.id, StoryCircle.status == CircleStatus.VERIFIED)
        .options(*_whole())
        .order_by(StoryCircle.chosen_at, StoryCircle.id)
    )
    return [
        ChosenStory(
            story.text,
            story.language,
            circle.domain,
            group_beside(story, StoryPurpose.PUBLIC_PAGE),
            circle.why,
            circle.level,
            sum(seat.spoken_at is not None for seat in circle.seats),
        )
        for circle in db.session.execute(query).scalars()
        if (story := chosen_story(circle, today)) and is_open_to(story, StoryPurpose.PUBLIC_PAGE, today)
    ]
