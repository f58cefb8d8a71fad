"""Stories and the consent to show them: by purpose, with a level of identity and an end."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError
from fundapp.models.award import Award
from fundapp.models.monitoring import (
    CheckIn,
    IdentityLevel,
    Story,
    StoryConsent,
    StoryPurpose,
    StoryUse,
)
from fundapp.models.user import User
from fundapp.moments import london_day
from fundapp.months import months_later
from fundapp.queries.calls import definition_of
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_about_grant
from fundapp.story_steps import StoryStatus
from fundapp.working_days import working_days_later

LONGEST_CONSENT_MONTHS = 24


class ConsentTooLong(FundError):
    """A consent ends after today, and at the latest after two years; it can be given again."""

    code = "consent_too_long"


class NotAllowedByTeller(FundError):
    """The group has not allowed this, or the time it gave is over."""

    code = "not_allowed_by_teller"


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
    story: Story,
    *,
    purpose: StoryPurpose = StoryPurpose.PUBLIC_PAGE,
    identity: IdentityLevel,
    ends_on: date,
    language: str,
    actor: User,
    now: datetime,
) -> None:
    """Allow one purpose until that day; others stay as they are. Raises ConsentTooLong."""
    today = london_day(now)
    if not today < ends_on <= months_later(today, LONGEST_CONSENT_MONTHS):
        raise ConsentTooLong
    _lock(story)
    consent = find_consent(story, purpose) or StoryConsent(story_id=story.id, purpose=purpose.value)
    consent.identity, consent.ends_on, consent.language = identity, ends_on, language
    consent.given_by_id, consent.withdrawn_at = actor.id, None
    db.session.add(consent)
    details = {
        "purpose": purpose.value,
        "identity": identity.value,
        "ends_on": ends_on.isoformat(),
        "language": language,
    }
    if story.status is StoryStatus.CONSENTED:
        record(story, "renew_consent", actor=actor, now=now, call_id=story.award.call_id, details=details)
    else:
        move(story, "consent", actor=actor, now=now, details=details)


def withdraw_consent(
    story: Story, purpose: StoryPurpose | None = None, *, actor: User, now: datetime
) -> None:
    """Off every page of this purpose, or of all, with the next request; no reason is asked."""
    _lock(story)
    for consent in story.consents:
        if purpose in (None, consent.purpose):
            consent.withdrawn_at = consent.withdrawn_at or now
    details = {"purpose": purpose.value} if purpose else {}
    if purpose and any(each.is_in_force(london_day(now)) for each in story.consents):
        record(story, "withdraw_purpose", actor=actor, now=now, call_id=story.award.call_id, details=details)
    else:
        move(story, "withdraw", actor=actor, now=now, details=details)


def propose_use(story: Story, words: str, *, actor: User, now: datetime, once: str | None = None) -> StoryUse:
    """The group reads these words before anybody else does, and has so many working days to say no. The same
    words with the same `once` are one.

    Raises NotAllowedByTeller.
    """
    _lock(story)
    use_id = sent_id(story.id, once, actor.id, words.strip())
    if (sent := db.session.get(StoryUse, use_id)) is not None:
        return sent
    definition = definition_of(story.award.application.call_version)
    today = now.astimezone(definition.zone).date()
    consent = find_consent(story, StoryPurpose.REPORT)
    if consent is None or not consent.is_in_force(today) or story.status is not StoryStatus.CONSENTED:
        raise NotAllowedByTeller
    shown_from = working_days_later(today, definition.monitoring.reply_days)
    use = StoryUse(
        id=use_id,
        story_id=story.id,
        words=words.strip(),
        shown_from=shown_from,
        proposed_by_id=actor.id,
        created_at=now,
    )
    db.session.add(use)
    details = {"shown_from": shown_from.isoformat()}
    record(use, "propose", actor=actor, now=now, call_id=story.award.call_id, details=details)
    tell_about_grant(story.award, now=now)
    return use


def object_to_use(use: StoryUse, *, actor: User, now: datetime) -> None:
    """Before it is shown or afterwards; it is gone with the next request. Twice is once."""
    lock_row(StoryUse, use.id)
    db.session.refresh(use)
    if use.objected_at is not None:
        return
    use.objected_by_id = actor.id
    use.objected_at = now
    record(use, "object", actor=actor, now=now, call_id=use.story.award.call_id)


def find_consent(story: Story, purpose: StoryPurpose = StoryPurpose.PUBLIC_PAGE) -> StoryConsent | None:
    query = sa.select(StoryConsent).where(
        StoryConsent.story_id == story.id, StoryConsent.purpose == purpose.value
    )
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def _lock(story: Story) -> None:
    lock_row(Story, story.id)
    db.session.refresh(story)
