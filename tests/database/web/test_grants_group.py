"""A group's pages about its grant: agreement, payments, conversations, markers, stories."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import AwardStatus, CheckInStatus, WordStatus
from fundapp.models.agreement import AgreementText
from fundapp.models.award import Ratification
from fundapp.models.organisation import MemberRight
from fundapp.models.partnership import Decider
from fundapp.models.user import User
from fundapp.queries.check_ins import list_readings
from fundapp.queries.grants import list_checks, list_markers
from fundapp.queries.people import find_confirmed_host
from fundapp.queries.stories import list_public_stories, list_stories
from fundapp.services.check_ins import name_markers
from fundapp.services.grants import send_agreement, settle_check, start_checks, terminate_award
from fundapp.services.payment_holds import agree_to_hold, ask_to_hold
from fundapp.story_steps import StoryStatus
from tests.factories import (
    FiscalHostFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    SafetyFlagFactory,
    UserFactory,
)
from tests.grants import Grant, active_grant, grant_in_principle, grant_with_agreement, talk

NEXT_YEAR = utcnow().date() + timedelta(days=300)
DAY = {
    "purpose": "public_page",
    "ends_on-day": NEXT_YEAR.day,
    "ends_on-month": NEXT_YEAR.month,
    "ends_on-year": NEXT_YEAR.year,
}


def accept_url(grant):
    return f"/en/awards/{grant.award.id}/agreement/{grant.award.agreement_digest}"


def test_grant_is_not_found_before_everybody_has_been_told(db_session, client_for):
    grant = grant_in_principle()
    with unit_of_work():
        signed = db.session.query(Ratification).filter_by(round_id=grant.award.round_id).one()
        signed.released_at = None

    client = client_for(grant.signer)

    assert client.get(f"/en/awards/{grant.award.id}").status_code == 404


@pytest.mark.parametrize("make", [grant_in_principle, grant_with_agreement, active_grant])
def test_grant_page_shows_amount_and_payments_at_every_step(db_session, client_for, make):
    grant = make()

    page = client_for(grant.signer).get(f"/en/awards/{grant.award.id}")

    assert page.status_code == 200
    assert "£40,000.00" in page.text
    assert page.text.count("£20,000.00") == 2


def test_accepting_needs_the_tick(db_session, client_for):
    grant = grant_with_agreement()

    answer = client_for(grant.signer).post(accept_url(grant), data={})

    assert answer.status_code == 422
    assert "Tick the box to accept." in answer.text
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.AGREEMENT_SENT


def test_accepting_starts_the_grant(db_session, client_for):
    grant = grant_with_agreement()
    client = client_for(grant.signer)
    assert accept_url(grant) in client.get(f"/en/awards/{grant.award.id}/agreement").text

    answer = client.post(accept_url(grant), data={"agree": "yes"})

    assert answer.status_code == 302
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.ACTIVE


def test_accepting_a_text_that_has_changed_shows_the_new_one(db_session, client_for):
    grant = grant_with_agreement()
    url = accept_url(grant)
    with unit_of_work():
        grant.award.months = 12

    answer = client_for(grant.signer).post(url, data={"agree": "yes"})

    assert answer.status_code == 409
    assert "The agreement has changed" in answer.text
    assert "We are preparing a new text" in answer.text


@pytest.mark.parametrize("digest", ["x", "0" * 64, "%F0%9F%8C%BB"])
def test_accepting_with_a_made_up_sum_changes_nothing(db_session, client_for, digest):
    grant = grant_with_agreement()
    url = f"/en/awards/{grant.award.id}/agreement/{digest}"

    assert client_for(grant.signer).post(url, data={"agree": "yes"}).status_code == 409
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.AGREEMENT_SENT


def test_accepting_again_from_a_stale_page_changes_nothing(db_session, client_for):
    grant = active_grant()

    assert client_for(grant.signer).post(accept_url(grant), data={"agree": "yes"}).status_code == 409


def test_group_may_give_the_grant_up_without_a_reason(db_session, client_for):
    grant = grant_with_agreement()

    answer = client_for(grant.signer).post(f"/en/awards/{grant.award.id}/refuse")

    assert answer.status_code == 302
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.DECLINED_BY_GRANTEE


def test_member_who_may_only_look_sees_the_grant_and_no_way_to_act(db_session, client_for):
    grant = grant_with_agreement()
    reader = OrganisationMemberFactory(organisation=grant.award.organisation, right=MemberRight.VIEW).user
    client = client_for(reader)

    page = client.get(f"/en/awards/{grant.award.id}/agreement")

    assert page.status_code == 200
    forms = re.findall(
        r'<form method="post" action="([^"]+)"', page.text.split("<main")[1].split("</main>")[0]
    )
    assert forms == [f"/en/awards/{grant.award.id}/agreement/agreement.pdf"]
    assert client.post(accept_url(grant), data={"agree": "yes"}).status_code == 404


def test_held_payment_says_why_and_until_when(db_session, client_for):
    grant = active_grant()
    first = grant.payments[0]
    with unit_of_work():
        ask_to_hold(
            first, reason="The bank has a new name.", review_on=NEXT_YEAR, actor=grant.manager, now=utcnow()
        )
    client, url = client_for(grant.signer), f"/en/awards/{grant.award.id}"
    assert "The bank has a new name." not in client.get(url).text

    with unit_of_work():
        agree_to_hold(first, actor=grant.finance, now=utcnow())

    page = client.get(url).text
    assert "Payment 1 is on hold" in page
    assert "The bank has a new name." in page


def test_markers_are_named_and_shown(db_session, client_for):
    grant = active_grant()
    client = client_for(grant.signer)

    answer = client.post(
        f"/en/awards/{grant.award.id}/markers", data={"marker_0": "Sleep", "marker_1": "أبواب مفتوحة"}
    )

    assert answer.status_code == 302
    assert {marker.words for marker in list_markers(grant.award)} == {"Sleep", "أبواب مفتوحة"}
    assert "أبواب مفتوحة" in client.get(f"/ar/awards/{grant.award.id}").text


def test_markers_that_a_colleague_named_are_not_dropped_unseen(db_session, client_for):
    grant = active_grant()
    client, url = client_for(grant.signer), f"/en/awards/{grant.award.id}/markers"
    words = {"marker_0": "Sleep", "marker_1": "Doors"}
    assert [client.post(url, data=words).status_code for _time in range(2)] == [302, 302]

    late = client.post(url, data={"marker_0": "Songs", "marker_1": "Tea"})
    seen = re.findall(r'name="seen" value="(\w+)"', client.get(url).text)
    again = client.post(url, data={"marker_0": "Songs", "marker_1": "Tea", "seen": seen})

    assert (late.status_code, "Songs" in late.text, sorted(seen)) == (409, True, ["Doors", "Sleep"])
    assert again.status_code == 302
    assert {marker.words for marker in list_markers(grant.award)} == {"Songs", "Tea"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"marker_0": "Only one"}, "Write at least 2 different markers."),
        ({"marker_0": "Same", "marker_1": "Same"}, "Write at least 2 different markers."),
        ({"marker_0": "x" * 10_000, "marker_1": "Sleep"}, "Error:"),
        ({"marker_0": "Sle\x00ep", "marker_1": "Doors"}, "a character we cannot store"),
    ],
)
def test_wrong_markers_are_kept_and_explained(db_session, client_for, typed, said):
    grant = active_grant()

    answer = client_for(grant.signer).post(f"/en/awards/{grant.award.id}/markers", data=typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert typed["marker_0"].replace("\x00", "") in answer.text
    assert list_markers(grant.award) == []


def told(**changes):
    return {"answer_language": "ar", "K1": "نامت أمينة.", "domain": "life", "minutes": "٤٥"} | changes


def test_group_writes_its_conversation_in_any_language(db_session, client_for):
    grant = active_grant()
    with unit_of_work():
        name_markers(grant.award, ["Sleep", "Doors"], actor=grant.signer, now=utcnow())
    check_in = grant.check_in("month_6")
    client = client_for(grant.signer)

    levels = dict(zip(marker_fields(client, check_in), ("a_lot", "went_back"), strict=True))
    answer = client.post(f"/en/check-ins/{check_in.id}", data=told(**levels))

    assert answer.status_code == 302
    db.session.refresh(check_in)
    assert (check_in.status, check_in.answers["K1"], check_in.minutes_taken) == ("held", "نامت أمينة.", 45)
    assert sorted(reading.level for _marker, reading in list_readings(check_in)) == ["a_lot", "went_back"]
    (story,) = list_stories(grant.award)
    assert (story.text, story.language, story.domain) == ("نامت أمينة.", "ar", "life")
    page = client.get(f"/en/check-ins/{check_in.id}").text
    assert "نامت أمينة." in page
    assert "The fund answers by" in page


def marker_fields(client, check_in):
    """In the order of the page."""
    page = client.get(f"/en/check-ins/{check_in.id}").text
    return list(dict.fromkeys(re.findall(r'name="(marker_\w+)"', page)))


def test_level_stays_with_its_marker_when_a_colleague_names_others_meanwhile(db_session, client_for):
    grant, now = active_grant(), utcnow()
    check_in, client = grant.check_in("month_6"), client_for(grant.signer)
    for named in (["Sleep"], ["Sleep", "Doors"]):
        with unit_of_work():
            newest = name_markers(grant.award, named, actor=grant.signer, now=now)[-1]
            newest.created_at = now - timedelta(hours=3 - len(named))
    fields = marker_fields(client, check_in)
    with unit_of_work():
        name_markers(grant.award, ["Doors", "Songs"], actor=grant.signer, now=now)

    client.post(f"/en/check-ins/{check_in.id}", data=told(**{fields[1]: "a_lot"}))

    assert [(marker.words, each.level) for marker, each in list_readings(check_in)] == [("Doors", "a_lot")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": "2" * 400}, "Error:"),
        ({"minutes": str(2**70)}, "Error:"),
        ({"minutes": "half an hour"}, "Error:"),
        ({"K1": "word " * 400}, "Error:"),
        ({"K1": "A\x00mina"}, "a character we cannot store"),
        ({"answer_language": "xx"}, "Error:"),
        ({"domain": "nowhere"}, "Error:"),
    ],
)
def test_wrong_conversation_is_explained_and_kept(db_session, client_for, changes, said):
    grant = active_grant()
    check_in = grant.check_in("month_6")
    client, url = client_for(grant.signer), f"/en/check-ins/{check_in.id}"

    answer = client.post(url, data=told(K4="Our own words") | changes)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Our own words" in answer.text
    db.session.refresh(check_in)
    assert check_in.status is CheckInStatus.PLANNED


def test_conversation_without_a_word_is_asked_for_one(db_session, client_for):
    grant = active_grant()
    check_in = grant.check_in("month_6")
    client, url = client_for(grant.signer), f"/en/check-ins/{check_in.id}"

    answer = client.post(url, data=told(K1="", K3="   "))

    assert answer.status_code == 422
    assert "Tell us at least one thing, in any words." in answer.text
    assert 'value="٤٥"' in answer.text


def test_conversation_from_a_stale_second_tab_is_shown_to_keep(db_session, client_for):
    grant = active_grant()
    check_in = talk(grant, "month_6")

    answer = client_for(grant.signer).post(f"/en/check-ins/{check_in.id}", data=told(K4="From the other tab"))

    assert answer.status_code == 409
    assert "From the other tab" in answer.text
    assert "This conversation has been sent already" in answer.text
    db.session.refresh(check_in)
    assert check_in.answers == {"K1": "Amina sleeps."}


@pytest.fixture
def story(db_session, client_for):
    grant = active_grant()
    check_in = grant.check_in("month_6")
    client = client_for(grant.signer)
    client.post(f"/en/check-ins/{check_in.id}", data=told())
    (story,) = list_stories(grant.award)
    return grant, client, story


def test_consent_puts_the_story_on_the_public_page_and_taking_it_back_removes_it_at_once(story):
    grant, client, told_story = story
    call = grant.award.call
    results = f"/en/calls/{call.code}/results"
    assert "نامت أمينة." not in client.get(results).text

    given = client.post(f"/en/stories/{told_story.id}/consent", data={"identity": "group_only"} | DAY)

    assert given.status_code == 302
    assert 'lang="ar"' in client.get(results).text
    assert "نامت أمينة." in client.get(results).text
    client.post(f"/en/stories/{told_story.id}/withdraw")
    assert "نامت أمينة." not in client.get(results).text
    assert list_public_stories(call, utcnow().date()) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose how we may show the story."),
        ({"identity": "everything"} | DAY, "Error:"),
        ({"identity": "no_names"}, "Write the last day"),
        ({"identity": "no_names"} | DAY | {"ends_on-year": "2020"}, "Choose a day after today"),
        ({"identity": "no_names"} | DAY | {"ends_on-year": str(NEXT_YEAR.year + 2)}, "at most two years"),
        ({"identity": "no_names"} | DAY | {"ends_on-year": "9999"}, "Error:"),
        ({"identity": "no_names"} | DAY | {"ends_on-month": "13"}, "Error:"),
    ],
)
def test_wrong_consent_is_explained_and_gives_nothing_away(story, typed, said):
    grant, client, told_story = story

    answer = client.post(f"/en/stories/{told_story.id}/consent", data=typed)

    assert answer.status_code == 422
    assert said in answer.text
    db.session.refresh(told_story)
    assert told_story.status is StoryStatus.SHARED_WITH_FUNDER
    assert list_public_stories(grant.award.call, utcnow().date()) == []


def test_taking_back_from_a_stale_page_is_no_failure(story):
    _grant, client, told_story = story
    client.post(f"/en/stories/{told_story.id}/withdraw")

    assert client.post(f"/en/stories/{told_story.id}/withdraw").status_code == 409


@pytest.mark.parametrize("path", ["awards/{award}", "awards/{award}/agreement", "check-ins/{check_in}"])
def test_pages_of_a_grant_are_not_found_for_another_group(db_session, client_for, path):
    grant, stranger = active_grant(), active_grant().signer
    ids = {"award": grant.award.id, "check_in": grant.check_in("month_6").id}

    assert client_for(stranger).get(f"/en/{path.format(**ids)}").status_code == 404


def test_grant_page_needs_as_many_queries_for_three_payments_as_for_one(
    db_session, client_for, count_queries
):
    one, four = active_grant(strand="C", income="900.00"), active_grant(income="250000.00")
    talk(one, "welcome")
    talk(four, "welcome")
    numbers = []
    for grant in (one, four):
        client, url = client_for(grant.signer), f"/en/awards/{grant.award.id}"
        client.get(url)
        with count_queries() as queries:
            client.get(url)
        numbers.append(queries.number)

    assert numbers[0] == numbers[1]


def hosted_agreement() -> Grant:
    """The agreement of a group whose host has confirmed in writing."""
    grant = grant_in_principle()
    FiscalHostFactory(
        application=grant.award.application,
        organisation=OrganisationFactory(name="Quayside Trust"),
        user_id=UserFactory().id,
        status=WordStatus.CONFIRMED,
        signed_by="Ada Quayle",
        fee_percent=Decimal("2.50"),
        decides=Decider.TOGETHER,
        text="We hold the money.",
        text_digest="d" * 64,
        answered_at=datetime(2027, 3, 1, 12, tzinfo=UTC),
    )
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
        for item in list_checks(grant.award):
            settle_check(item, note="", actor=grant.manager, now=utcnow())
        send_agreement(grant.award, actor=grant.manager, now=utcnow())
    return grant


def test_agreement_with_a_host_has_three_sides_for_everybody_and_the_host_signs_too(db_session, client_for):
    grant = hosted_agreement()
    host = find_confirmed_host(grant.award.application)
    holder = db.session.get_one(User, host.user_id)
    place = f"/en/hosting/{host.id}/agreement"
    of_host = client_for(holder)

    pages = [
        client_for(grant.signer).get(f"/en/awards/{grant.award.id}/agreement").text,
        of_host.get(place).text,
        client_for(grant.manager).get(f"/en/fund/awards/{grant.award.id}/agreement").text,
    ]
    said = (
        "This agreement has three sides",
        "Quayside Trust",
        "keeps 2.5% of",
        "You and the host decide together",
    )
    assert [[words for words in said if words not in page] for page in pages] == [[], [], []]
    assert place in of_host.get(f"/en/hosting/{host.id}").text

    signed = {"name": "Ada Quayle", "role": "director", "agree": "yes"}
    assert of_host.post(f"{place}/{grant.award.agreement_digest}", data=signed).status_code == 302
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.AGREEMENT_SENT
    client_for(grant.signer).post(accept_url(grant), data={"agree": "yes"})
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.ACTIVE
    assert "Ada Quayle" in client_for(grant.signer).get(f"/en/awards/{grant.award.id}/agreement").text
    assert client_for(UserFactory()).get(place).status_code == 404


def test_changed_facts_need_a_new_text_and_old_signatures_stay_with_the_old_one(db_session, client_for):
    grant = grant_with_agreement()
    old, manager = grant.award.agreement_digest, client_for(grant.manager)
    place = f"/en/fund/awards/{grant.award.id}/agreement"
    assert manager.post(place).status_code == 409  # it stands as it is
    with unit_of_work():
        grant.award.months = 12
    page = manager.get(place).text
    read = re.search(r'name="read" value="([0-9a-f]{64})"', page)
    assert "Something has changed since the text went out" in page
    assert manager.post(place, data={"read": "0" * 64}).status_code == 409

    assert manager.post(place, data={"read": read[1], "name": "Mo Reed"}).status_code == 302

    db.session.refresh(grant.award)
    texts = sa.select(AgreementText).where(AgreementText.award_id == grant.award.id)
    first, new = db_session.execute(texts.order_by(AgreementText.number)).scalars()
    assert (new.digest, first.digest) == (grant.award.agreement_digest, old)
    assert [each.digest for each in (*new.signatures, *first.signatures)] == [new.digest, old]
    client = client_for(grant.signer)
    assert "for 12 months" in client.get(f"/en/awards/{grant.award.id}/agreement").text
    assert client.post(accept_url(grant), data={"agree": "yes"}).status_code == 302


def test_agreement_without_a_host_has_two(db_session, client_for):
    grant = grant_with_agreement()

    page = client_for(grant.signer).get(f"/en/awards/{grant.award.id}/agreement").text

    assert "This agreement is between" in page
    assert "three sides" not in page


def test_group_reads_words_before_they_are_used_and_says_no(story, client_for):
    grant, client, told_story = story
    staff, call = client_for(grant.manager), grant.award.call
    page, use = f"/en/fund/calls/{call.id}/stories", f"/en/fund/stories/{told_story.id}/use"
    assert "Use words of it" not in staff.get(page).text
    refused = staff.post(use, data={"words": "نامت أمينة"})
    assert (refused.status_code, "نامت أمينة" in refused.text) == (409, True)
    client.post(
        f"/en/stories/{told_story.id}/consent", data={"identity": "no_names"} | DAY | {"purpose": "report"}
    )

    assert staff.post(use, data={"words": ""}).status_code == 422
    assert staff.post(use, data={"words": "نامت أمينة"}).status_code == 302

    seen = client.get(f"/en/awards/{grant.award.id}").text
    assert "The fund wants to use these words" in seen
    results = f"/en/calls/{call.code}/results"
    assert "What groups told us this year" not in client.get(results).text
    (words,) = told_story.uses
    with unit_of_work():
        words.shown_from = utcnow().date()
    assert "What groups told us this year" in client.get(results).text
    say_no = f"/en/story-uses/{words.id}/object"
    assert say_no in seen
    assert client.post(say_no).status_code == 302
    assert "What groups told us this year" not in client.get(results).text
    assert "The group said no to these words:" in staff.get(page).text


def test_stranger_cannot_say_no_for_a_group(story, client_for):
    grant, client, told_story = story
    client.post(
        f"/en/stories/{told_story.id}/consent", data={"identity": "no_names"} | DAY | {"purpose": "report"}
    )
    client_for(grant.manager).post(f"/en/fund/stories/{told_story.id}/use", data={"words": "نامت"})
    (words,) = told_story.uses
    stranger = OrganisationMemberFactory().user

    for person in (stranger, grant.manager):
        assert client_for(person).post(f"/en/story-uses/{words.id}/object").status_code == 404
    assert words.objected_at is None


def test_one_purpose_is_taken_back_without_the_other(story):
    grant, client, told_story = story
    for purpose in ("public_page", "report"):
        client.post(
            f"/en/stories/{told_story.id}/consent",
            data={"identity": "group_only"} | DAY | {"purpose": purpose},
        )

    client.post(f"/en/stories/{told_story.id}/withdraw", data={"purpose": "report"})

    assert len(list_public_stories(grant.award.call, utcnow().date())) == 1
    client.post(f"/en/stories/{told_story.id}/withdraw", data={"purpose": "public_page"})
    assert list_public_stories(grant.award.call, utcnow().date()) == []


def test_conversation_that_was_still_to_come_when_the_grant_ended_asks_for_nothing(db_session, client_for):
    grant = active_grant()
    check_in = grant.check_in("month_6")
    SafetyFlagFactory(check_in=check_in)
    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=grant.manager, now=utcnow())

    page = client_for(grant.signer).get(f"/en/check-ins/{check_in.id}")
    files = client_for(grant.signer).get(f"/en/check-ins/{check_in.id}/files")
    staff = client_for(grant.manager).get(f"/en/fund/check-ins/{check_in.id}")

    assert (page.status_code, files.status_code, staff.status_code) == (200, 302, 200)
    assert "Send to the fund" not in page.text
    assert "Offer this conversation" not in staff.text
    assert "Save the conversation" not in staff.text
