"""Stories that a consent in force lets others read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import StoryStatus
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.monitoring import IdentityLevel, Story, StoryConsent
from fundapp.models.organisation import Organisation

PUBLIC_PAGE = "public_page"


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
    query = (
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
            StoryConsent.purpose == PUBLIC_PAGE,
            StoryConsent.withdrawn_at.is_(None),
            StoryConsent.ends_on >= today,
        )
        .order_by(Story.created_at, Story.id)
    )
    return [
        _public(story, identity, organisation, hidden)
        for story, identity, organisation, hidden in db.session.execute(query)
    ]


def _public(story: Story, identity: IdentityLevel, group: Organisation, is_hidden: bool) -> PublicStory:
    no_names = is_hidden or identity is IdentityLevel.NO_NAMES
    return PublicStory(
        text=story.text,
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
        .options(selectinload(Story.consents))
        .order_by(Story.created_at, Story.id)
    )
    return db.session.execute(query).scalars().all()
