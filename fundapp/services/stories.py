"""Stories and the consent to show them: by purpose, with a level of identity and an end."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import StoryStatus
from fundapp.models.award import Award
from fundapp.models.monitoring import CheckIn, IdentityLevel, Story, StoryConsent
from fundapp.models.user import User
from fundapp.queries.stories import PUBLIC_PAGE
from fundapp.services.events import move, record
from fundapp.services.instalments import months_later

LONGEST_CONSENT_MONTHS = 24


class ConsentTooLong(FundError):
    """A consent ends after today, and at the latest after two years; it can be given again."""

    code = "consent_too_long"


def share_story(
    award: Award,
    text: str,
    *,
    domain: str | None,
    language: str | None,
    check_in: CheckIn | None,
    actor: User,
    now: datetime,
) -> Story:
    """Keep a story for the fund alone. Nobody else sees it before a consent."""
    story = Story(award=award, text=text.strip(), domain=domain, language=language)
    story.check_in_id = check_in.id if check_in else None
    db.session.add(story)
    record(story, "share", actor=actor, now=now, call_id=award.call_id)
    return story


def give_consent(
    story: Story, *, identity: IdentityLevel, ends_on: date, language: str, actor: User, now: datetime
) -> None:
    """Allow the public page to show the story until that day. Raises ConsentTooLong."""
    today = now.date()
    if not today < ends_on <= months_later(today, LONGEST_CONSENT_MONTHS):
        raise ConsentTooLong
    lock_row(Story, story.id)
    consent = find_consent(story) or StoryConsent(story_id=story.id, purpose=PUBLIC_PAGE)
    consent.identity, consent.ends_on, consent.language = identity, ends_on, language
    consent.given_by_id, consent.withdrawn_at = actor.id, None
    db.session.add(consent)
    details = {"identity": identity.value, "ends_on": ends_on.isoformat(), "language": language}
    if story.status is StoryStatus.CONSENTED:
        record(story, "renew_consent", actor=actor, now=now, call_id=story.award.call_id, details=details)
    else:
        move(story, "consent", actor=actor, now=now, details=details)


def withdraw_consent(story: Story, *, actor: User, now: datetime) -> None:
    """Takes the story off every page with the next request; no reason is asked."""
    lock_row(Story, story.id)
    consent = find_consent(story)
    if consent is not None:
        consent.withdrawn_at = now
    move(story, "withdraw", actor=actor, now=now)


def find_consent(story: Story) -> StoryConsent | None:
    query = sa.select(StoryConsent).where(
        StoryConsent.story_id == story.id, StoryConsent.purpose == PUBLIC_PAGE
    )
    return db.session.execute(query).scalar_one_or_none()
