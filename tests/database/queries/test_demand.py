"""What groups ask for, added up in the database: the same as counting one by one, to the penny."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, ClaimStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import Call
from fundapp.models.organisation import ByAndForClaim, Organisation
from fundapp.queries.call_money import NOT_ASKED, GroupFacts, parts_of, pence, purpose_of
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.demand import Place, load_demand
from fundapp.queries.ledger import tags_of
from fundapp.queries.ring_fences import Stage, report
from tests.database.crowd import add_varied_crowd
from tests.factories import ApplicationFactory, AwardFactory, CallFactory, PartnerShareFactory
from tests.ledger import group
from tests.published import published_with

pytestmark = pytest.mark.usefixtures("db_session")


def place_of(application: Application) -> Place:
    status = application.status
    if application.stage is ApplicationStage.FULL:
        return Place.INVITED if status is ApplicationStatus.DRAFT else Place.FULL
    return {
        ApplicationStatus.DRAFT: Place.DRAFT,
        ApplicationStatus.SUBMITTED: Place.WAITING,
        ApplicationStatus.DECLINED: Place.TURNED_DOWN,
    }.get(status, Place.FOUND)


def facts_of(organisation_id: object, call: Call) -> GroupFacts:
    organisation = db.session.get(Organisation, organisation_id)
    assert organisation is not None
    claims = db.session.execute(
        sa.select(ByAndForClaim).where(
            ByAndForClaim.organisation_id == organisation_id, ByAndForClaim.call_id == call.id
        )
    ).scalars()
    income = organisation.annual_income
    return GroupFacts(
        income_pence=None if income is None else pence(income),
        borough=organisation.borough,
        is_first_time=organisation.is_first_time,
        claims={claim.community: claim.status for claim in claims},
    )


def counted_one_by_one(call: Call) -> Counter[tuple[object, ...]]:
    """Pence and leads by round, place and tag, sure ("") or only if confirmed ("?")."""
    definition, found = definition_of(current_version(call)), Counter[tuple[object, ...]]()
    query = sa.select(Application).where(
        Application.call_id == call.id,
        Application.amount_requested.is_not(None),
        Application.status.not_in(NOT_ASKED),
    )
    for application in db.session.execute(query).scalars():
        parts = parts_of(application, pence(application.amount_requested))
        for number, part in enumerate(parts):
            facts = facts_of(part.organisation_id, call)
            sure, maybe = tags_of(definition, facts, purpose_of(application))
            where = (application.round_id, place_of(application))
            for tag in (*(each for each in sure if ":" not in each), *(f"?{each}" for each in maybe)):
                found[(*where, tag, "pence")] += part.pence
                found[(*where, tag, "leads")] += number == 0
            found[(*where, facts.borough or "", "pence")] += part.pence
            found[(*where, facts.borough or "", "leads")] += number == 0
    return +found


def test_sums_of_the_database_are_those_of_counting_one_by_one() -> None:
    call = CallFactory()
    add_varied_crowd(call, 230, panel_of=20)
    call = get_call(call.id)

    demand, found = load_demand(call, definition_of(current_version(call))), Counter[tuple[object, ...]]()
    for (*where, sure, maybe), (pounds, leads) in demand.by_tags.items():
        for tag in (*sure, *(f"?{each}" for each in maybe)):
            found += Counter({(*where, tag, "pence"): pounds, (*where, tag, "leads"): leads})
    for (*where, borough), (pounds, leads) in demand.by_borough.items():
        found += Counter({(*where, borough, "pence"): pounds, (*where, borough, "leads"): leads})

    assert +found == counted_one_by_one(call)


def test_shares_that_do_not_add_up_lose_no_penny() -> None:
    call = CallFactory()
    lead, second, third = (
        group(call, status) for status in (ClaimStatus.CONFIRMED, ClaimStatus.DECLARED, None)
    )
    asked = ApplicationFactory(call=call, organisation=lead, amount_requested=Decimal("0.10"), eoi_sent=True)
    for number, organisation in enumerate((lead, second, third)):
        PartnerShareFactory(application=asked, organisation=organisation, amount=7, is_lead=number == 0)

    found = load_demand(call, definition_of(current_version(call))).asked({Place.WAITING})

    assert found.all == (10, 1)
    assert (found.confirmed["BYFOR"], found.if_confirmed["BYFOR"]) == ((4, 1), (7, 1))


def test_rule_for_some_boroughs_counts_groups_there_in_demand_and_awards() -> None:
    call = CallFactory()
    first, *rest = call.versions[-1].content["ring_fences"]
    who = {"all": [{"eq": ["by_and_for", "yes"]}, {"in": ["borough", "Hackney", "Newham"]}]}
    published_with(call, ring_fences=[first | {"who": who}, *rest])
    for borough in ("Hackney", "Newham", "Barnet"):
        organisation = group(call, ClaimStatus.CONFIRMED, borough=borough)
        ApplicationFactory(call=call, organisation=organisation, eoi_sent=True)
        AwardFactory(
            application__call=call,
            application__organisation=group(call, ClaimStatus.CONFIRMED, borough=borough),
            amount=Decimal(1_000),
        )

    found = report(call).line("BYFOR")

    assert found.figures.confirmed.reached == 200_000
    sent = next(stage for stage in found.stages if stage.stage is Stage.SENT)
    assert sent.confirmed == 16_000_000  # two that only asked, two with an award
