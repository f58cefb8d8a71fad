"""A grant is read by somebody before it goes into open data: who may, what is refused, what is seen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import CallStatus
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.publication import GrantPublication
from fundapp.queries.openness import figures_of
from fundapp.services.grants import describe_award
from fundapp.services.publications import LessNeedsReason, PublicationChoice, review_grant
from tests.factories import (
    AwardFactory,
    CallFactory,
    ConflictFactory,
    DecisionFactory,
    FundRoleFactory,
    RatificationFactory,
)

WORDS = {"title": "Kitchen for sisters", "summary": "A kitchen where women cook and talk."}


@pytest.fixture
def award(db_session):
    call = CallFactory(closed=True, status=CallStatus.DECIDED)
    RatificationFactory(round=call.rounds[0], released=True)
    award = AwardFactory(application__call=call, application__organisation__name="Lamp circle")
    DecisionFactory(application=award.application, ratified_at=utcnow())
    return award


@pytest.fixture
def manager(award):
    return FundRoleFactory(fund=award.call.fund).user


def review(client_for, person, award, **typed):
    browser = client_for(person)
    return browser.post(f"/en/fund/awards/{award.id}/open-data", data=WORDS | typed)


def publication_of(award):
    query = sa.select(GrantPublication).where(GrantPublication.award_id == award.id)
    return db.session.execute(query).scalar_one_or_none()


def grants(client, award):
    page = client.get(f"/open-data/{award.call.code}.json")
    return page.get_json()["grants"] if page.status_code == 200 else []


def test_grant_is_in_open_data_once_somebody_has_read_it(client, client_for, manager, award):
    assert grants(client, award) == []

    page = review(client_for, manager, award, decision="publish")

    assert page.status_code == 302
    (grant,) = grants(client, award)
    assert (grant["title"], grant["description"]) == (WORDS["title"], WORDS["summary"])
    assert publication_of(award).reviewed_by_id == manager.id
    steps = db.session.execute(sa.select(Event.step).where(Event.subject_kind == "grant_publication"))
    assert list(steps.scalars()) == ["publish"]


@pytest.mark.parametrize(
    "typed",
    [
        {"decision": "hold"},
        {"decision": "publish", "is_coarse": "yes"},
        {
            "decision": "publish",
            "not_before-day": "1",
            "not_before-month": "5",
            "not_before-year": "2199",
        },
    ],
)
def test_less_than_everything_needs_a_reason_and_nothing_typed_is_lost(client_for, manager, award, typed):
    page = review(client_for, manager, award, **typed)

    assert page.status_code == 422
    assert "Write why less than everything is published." in page.text
    assert WORDS["summary"] in page.text
    assert publication_of(award) is None

    assert review(client_for, manager, award, **typed, reason="They move house.").status_code == 302


def test_postcode_in_the_words_is_shown_once_more_before_it_is_stored(client_for, manager, award):
    typed = {"decision": "publish", "summary": "A kitchen at E8 1AB."}

    page = review(client_for, manager, award, **typed)

    assert page.status_code == 422
    assert "looks like a postcode" in page.text
    assert publication_of(award) is None
    assert review(client_for, manager, award, **typed, seen="E8 1AB").status_code == 302


def test_decision_of_a_colleague_is_not_written_over_unseen(client, client_for, manager, award):
    page = f"/en/fund/awards/{award.id}/open-data"
    seen = seen_on(client_for(manager).get(page))
    colleague = FundRoleFactory(fund=award.call.fund).user
    review(client_for, colleague, award, decision="hold", reason="They are followed.", seen_text=seen)

    late = review(client_for, manager, award, decision="publish", summary="Stoves.", seen_text=seen)

    assert (late.status_code, publication_of(award).is_published, grants(client, award)) == (409, False, [])
    assert ("They are followed." in late.text, "Stoves." in late.text) == (True, True)
    assert WORDS["summary"] in late.text
    again = review(client_for, manager, award, decision="publish", summary="Stoves.", seen_text=seen_on(late))
    assert (again.status_code, publication_of(award).is_published) == (302, True)


def seen_on(page):
    return re.search(r'name="seen_text" value="(\w+)"', page.text)[1]


def test_words_that_change_later_have_to_be_read_again(client, client_for, manager, award):
    review(client_for, manager, award, decision="publish")
    with unit_of_work():
        describe_award(award, title="Amina's flat", summary="In her flat.", actor=manager, now=utcnow())

    assert grants(client, award) == []
    page = client_for(manager).get(f"/en/fund/calls/{award.call.id}/open-data")
    assert "The words have changed: read it again" in page.text


def test_words_that_change_later_show_nothing_that_was_withheld_before(client, client_for, manager, award):
    def results_after(**typed):
        review(client_for, manager, award, decision="publish", reason="At risk.", **typed)
        with unit_of_work():
            describe_award(award, title="Amina's flat", summary="In her flat.", actor=manager, now=utcnow())
        return client.get(f"/en/calls/{award.call.code}/results").text

    def money():
        return figures_of(award.call, utcnow().date())["money"]

    later = utcnow().date() + timedelta(days=9)
    coarse = results_after(is_coarse="yes")
    unread = (money()["not_published_yet_grants"], money()["withheld_grants"])
    waiting = results_after(
        **{"not_before-day": later.day, "not_before-month": later.month, "not_before-year": later.year}
    )
    withheld = (money()["not_published_yet_grants"], money()["withheld_grants"])

    assert publication_of(award).is_outdated
    assert "Lamp circle" in coarse
    assert "Hackney" not in coarse
    assert "Lamp circle" not in waiting
    assert grants(client, award) == []
    assert (unread, withheld) == ((1, 0), (0, 1))


def test_held_grant_is_not_named_on_the_results_page_and_a_coarse_one_has_no_borough(
    client, client_for, manager, award
):
    results = f"/en/calls/{award.call.code}/results"
    assert "Lamp circle" in client.get(results).text

    review(client_for, manager, award, decision="publish", is_coarse="yes", reason="At risk.")
    coarse = client.get(results).text
    review(client_for, manager, award, decision="hold", reason="At risk.")
    held = client.get(results).text

    assert "Lamp circle" in coarse
    assert "Hackney" not in coarse
    assert "Lamp circle" not in held
    assert "At risk." not in coarse + held


def test_somebody_with_a_tie_or_without_the_right_does_not_read_it(client_for, manager, award):
    tied = FundRoleFactory(fund=award.call.fund).user
    ConflictFactory(call_id=award.call.id, user_id=tied.id, organisation_id=award.organisation_id)
    finance = FundRoleFactory(fund=award.call.fund, kind=FundRoleKind.FINANCE).user

    for person in (tied, finance):
        assert review(client_for, person, award, decision="publish").status_code in (403, 404)
    listed = client_for(tied).get(f"/en/fund/calls/{award.call.id}/open-data").text
    assert "Lamp circle" not in listed
    assert "Lamp circle" in client_for(manager).get(f"/en/fund/calls/{award.call.id}/open-data").text


def test_choice_can_be_changed_back_and_forth(award, manager):
    def choose(**choice):
        with unit_of_work():
            return review_grant(award, PublicationChoice(**choice), **WORDS, actor=manager, now=utcnow())

    later = utcnow().date() + timedelta(days=9)
    choose(is_published=False, reason="Not yet.")
    choose(is_published=True, not_before=later, is_coarse=True, reason="Later.")
    found = choose(is_published=True)

    assert (found.is_published, found.reason, found.not_before) == (True, None, None)
    with pytest.raises(LessNeedsReason):
        choose(is_published=False)
