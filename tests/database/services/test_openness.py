"""Figures of a call that everybody may read: what they say, what they hide, when they are made."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.organisation import Organisation
from fundapp.models.published_figures import PublishedFigures
from fundapp.queries.openness import figures_of, find_published_figures
from fundapp.queries.ring_fences import report as ring_fence_report
from fundapp.queries.ring_fences import report_as_data
from fundapp.services.openness import AGAIN_AFTER, publish_all_figures, publish_figures
from tests.a_told_call import SECRET, ask, told_call
from tests.factories import CallFactory, OrganisationFactory, RatificationFactory, UserFactory
from tests.grants import active_grant


@pytest.fixture
def call(db_session):
    return told_call()


def rows(figures, part):
    return {row["key"]: (row["asked"], row["funded"], row["amount"]) for row in figures[part]}


def publish(call, days=0):
    with unit_of_work():
        return publish_figures(call, now=utcnow() + timedelta(days=days))


def test_boroughs_with_fewer_than_five_grants_and_confidential_groups_are_shown_together(call):
    figures = figures_of(call, utcnow().date())

    assert rows(figures, "boroughs") == {
        "Hackney": (12, 7, "210147.00"),
        "Newham": (6, 6, "180105.00"),
        "Ealing": (5, 0, "0.00"),
        "together": (17, 6, "162387.00"),
    }


def test_money_by_community_and_income_is_what_the_ring_fences_count(call):
    figures = figures_of(call, utcnow().date())

    fences = {line["key"]: line for line in report_as_data(ring_fence_report(call))["ring_fences"]}
    assert rows(figures, "communities")["migrant"] == (18, 13, fences["MIGRANT"]["confirmed"]["reached"])
    published = {line["key"]: line["reached"] for line in figures["ring_fences"]}
    assert published["BYFOR"] == fences["BYFOR"]["confirmed"]["reached"]
    assert "BOROUGH" not in published


def test_withheld_grants_are_counted_and_nothing_of_the_group_is_said(call):
    figures = figures_of(call, utcnow().date())

    assert figures["money"]["withheld_grants"] == 1
    assert figures["money"]["withheld"] == "12345.00"
    assert SECRET not in json.dumps(figures)


def test_burden_is_the_promised_hours_of_one_group_times_the_groups(call):
    burden = figures_of(call, utcnow().date())["burden"]

    # 40 groups 1 h and 6 h each, 19 grants 9 h each, at £115 for seven hours
    assert (burden["hours_applying"], burden["hours_afterwards"]) == ("280", "171")
    assert burden["cost"] == "7409.29"


def test_nothing_is_published_before_everybody_has_been_told(db_session):
    call = CallFactory(closed=True)
    RatificationFactory(round=call.rounds[0])

    assert publish(call) is None
    assert figures_of(call, utcnow().date()) is None


def test_figures_stand_for_a_quarter_whatever_one_group_does(call):
    first = publish(call)
    award = db.session.execute(sa.select(Organisation).where(Organisation.borough == "Hackney")).scalars()
    with unit_of_work():
        next(iter(award)).borough = "Newham"

    assert publish(call, days=1) is None
    assert find_published_figures(call).content == first.content
    assert publish(call, days=AGAIN_AFTER.days + 1) is not None
    assert find_published_figures(call).content != first.content


def test_group_that_asks_not_to_be_named_changes_the_figures_the_next_morning(call):
    publish(call)
    with unit_of_work():
        query = sa.select(Organisation).where(Organisation.borough == "Newham", Organisation.name != SECRET)
        db.session.execute(query).scalars().first().is_confidential = True

    with unit_of_work():
        publish_all_figures(now=utcnow() + timedelta(days=1))

    newest = find_published_figures(call).content
    assert newest["money"]["withheld_grants"] == 2
    assert db.session.execute(sa.select(sa.func.count(PublishedFigures.id))).scalar_one() == 2


def test_days_until_the_first_money_are_shown_for_six_groups_and_more(db_session):
    call = CallFactory(closed=True)
    for number in range(6):
        grant = active_grant(call)
        first = grant.payments[0]
        with unit_of_work():
            accepted = grant.award.accepted_at
            first.approved_by_id, first.paid_by_id = UserFactory(staff=True).id, UserFactory(staff=True).id
            first.paid_at = accepted + timedelta(days=10 + 10 * number)
            first.status = "paid"
        if number == 4:
            assert figures_of(call, utcnow().date())["first_payments"] is None

    found = figures_of(call, utcnow().date())["first_payments"]

    assert found == {"promised_days": 30, "middle_days": 30, "late_for": "few"}


def test_a_call_with_four_groups_shows_no_numbers_of_groups(db_session):
    call = CallFactory(closed=True)
    RatificationFactory(round=call.rounds[0], released=True)
    for _each in range(4):
        ask(call, OrganisationFactory(), amount=Decimal(5000))

    figures = figures_of(call, utcnow().date())

    assert rows(figures, "boroughs") == {"together": (None, None, "20000.00")}
    assert rows(figures, "incomes") == {"together": (None, None, "20000.00")}
    assert {row["groups"] for row in figures["answers"]} == {None, 0}


def test_nobody_finds_two_groups_without_a_grant_by_taking_the_grants_from_the_rest(db_session):
    call = CallFactory(closed=True)
    RatificationFactory(round=call.rounds[0], released=True)
    for number in range(12):
        ask(call, OrganisationFactory(), amount=Decimal(5000) if number < 10 else None)

    figures = figures_of(call, utcnow().date())

    assert figures["groups"] == {
        "eois": None,
        "full": None,
        "grants": 10,
        "percent_of_eois": None,
        "percent_of_full": None,
    }
    assert {row["key"]: row["groups"] for row in figures["answers"]} == {"award": 10, "together": None}
