"""Stories: the fund's alone until a consent, and gone from the page the moment it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.event import Event
from fundapp.models.monitoring import IdentityLevel, Story, StoryConsent, StoryPurpose
from fundapp.months import months_later
from fundapp.queries.stories import PublicStory, list_public_stories, list_quotes, list_stories_of_call
from fundapp.services.stories import (
    ConsentTooLong,
    NotAllowedByTeller,
    give_consent,
    object_to_use,
    propose_use,
    share_story,
    withdraw_consent,
)
from fundapp.story_steps import StoryStatus
from fundapp.working_days import working_days_later
from tests.factories import CallFactory, ConflictFactory
from tests.grants import active_grant, mails_to

TODAY = utcnow().date()
JUNE = datetime(2027, 6, 1, 12, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)  # in London: 2 July, half past midnight
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


def consent(
    grant,
    story,
    *,
    identity=IdentityLevel.GROUP_ONLY,
    ends_on=TODAY + timedelta(days=365),
    purpose=StoryPurpose.PUBLIC_PAGE,
    now=None,
):
    with unit_of_work():
        give_consent(
            story,
            purpose=purpose,
            identity=identity,
            ends_on=ends_on,
            language="ar",
            actor=grant.signer,
            now=now or utcnow(),
        )


def shown(grant, day=TODAY):
    return list_public_stories(grant.award.call, day)


def test_consent_given_while_a_colleague_took_it_back_is_in_force(grant, story):
    consent(grant, story)
    assert (story.status, story.consents[0].withdrawn_at) == (StoryStatus.CONSENTED, None)
    for table, values in (
        (Story, {"status": StoryStatus.WITHDRAWN, "version": story.version + 1}),
        (StoryConsent, {"withdrawn_at": utcnow()}),
    ):
        db.session.execute(sa.update(table).values(values).execution_options(synchronize_session=False))

    consent(grant, story)

    assert [each.text for each in list_public_stories(grant.award.call, TODAY)] == [TEXT]


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


def propose(grant, story, words="نامت", now=None):
    with unit_of_work():
        return propose_use(story, words, actor=grant.manager, now=now or utcnow())


def quotes(grant, day):
    return [quote.text for quote in list_quotes(grant.award.call, day)]


def test_one_purpose_allows_nothing_of_the_other(grant, story):
    consent(grant, story)

    with pytest.raises(NotAllowedByTeller):
        propose(grant, story)

    consent(grant, story, purpose=StoryPurpose.REPORT)
    with unit_of_work():
        withdraw_consent(story, StoryPurpose.PUBLIC_PAGE, actor=grant.signer, now=utcnow())
    assert (shown(grant), story.status) == ([], StoryStatus.CONSENTED)
    propose(grant, story)


def test_group_reads_the_words_ten_working_days_before_anybody_else(grant, story):
    consent(grant, story, purpose=StoryPurpose.REPORT)
    before = mails_to(grant.signer)

    use = propose(grant, story)

    assert mails_to(grant.signer) == [*before, "award_update"]
    assert use.shown_from == working_days_later(TODAY, 10)
    assert quotes(grant, use.shown_from - timedelta(days=1)) == []
    assert quotes(grant, use.shown_from) == ["نامت"]


@pytest.mark.parametrize("how", ["said no", "taken back", "all taken back", "over"])
def test_words_are_gone_with_the_next_request(grant, story, how):
    consent(grant, story, purpose=StoryPurpose.REPORT, ends_on=TODAY + timedelta(days=30))
    consent(grant, story)
    use = propose(grant, story)
    day = use.shown_from
    assert quotes(grant, day) == ["نامت"]

    with unit_of_work():
        if how == "said no":
            object_to_use(use, actor=grant.signer, now=utcnow())
        elif how == "taken back":
            withdraw_consent(story, StoryPurpose.REPORT, actor=grant.signer, now=utcnow())
        elif how == "all taken back":
            withdraw_consent(story, actor=grant.signer, now=utcnow())
    if how == "over":
        day = TODAY + timedelta(days=31)

    assert quotes(grant, day) == []


def test_confidential_group_is_not_named_beside_its_words(grant, story):
    consent(grant, story, purpose=StoryPurpose.REPORT)
    use = propose(grant, story)
    with unit_of_work():
        grant.award.is_confidential = True

    assert [each.group for each in list_quotes(grant.award.call, use.shown_from)] == [""]


def test_tied_manager_sees_no_story_of_the_group(grant, story):
    award = grant.award
    ConflictFactory(call_id=award.call_id, user_id=grant.manager.id, organisation_id=award.organisation_id)

    assert list_stories_of_call(award.call, reader=grant.manager) == []
    assert list_stories_of_call(award.call, reader=grant.other_manager) == [story]


PURPOSES = st.sampled_from(list(StoryPurpose))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("consent"), PURPOSES, st.integers(1, 60)),
        st.tuples(st.just("withdraw"), st.one_of(st.none(), PURPOSES), st.just(0)),
        st.tuples(st.just("propose"), st.none(), st.just(0)),
        st.tuples(st.just("object"), st.none(), st.just(0)),
        st.tuples(st.just("days"), st.none(), st.integers(1, 40)),
    ),
    max_size=10,
)


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_only_what_is_allowed_on_the_day_is_shown(grant, steps):
    """Against a model of two end days and a list of words."""
    with unit_of_work():
        words = f"{TEXT} {uuid4()}"
        story = share_story(
            grant.award, words, domain=None, language="ar", check_in=None, actor=grant.signer, now=utcnow()
        )
    day, ends, uses = TODAY, dict.fromkeys(StoryPurpose), []
    for what, purpose, number in steps:
        now = datetime.combine(day, time(12), ZoneInfo("Europe/London"))
        try:
            if what == "consent":
                ends[purpose] = day + timedelta(days=number)
                consent(grant, story, purpose=purpose, ends_on=ends[purpose], now=now)
            elif what == "withdraw":
                for each in StoryPurpose:
                    if purpose in (None, each):
                        ends[each] = None
                with unit_of_work():
                    withdraw_consent(story, purpose, actor=grant.signer, now=now)
            elif what == "propose":
                words = f"words {story.id} {len(uses)}"
                uses.append((propose(grant, story, words, now=now), words))
            elif what == "object" and uses:
                use, _words = uses.pop()
                with unit_of_work():
                    object_to_use(use, actor=grant.signer, now=now)
            elif what == "days":
                day += timedelta(days=number)
        except (NotPossibleNow, NotAllowedByTeller):
            pass
        allowed = {each: end is not None and end >= day for each, end in ends.items()}
        on_page = [each for each in list_public_stories(grant.award.call, day) if each.text == story.text]
        mine = [text for text in quotes(grant, day) if str(story.id) in text]
        assert len(on_page) == allowed[StoryPurpose.PUBLIC_PAGE]
        expected = [words for use, words in uses if use.shown_from <= day]
        assert mine == (expected if allowed[StoryPurpose.REPORT] else [])


def test_consent_ends_with_the_day_in_london(grant, story):
    with pytest.raises(ConsentTooLong):
        consent(grant, story, ends_on=date(2027, 7, 2), now=AFTER_MIDNIGHT)
    consent(grant, story, ends_on=date(2027, 7, 3), now=AFTER_MIDNIGHT)
    consent(grant, story, ends_on=date(2027, 7, 1), purpose=StoryPurpose.REPORT, now=JUNE)

    with unit_of_work():
        withdraw_consent(story, StoryPurpose.PUBLIC_PAGE, actor=grant.signer, now=AFTER_MIDNIGHT)

    assert story.status is StoryStatus.WITHDRAWN  # the other one was over half an hour before
