"""Stories that a consent in force lets others read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.monitoring import IdentityLevel, Story, StoryConsent, StoryPurpose, StoryUse
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.story_steps import StoryStatus


@dataclass(frozen=True)
class PublicStory:
    """`group` is empty where the teller wants no name, and always for a confidential grantee."""

    text: str
    language: str | None
    domain: str | None
    group: str
    borough: str | None


def list_public_stories(call: Call, today: date) -> Sequence[PublicStory]:
    """Only with a consent for the public page that is neither withdrawn nor over on this day."""
    query = _allowed(call, StoryPurpose.PUBLIC_PAGE, today).order_by(Story.created_at, Story.id)
    return [
        _public(story, story.text, identity, organisation, hidden)
        for story, identity, organisation, hidden in db.session.execute(query)
    ]


def list_quotes(call: Call, today: date) -> Sequence[PublicStory]:
    """Words the fund uses: allowed for that, read by the group before, and nobody of it has said no."""
    query = (
        _allowed(call, StoryPurpose.REPORT, today)
        .add_columns(StoryUse.words)
        .join(StoryUse, StoryUse.story_id == Story.id)
        .where(StoryUse.objected_at.is_(None), StoryUse.shown_from <= today)
        .order_by(StoryUse.created_at, StoryUse.id)
    )
    return [
        _public(story, words, identity, organisation, hidden)
        for story, identity, organisation, hidden, words in db.session.execute(query)
    ]


def _allowed(call: Call, purpose: StoryPurpose, today: date) -> Any:
    return (
        sa.select(
            Story,
            StoryConsent.identity,
            Organisation,
            sa.or_(Award.is_confidential, Application.is_confidential, Organisation.is_confidential),
        )
        .join(StoryConsent, StoryConsent.story_id == Story.id)
        .join(Award, Award.id == Story.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(
            Award.call_id == call.id,
            Story.status == StoryStatus.CONSENTED,
            StoryConsent.purpose == purpose.value,
            StoryConsent.withdrawn_at.is_(None),
            StoryConsent.ends_on >= today,
        )
    )


def _public(
    story: Story, text: str, identity: IdentityLevel, group: Organisation, is_hidden: bool
) -> PublicStory:
    no_names = is_hidden or identity is IdentityLevel.NO_NAMES
    return PublicStory(
        text=text,
        language=story.language,
        domain=story.domain,
        group="" if no_names else group.name,
        borough=None if no_names else group.borough,
    )


def get_story(story_id: UUID) -> Story:
    """With its award and consents. Raises NoResultFound."""
    query = (
        sa.select(Story)
        .where(Story.id == story_id)
        .options(
            joinedload(Story.award).options(joinedload(Award.call), joinedload(Award.application)),
            selectinload(Story.consents),
        )
    )
    return db.session.execute(query).scalar_one()


def list_stories(award: Award) -> Sequence[Story]:
    query = (
        sa.select(Story)
        .where(Story.award_id == award.id)
        .options(selectinload(Story.consents), selectinload(Story.uses))
        .order_by(Story.created_at, Story.id)
    )
    return db.session.execute(query).scalars().all()


def list_stories_of_call(call: Call, *, reader: User) -> Sequence[Story]:
    """With what each teller allows; none of a group this person has a tie with."""
    query = (
        sa.select(Story)
        .join(Award, Award.id == Story.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(Award.call_id == call.id, application_without_conflict(reader.id))
        .options(
            joinedload(Story.award).joinedload(Award.organisation),
            selectinload(Story.consents),
            selectinload(Story.uses),
        )
        .order_by(Story.created_at.desc(), Story.id)
    )
    return db.session.execute(query).scalars().all()


def get_story_use(story_use_id: UUID) -> StoryUse:
    """Raises NoResultFound."""
    query = sa.select(StoryUse).where(StoryUse.id == story_use_id)
    return db.session.execute(
        query.options(joinedload(StoryUse.story).joinedload(Story.award).joinedload(Award.call))
    ).scalar_one()
