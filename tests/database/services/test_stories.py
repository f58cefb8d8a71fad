"""Stories: the fund's alone until a consent, and gone from the page the moment it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import StoryStatus
from fundapp.models.event import Event
from fundapp.models.monitoring import IdentityLevel
from fundapp.queries.stories import PublicStory, list_public_stories
from fundapp.services.instalments import months_later
from fundapp.services.stories import ConsentTooLong, give_consent, share_story, withdraw_consent
from tests.factories import CallFactory
from tests.grants import active_grant

TODAY = utcnow().date()
TEXT = "نامت أمينة طوال الليل."


@pytest.fixture
def grant(db_session):
    return active_grant(CallFactory(closed=True))


@pytest.fixture
def story(grant):
    with unit_of_work():
        return share_story(
            grant.award,
            f"  {TEXT}\n",
            domain="life",
            language="ar",
            check_in=None,
            actor=grant.signer,
            now=utcnow(),
        )


def consent(grant, story, *, identity=IdentityLevel.GROUP_ONLY, ends_on=TODAY + timedelta(days=365)):
    with unit_of_work():
        give_consent(
            story, identity=identity, ends_on=ends_on, language="ar", actor=grant.signer, now=utcnow()
        )


def shown(grant, day=TODAY):
    return list_public_stories(grant.award.call, day)


def test_story_without_a_consent_is_the_fund_s_alone(grant, story):
    assert (story.status, shown(grant)) == (StoryStatus.SHARED_WITH_FUNDER, [])


def test_story_with_a_consent_is_shown_in_the_teller_s_language(grant, story):
    consent(grant, story)

    group = grant.award.organisation
    assert shown(grant) == [PublicStory(TEXT, "ar", "life", group.name, group.borough)]


def test_story_without_names_has_neither_group_nor_place(grant, story):
    consent(grant, story, identity=IdentityLevel.NO_NAMES)

    assert shown(grant) == [PublicStory(TEXT, "ar", "life", "", None)]


@pytest.mark.parametrize("who", ["award", "organisation", "application"])
def test_confidential_group_is_never_named_beside_its_story(grant, story, who):
    consent(grant, story, identity=IdentityLevel.NAMED)

    with unit_of_work():
        (grant.award if who == "award" else getattr(grant.award, who)).is_confidential = True

    assert shown(grant) == [PublicStory(TEXT, "ar", "life", "", None)]


def test_consent_taken_back_hides_the_story_at_once(grant, story):
    consent(grant, story)

    with unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())

    assert (story.status, shown(grant)) == (StoryStatus.WITHDRAWN, [])


def test_consent_ends_with_its_last_day(grant, story):
    last_day = TODAY + timedelta(days=10)
    consent(grant, story, ends_on=last_day)

    assert len(shown(grant, last_day)) == 1
    assert shown(grant, last_day + timedelta(days=1)) == []


def test_consent_can_be_given_again_after_it_was_taken_back(grant, story):
    consent(grant, story)
    with unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())

    consent(grant, story, identity=IdentityLevel.NO_NAMES)

    assert [each.group for each in shown(grant)] == [""]
    steps = sa.select(Event.step).where(Event.subject_id == story.id).order_by(Event.number)
    assert list(db.session.execute(steps).scalars()) == ["share", "consent", "withdraw", "consent"]


def test_consent_is_renewed_and_changed_while_it_stands(grant, story):
    consent(grant, story)

    consent(grant, story, identity=IdentityLevel.NO_NAMES, ends_on=TODAY + timedelta(days=30))

    assert [each.group for each in shown(grant)] == [""]
    assert len(story.consents) == 1


@pytest.mark.parametrize(
    "ends_on", [date(2020, 1, 1), TODAY, months_later(TODAY, 24) + timedelta(days=1), date(9999, 12, 31)]
)
def test_consent_ends_after_today_and_within_two_years(grant, story, ends_on):
    with pytest.raises(ConsentTooLong):
        consent(grant, story, ends_on=ends_on)

    assert shown(grant) == []


def test_story_withdrawn_before_any_consent_stays_hidden_and_cannot_be_withdrawn_twice(grant, story):
    with unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())

    with pytest.raises(NotPossibleNow), unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())

    assert shown(grant) == []
