"""The worked ledger of the reference call, and who counts for what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import AwardStatus, ClaimStatus, InstalmentStatus
from fundapp.models.call import Call
from fundapp.queries.call_money import Part, split_parts
from fundapp.queries.calls import get_call
from fundapp.queries.ring_fences import Stage, report, report_as_data
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    AwardShareFactory,
    CallFactory,
    DecisionFactory,
    InstalmentFactory,
    OrganisationFactory,
    PartnerShareFactory,
    days,
)
from tests.ledger import group, worked_ledger

pytestmark = pytest.mark.usefixtures("db_session")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    engine = db.session.connection().engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def figures_of(call: Call, key: str) -> dict[str, Any]:
    data = report_as_data(report(call))
    return next(each for each in data["ring_fences"] if each["key"] == key)


def test_worked_ledger_gives_exactly_the_figures_of_the_reference_call() -> None:
    call = worked_ledger()

    data = report_as_data(report(get_call(call.id)))

    assert (data["grant_pot"], data["live"], data["unawarded"]) == ("2760000.00", "380000.00", "2380000.00")
    byfor = figures_of(call, "BYFOR")
    assert byfor["required"] == "1800000.00"
    assert byfor["confirmed"] == {
        "reached": "200000.00",
        "needed": "1600000.00",
        "headroom": "780000.00",
        "percent_of_awards": "52.6",
        "percent_of_required": "11.1",
        "met": False,
        "possible": True,
    }
    assert byfor["if_confirmed"] == {
        "reached": "260000.00",
        "needed": "1540000.00",
        "headroom": "840000.00",
        "percent_of_awards": "68.4",
        "percent_of_required": "14.4",
        "met": False,
        "possible": True,
    }


def test_terminated_award_counts_only_what_was_paid() -> None:
    call = CallFactory(deciding=True)
    award = AwardFactory(
        application__call=call,
        organisation=group(call, ClaimStatus.CONFIRMED),
        amount=Decimal(80_000),
        status=AwardStatus.TERMINATED,
        accepted_at=days(-9),
    )
    InstalmentFactory(award=award, amount=Decimal(20_000), status=InstalmentStatus.PAID, paid_at=days(-5))

    data = report_as_data(report(call))

    assert (data["live"], data["unawarded"]) == ("20000.00", "2740000.00")
    assert figures_of(call, "BYFOR")["confirmed"]["reached"] == "20000.00"


def test_one_award_counts_for_several_ring_fences() -> None:
    call = CallFactory(deciding=True)
    organisation = group(call, ClaimStatus.CONFIRMED, migrant=ClaimStatus.CONFIRMED)
    AwardFactory(application__call=call, organisation=organisation, amount=Decimal(50_000))

    reached = {
        each["key"]: each["confirmed"]["reached"] for each in report_as_data(report(call))["ring_fences"]
    }

    assert reached == {
        "BYFOR": "50000.00",
        "MIGRANT": "50000.00",
        "SMALL": "50000.00",
        "MICRO": "0.00",
        "NEW": 1,
        "BOROUGH": "50000.00",
    }


@pytest.mark.parametrize(("lead_is_new", "reached"), [(True, 1), (False, 0)])
def test_partnership_counts_by_number_for_its_lead_whoever_gets_most(lead_is_new: bool, reached: int) -> None:
    call = CallFactory(deciding=True)
    lead = OrganisationFactory(is_first_time=lead_is_new)
    other = OrganisationFactory(is_first_time=not lead_is_new)
    award = AwardFactory(application__call=call, application__organisation=lead, amount=Decimal(30_000))
    AwardShareFactory(award=award, organisation=lead, amount=Decimal(10_000))
    AwardShareFactory(award=award, organisation=other, amount=Decimal(20_000))

    assert figures_of(call, "NEW")["confirmed"]["reached"] == reached


def test_stages_show_the_way_from_asked_to_paid() -> None:
    call = CallFactory(deciding=True)
    lead, partner = group(call, ClaimStatus.CONFIRMED), group(call, None)
    ApplicationFactory(call=call, organisation=group(call, ClaimStatus.DECLARED))
    sent = ApplicationFactory(
        call=call, organisation=lead, at_panel=True, strand_code="B", amount_requested=Decimal(90_000)
    )
    PartnerShareFactory(application=sent, organisation=lead, amount=Decimal(60_000), is_lead=True)
    PartnerShareFactory(application=sent, organisation=partner, amount=Decimal(30_000))
    DecisionFactory(application=sent, amount=Decimal(45_000))
    award = AwardFactory(application__call=call, organisation=group(call, ClaimStatus.CONFIRMED), active=True)
    InstalmentFactory(award=award, status=InstalmentStatus.PAID, paid_at=days(-1))

    stages = {
        each.stage: (each.confirmed, each.if_confirmed, each.total)
        for each in report(call).line("BYFOR").stages
    }

    assert stages == {
        Stage.DRAFTED: (0, 4_000_000, 4_000_000),
        Stage.SENT: (6_000_000, 6_000_000, 13_000_000),
        Stage.ELIGIBLE: (6_000_000, 6_000_000, 13_000_000),
        Stage.LISTED: (3_000_000, 3_000_000, 4_500_000),
        Stage.IN_PRINCIPLE: (4_000_000, 4_000_000, 4_000_000),
        Stage.ACCEPTED: (4_000_000, 4_000_000, 4_000_000),
        Stage.PAID: (2_000_000, 2_000_000, 2_000_000),
    }


@pytest.mark.parametrize("shares", [1, 3])
def test_report_needs_the_same_queries_for_any_number_of_awards(shares: int) -> None:
    call = CallFactory(deciding=True)
    for _number in range(shares):
        award = AwardFactory(application__call=call, organisation=group(call, ClaimStatus.CONFIRMED))
        AwardShareFactory(award=award, organisation=award.organisation, amount=Decimal(40_000))
    db.session.flush()
    db.session.expire_all()
    call = get_call(call.id)

    with counted_queries() as seen:
        report(call)

    assert len(seen) == 11


def test_split_parts_loses_no_penny() -> None:
    parts = [Part(OrganisationFactory().id, pence) for pence in (1, 1, 1)]

    assert [part.pence for part in split_parts(100, parts)] == [34, 33, 33]
