"""Open data against the official 360Giving schema, and what never stands in it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.db import db, unit_of_work
from fundapp.lifecycles import AwardStatus
from fundapp.models.publication import GrantPublication
from fundapp.queries.open_data import Withheld, package_for, withheld
from fundapp.queries.places import BOROUGH_CODES
from tests.factories import (
    AwardFactory,
    AwardShareFactory,
    ByAndForClaimFactory,
    CallFactory,
    GrantPublicationFactory,
    OrganisationFactory,
    RatificationFactory,
    days,
)
from tests.grants import active_grant, more_time
from tests.standard_360 import REQUIRED, problems

TODAY = date(2027, 8, 1)
ALLOWED = REQUIRED | {
    *("amountAppliedFor", "plannedDates", "beneficiaryLocation", "grantProgramme"),
    *("fromOpenCall", "dateModified", "deiDetails"),
}


@pytest.fixture
def call(db_session):
    call = CallFactory(closed=True)
    RatificationFactory(round=call.rounds[0], released=True)
    return call


def award(call, *, group=None, **traits):
    organisation = OrganisationFactory(**(group or {}))
    made = AwardFactory(application__call=call, application__organisation=organisation, **traits)
    GrantPublicationFactory(award=made)
    return made


def test_package_is_valid_by_the_official_schema(call):
    award(call)
    award(call, active=True, group={"borough": None, "charity_number": "1 234567"})
    award(call, group={"borough": "Atlantis", "company_number": "01234567"}, amount=Decimal("30000.07"))

    package = package_for(call, TODAY)

    assert problems(package) == []
    assert len(package["grants"]) == 3


def test_schema_refuses_what_is_wrong(call):
    award(call)
    package = package_for(call, TODAY)
    grant = package["grants"][0]

    for change in ({"amountAwarded": "60000"}, {"awardDate": "2027-13-01"}, {"currency": "POUNDS"}):
        assert problems(package | {"grants": [grant | change]}) != [], change
    assert problems(package | {"grants": [{k: v for k, v in grant.items() if k != "awardDate"}]}) != []


def test_grant_holds_only_what_the_allow_list_names(call):
    made = award(call, active=True)
    AwardShareFactory(award=made, organisation=OrganisationFactory(name="Partner circle"), amount=5000)

    package = package_for(call, TODAY)

    (grant,) = package["grants"]
    assert grant.keys() <= ALLOWED
    assert grant["recipientOrganization"] == [
        {"id": made.organisation.public_id, "name": made.organisation.name}
    ]
    assert grant["beneficiaryLocation"] == [
        {"name": "Hackney", "geoCode": "E09000012", "geoCodeType": "LONB", "countryCode": "GB"}
    ]
    assert grant["grantProgramme"][0]["code"] == call.code
    assert package["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "Partner circle" not in json.dumps(package)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"charity_number": "1234567"}, "GB-CHC-1234567"),
        ({"charity_number": "sc 012345"}, "GB-SC-SC012345"),
        ({"charity_number": "NIC100012"}, "GB-NIC-NIC100012"),
        ({"company_number": "01234567"}, "GB-COH-01234567"),
        ({"company_number": "01234567", "charity_number": "1234567"}, "GB-CHC-1234567"),
    ],
)
def test_registered_group_is_known_by_its_register(call, numbers, expected):
    award(call, group=numbers)

    assert package_for(call, TODAY)["grants"][0]["recipientOrganization"][0]["id"] == expected


@pytest.mark.parametrize("number", ["we do not know", "12/34", "١٢٣", " "])
def test_number_that_no_register_has_is_left_out(call, number):
    made = award(call, group={"charity_number": number})

    assert package_for(call, TODAY)["grants"][0]["recipientOrganization"] == [
        {"id": made.organisation.public_id, "name": made.organisation.name}
    ]


SECRETS = {"name": "Quiet Harbour circle", "borough": "Barnet", "charity_number": "7654321"}


@pytest.mark.parametrize("where", ["award", "organisation", "application"])
def test_confidential_group_appears_nowhere_and_is_counted(call, where):
    award(call)
    hidden = award(call, group=SECRETS, amount=Decimal("12345.00"), public_summary="A quiet house in Barnet")
    with unit_of_work():
        subject = {"award": hidden, "organisation": hidden.organisation, "application": hidden.application}[
            where
        ]
        subject.is_confidential = True

    package = package_for(call, TODAY)

    written = json.dumps(package)
    told = [*SECRETS.values(), hidden.public_id, hidden.organisation.public_id, hidden.public_summary]
    assert [text for text in told if text in written] == []
    assert "Withheld for safety: 1 grants, 12345.00 pounds" in package["description"]
    assert withheld(call, TODAY) == Withheld(1, Decimal("12345.00"))
    assert problems(package) == []


def test_nothing_is_published_before_everybody_has_been_told(db_session):
    signed, unsigned = CallFactory(closed=True), CallFactory(closed=True)
    RatificationFactory(round=signed.rounds[0])
    for call in (signed, unsigned):
        award(call)
        award(call, is_confidential=True)

    for call in (signed, unsigned):
        assert package_for(call, TODAY)["grants"] == []
        assert withheld(call, TODAY) == Withheld(0, Decimal(0))


@pytest.mark.parametrize(
    ("status", "is_published"),
    [(status, True) for status in AwardStatus if status not in ("declined_by_grantee", "withdrawn")]
    + [(AwardStatus.DECLINED_BY_GRANTEE, False), (AwardStatus.WITHDRAWN, False)],
)
def test_award_that_was_not_taken_up_is_not_published(call, status, is_published):
    award(call, status=status, accepted_at=days(-1))

    assert (package_for(call, TODAY)["grants"] != []) is is_published


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2),
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200),
    borough=st.sampled_from([None, "", "atlantis", *BOROUGH_CODES]),
)
def test_any_amount_and_name_makes_a_valid_package(call, amount, name, borough):
    made = award(call, group={"name": name, "borough": borough}, amount=amount)

    package = json.loads(json.dumps(package_for(call, TODAY)))

    grant = next(each for each in package["grants"] if each["id"] == made.public_id)
    assert problems(package) == []
    assert grant["recipientOrganization"][0]["name"] == name
    assert Decimal(str(grant["amountAwarded"])) == amount


def test_package_needs_as_many_queries_for_three_as_for_one(db_session, count_queries):
    one, three = CallFactory(closed=True), CallFactory(closed=True)
    for call, number in ((one, 1), (three, 3)):
        RatificationFactory(round=call.rounds[0], released=True)
        for _each in range(number):
            award(call)
        package_for(call, TODAY)

    counts = []
    for call in (one, three):
        with count_queries() as queries:
            package_for(call, TODAY)
        counts.append(queries.number)

    assert counts[0] == counts[1]


def test_more_time_moves_the_published_end(db_session):
    grant = active_grant(starts_on=date(2027, 1, 31))
    GrantPublicationFactory(award=grant.award)
    call = grant.award.call

    as_awarded = dates_of(call)
    more_time(grant, until=date(2029, 4, 30))
    three_months_more = dates_of(call)
    more_time(grant, until=date(2029, 5, 20))

    start = {"startDate": "2027-01-31"}
    assert as_awarded == start | {"endDate": "2029-01-30", "duration": 24}
    assert three_months_more == start | {"endDate": "2029-04-30"}
    assert dates_of(call) == start | {"endDate": "2029-05-20"}
    package = package_for(call, TODAY)
    assert problems(package) == []
    assert package["modified"] >= package["issued"]


def test_published_months_are_those_of_the_extended_grant(db_session):
    grant = active_grant(starts_on=date(2027, 2, 1))
    GrantPublicationFactory(award=grant.award)

    more_time(grant, until=date(2029, 4, 30))

    assert dates_of(grant.award.call) == {
        "startDate": "2027-02-01",
        "endDate": "2029-04-30",
        "duration": 27,
    }


def dates_of(call):
    db.session.expire_all()
    (grant,) = package_for(call, TODAY)["grants"]
    (dates,) = grant["plannedDates"]
    return dates


def publication_of(made):
    query = sa.select(GrantPublication).where(GrantPublication.award_id == made.id)
    return db.session.execute(query).scalar_one()


def decide(made, **changes):
    with unit_of_work():
        for name, value in ({"reason": "Somebody asks for this group."} | changes).items():
            setattr(publication_of(made), name, value)


def test_grant_that_nobody_has_read_is_not_published_and_not_counted_as_withheld(call):
    unread = AwardFactory(application__call=call)
    award(call)

    package = package_for(call, TODAY)

    assert unread.public_id not in json.dumps(package)
    assert withheld(call, TODAY) == Withheld(0, Decimal(0))


def test_held_grant_and_grant_of_a_later_day_are_withheld_until_then(call):
    award(call)
    held, later = award(call), award(call)
    decide(held, is_published=False)
    decide(later, not_before=TODAY + timedelta(days=30))

    def ids(day):
        return {grant["id"] for grant in package_for(call, day)["grants"]}

    assert not ids(TODAY) & {held.public_id, later.public_id}
    assert withheld(call, TODAY).number == 2
    assert later.public_id in ids(TODAY + timedelta(days=30))
    assert held.public_id not in ids(TODAY + timedelta(days=300))


def test_coarse_grant_names_london_and_no_borough(call):
    decide(award(call, group={"borough": "Barnet"}), is_coarse=True)

    package = package_for(call, TODAY)

    assert package["grants"][0]["beneficiaryLocation"][0]["name"] == "London"
    assert "Barnet" not in json.dumps(package)
    assert problems(package) == []


SHARED = {"askedStatus": "AS200", "availableOptions": ["AO100"], "replyStatus": "RS200"}
NOT_SHARED = {"askedStatus": "AS200", "replyStatus": "RS203"}


@pytest.mark.parametrize(
    ("communities", "shares", "expected"),
    [
        (("by_and_for", "migrant"), True, SHARED | {"response": {"taxonomyCodes": ["DEI050000"]}}),
        (("by_and_for",), True, SHARED | {"response": {"taxonomyCodes": ["DEI010000"]}}),
        ((), True, SHARED | {"replyStatus": "RS201"}),
        (("by_and_for", "migrant"), False, NOT_SHARED),
    ],
)
def test_who_leads_a_group_is_said_only_with_its_leave(call, communities, shares, expected):
    made = award(call)
    for community in communities:
        ByAndForClaimFactory(organisation=made.organisation, call_id=call.id, community=community)
    decide(made, shares_dei=shares)

    package = package_for(call, TODAY)

    details = package["grants"][0]["deiDetails"]
    assert (details["leadership"], details["mission"]) == (expected, expected)
    assert problems(package) == []


@pytest.mark.parametrize(("hidden", "reply"), [(0, "RS201"), (1, "RS203"), (4, "RS203"), (5, "RS201")])
def test_who_leads_groups_is_not_said_where_few_hidden_ones_would_be_what_is_left(call, hidden, reply):
    decide(award(call), shares_dei=True)
    for _each in range(hidden):
        award(call, is_confidential=True)

    (grant,) = package_for(call, TODAY)["grants"]

    assert grant["deiDetails"]["leadership"]["replyStatus"] == reply
