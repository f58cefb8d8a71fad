"""Planned, awarded and paid: every sum follows what happens to a grant, in the year in which it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.award import Clawback
from fundapp.models.call import Call
from fundapp.queries.budget import Budget, load_budget, receipts_of
from fundapp.services.clawbacks import ask_back, correct_receipt, propose_clawback, receive_back
from fundapp.services.grants import terminate_award
from fundapp.services.instalments import approve_instalment, pay_instalment
from fundapp.services.payment_holds import agree_to_hold, ask_to_hold
from scoring.budget import Receipt, Sums
from tests.award_recount import award_rows, recount
from tests.budget_recount import check_budget
from tests.factories import AwardFactory, AwardShareFactory, CallFactory
from tests.grants import Grant, active_grant, grant_in_principle, more_time
from tests.ledger import group, worked_ledger

pytestmark = pytest.mark.usefixtures("db_session")


def checked(call: Call, now: datetime | None = None) -> Budget:
    db.session.expire_all()
    found = load_budget(call, now=now or utcnow())
    awards = award_rows(call.id)
    check_budget(found, awards, recount(call.id, awards))
    return found


def pay(grant: Grant, number: int, on: datetime) -> None:
    with unit_of_work():
        approve_instalment(grant.payments[number], actor=grant.manager, now=on)
    with unit_of_work():
        pay_instalment(grant.payments[number], actor=grant.finance, now=on)


def test_worked_ledger_of_the_reference_call_line_by_line() -> None:
    found = checked(worked_ledger())

    assert (found.whole.planned, found.whole.remaining) == (276_000_000, 238_000_000)
    assert found.whole.sums == Sums(awarded=38_000_000, not_agreed=38_000_000, gone=8_000_000)
    assert {line.key: (line.planned, line.counted) for line in found.ring_fences}["BYFOR"] == (
        180_000_000,
        20_000_000,
    )


def test_each_thing_that_happens_moves_its_own_sums() -> None:
    """40,000 pounds in two payments and 30,000 that is not signed yet, both by hand."""
    grant = active_grant(amount="40000.00")
    call = grant.award.call
    grant_in_principle(call, amount="30000.01", strand="A")

    pay(grant, 0, utcnow())
    paid = checked(call).whole.sums
    with unit_of_work():
        ask_to_hold(
            grant.payments[1], reason="Closed.", review_on=date(2099, 1, 1), actor=grant.manager, now=utcnow()
        )
    with unit_of_work():
        agree_to_hold(grant.payments[1], actor=grant.other_manager, now=utcnow())
    held = checked(call).whole.sums
    clawback = asked_back(grant, "5000.01")
    asked = checked(call).whole.sums
    receive(grant, clawback, "2000.00")
    came = checked(call).whole.sums
    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=grant.manager, now=utcnow())
    ended = checked(call)

    signed = Sums(awarded=7_000_001, agreed=4_000_000, not_agreed=3_000_001, paid=2_000_000, to_pay=2_000_000)
    assert paid == signed
    assert held == changed(signed, held=2_000_000)
    assert asked == changed(signed, held=2_000_000, on_its_way=500_001)
    assert came == changed(signed, held=2_000_000, on_its_way=300_001, came_back=200_000)
    assert ended.whole.sums == Sums(
        awarded=5_000_001,
        agreed=2_000_000,
        not_agreed=3_000_001,
        paid=2_000_000,
        came_back=200_000,
        on_its_way=300_001,
        gone=2_000_000,
    )
    assert ended.whole.remaining == 276_000_000 - 5_000_001 + 200_000


def changed(sums: Sums, **others: int) -> Sums:
    return replace(sums, **others)


def asked_back(grant: Grant, amount: str) -> Clawback:
    with unit_of_work():
        clawback = propose_clawback(
            grant.award, amount=Decimal(amount), reason="Not used.", actor=grant.manager, now=utcnow()
        )
    with unit_of_work():
        ask_back(clawback, actor=grant.finance, now=utcnow())
    return clawback


def receive(grant: Grant, clawback: Clawback, amount: str, on: datetime | None = None) -> None:
    with unit_of_work():
        receive_back(
            clawback,
            amount=Decimal(amount),
            version=clawback.version,
            actor=grant.finance,
            now=on or utcnow(),
        )


def test_money_stands_in_the_financial_year_of_its_day_in_london() -> None:
    grant = active_grant(amount="40000.00", starts_on=date(2027, 3, 1), awarded_on=date(2027, 2, 1))
    last_minute = datetime(2027, 3, 31, 22, 59, tzinfo=UTC)  # 23:59 in London
    next_year = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
    with unit_of_work():
        pay_on_time = grant.payments[0]
        approve_instalment(pay_on_time, actor=grant.manager, now=last_minute)
        pay_instalment(pay_on_time, actor=grant.finance, now=last_minute)
    clawback = asked_back(grant, "900.00")
    receive(grant, clawback, "100.00", last_minute)
    receive(grant, clawback, "200.00", next_year)

    years = {line.key: line.sums for line in checked(grant.award.call).years}

    assert (years["2026/27"].paid, years["2026/27"].came_back) == (2_000_000, 10_000)
    assert (years["2027/28"].paid, years["2027/28"].came_back) == (0, 20_000)
    assert (years["2026/27"].awarded, years["2026/27"].agreed) == (4_000_000, 2_000_000)
    assert (years["2027/28"].agreed, years["2027/28"].to_pay) == (2_000_000, 2_000_000)


def test_correction_takes_from_what_was_noted_last() -> None:
    first, second = date(2027, 3, 1), date(2027, 5, 1)
    noted = [
        (first, "receive_part", {"amount": "100.00"}),
        (second, "receive_part", {"amount": "50.00"}),
        (second, "correct", {"received": "120.00"}),
    ]

    assert receipts_of(noted, 12_000, first) == (Receipt(10_000, first), Receipt(2_000, second))
    assert receipts_of(noted, 3_000, first) == (Receipt(3_000, first),)
    assert receipts_of((), 700, second) == (Receipt(700, second),)
    assert receipts_of((), 0, second) == ()


def test_corrected_receipt_leaves_the_budget_right() -> None:
    grant = active_grant(amount="40000.00")
    pay(grant, 0, utcnow())
    clawback = asked_back(grant, "300.00")
    receive(grant, clawback, "200.00")
    with unit_of_work():
        correct_receipt(
            clawback,
            received=Decimal("150.00"),
            reason="It was less.",
            version=clawback.version,
            actor=grant.finance,
            now=utcnow(),
        )

    sums = checked(grant.award.call).whole.sums

    assert (sums.came_back, sums.on_its_way) == (15_000, 15_000)


def test_more_time_moves_the_payment_to_a_later_month_and_no_sum() -> None:
    grant = active_grant(amount="40000.00")
    pay(grant, 0, utcnow())
    before = checked(grant.award.call)
    due_on = grant.payments[1].due_on

    more_time(grant, until=date(2099, 12, 31))

    after = checked(grant.award.call)
    assert after.whole == before.whole
    assert [line.month for line in before.cash] == [due_on.replace(day=1)]
    assert [line.month for line in after.cash] == [grant.payments[1].due_on.replace(day=1)]
    assert grant.payments[1].due_on > due_on


def test_partners_count_by_their_own_part() -> None:
    call = CallFactory(deciding=True)
    award = AwardFactory(
        application__call=call, application__organisation=group(call, None), amount=Decimal("1000.01")
    )
    AwardShareFactory(award=award, organisation=award.organisation, amount=Decimal("600.00"))
    AwardShareFactory(award=award, organisation=group(call, None), amount=Decimal("400.01"))

    small = next(line for line in checked(call).ring_fences if line.key == "SMALL")

    assert small.sums.awarded == 100_001


def test_as_many_queries_for_three_grants_as_for_one(count_queries: Callable[..., Any]) -> None:
    call = CallFactory(deciding=True)
    found = []
    for number in (1, 2):
        for _each in range(number):
            grant_in_principle(call)
        db.session.expire_all()
        with count_queries() as queries:
            load_budget(call, now=utcnow())
        found.append(queries.number)

    assert found[0] == found[1]
