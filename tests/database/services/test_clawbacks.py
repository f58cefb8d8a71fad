"""Money asked back: two people decide, the group hears, and every figure follows to the penny."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.lifecycles import AwardStatus, ClaimStatus, ClawbackStatus
from fundapp.models.award import Clawback
from fundapp.models.event import Event
from fundapp.queries.awards import get_board
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import list_clawbacks, most_to_ask_back
from fundapp.queries.ring_fences import Stage, report
from fundapp.services.clawbacks import (
    ClawbackNeedsReason,
    ClawbackTooHigh,
    ask_back,
    correct_receipt,
    drop_clawback,
    propose_clawback,
    receive_back,
)
from fundapp.services.grants import terminate_award
from fundapp.services.instalments import SamePerson, approve_instalment, pay_instalment
from tests.board import with_rules
from tests.factories import AwardShareFactory, ByAndForClaimFactory, CallFactory
from tests.grants import Grant, active_grant, mails_to
from tests.ledger import group

pytestmark = pytest.mark.usefixtures("db_session")
WHY = "Two of the three courses could not take place."


def paid_grant(amount: str = "40000.00") -> Grant:
    """Led by and for its community, with its first payment: half of the grant."""
    grant = active_grant(amount=amount)
    ByAndForClaimFactory(
        call_id=grant.award.call_id, organisation=grant.award.organisation, status=ClaimStatus.CONFIRMED
    )
    with unit_of_work():
        approve_instalment(grant.payments[0], actor=grant.manager, now=utcnow())
    with unit_of_work():
        pay_instalment(grant.payments[0], actor=grant.finance, now=utcnow())
    return grant


def propose(grant: Grant, amount: str, reason: str = WHY) -> Clawback:
    with unit_of_work():
        return propose_clawback(
            grant.award, amount=Decimal(amount), reason=reason, actor=grant.manager, now=utcnow()
        )


def asked(grant: Grant, amount: str) -> Clawback:
    clawback = propose(grant, amount)
    with unit_of_work():
        ask_back(clawback, actor=grant.finance, now=utcnow())
    return clawback


def receive(grant: Grant, clawback: Clawback, amount: str) -> None:
    with unit_of_work():
        receive_back(
            clawback, amount=Decimal(amount), version=clawback.version, actor=grant.finance, now=utcnow()
        )


def figures(grant: Grant) -> tuple[int, int, int, int]:
    """Reached by the floor: awarded, accepted and paid; and what the pot counts as awarded."""
    found = report(grant.award.call)
    line = found.line("BYFOR")
    stages = {one.stage: one.confirmed for one in line.stages}
    reached = line.figures.confirmed.reached
    assert reached == stages[Stage.IN_PRINCIPLE]
    return reached, stages[Stage.ACCEPTED], stages[Stage.PAID], found.totals.live_pence


def test_nothing_counts_and_nobody_hears_before_the_second_person() -> None:
    grant = paid_grant()
    before, mails = figures(grant), mails_to(grant.signer)

    clawback = propose(grant, "5000.01")

    assert (figures(grant), mails_to(grant.signer)) == (before, mails)
    with pytest.raises(SamePerson), unit_of_work():
        ask_back(clawback, actor=grant.manager, now=utcnow())
    assert figures(grant) == (4_000_000, 4_000_000, 2_000_000, 4_000_000)


def test_floor_loses_money_when_it_is_asked_back_and_the_pot_has_it_when_it_is_here() -> None:
    grant = paid_grant()

    clawback = asked(grant, "5000.01")
    on_its_way = figures(grant)
    receive(grant, clawback, "2000.00")
    a_part = figures(grant)
    receive(grant, clawback, "3000.01")

    assert on_its_way == (3_499_999, 3_499_999, 1_499_999, 4_000_000)
    assert a_part == (3_499_999, 3_499_999, 1_499_999, 3_800_000)
    assert figures(grant) == (3_499_999, 3_499_999, 1_499_999, 3_499_999)
    assert clawback.status is ClawbackStatus.RECEIVED
    assert mails_to(grant.signer)[-3:] == ["award_update"] * 3
    steps = sa.select(Event.step).where(Event.subject_id == clawback.id).order_by(Event.number)
    assert list(db.session.execute(steps).scalars()) == ["propose", "ask", "receive_part", "receive"]


def test_grant_that_gave_everything_back_counts_nowhere() -> None:
    grant = paid_grant()
    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=grant.manager, now=utcnow())

    receive(grant, asked(grant, "20000.00"), "20000.00")

    assert grant.award.status is AwardStatus.TERMINATED
    assert figures(grant) == (0, 0, 0, 0)
    assert report(grant.award.call).totals.live_awards == 0


def test_money_that_is_back_can_be_awarded_again_in_its_round() -> None:
    grant = paid_grant()
    round_ = grant.award.round
    left = get_board(round_, reader=grant.manager).setting.pot.round_pence

    clawback = asked(grant, "5000.00")
    on_its_way = get_board(round_, reader=grant.manager).setting.pot.round_pence
    receive(grant, clawback, "5000.00")

    assert on_its_way == left
    assert get_board(round_, reader=grant.manager).setting.pot.round_pence == left + 500_000


def test_limit_counts_money_until_it_is_back() -> None:
    grant = paid_grant()
    grant.award.organisation.borough = "Hackney"

    def in_the_borough() -> int:
        found = report(grant.award.call).line("BOROUGH").figures
        return found.confirmed.reached

    clawback = asked(grant, "5000.00")
    on_its_way = in_the_borough()
    receive(grant, clawback, "5000.00")

    assert (on_its_way, in_the_borough()) == (4_000_000, 3_500_000)


def test_partners_give_back_their_part_and_odd_pennies_count_for_nobody() -> None:
    grant = paid_grant("30000.00")
    award = grant.award
    other = group(award.call, ClaimStatus.NOT_MET)
    AwardShareFactory(award=award, organisation=award.organisation, amount=Decimal("20000.00"))
    AwardShareFactory(award=award, organisation=other, amount=Decimal("10000.00"))

    asked(grant, "100.00")

    assert figures(grant)[0] == 2_990_000 * 2 // 3
    assert figures(grant)[3] == 3_000_000


@pytest.mark.parametrize("received", ["0.00", "1999.99"])
def test_wrong_receipt_is_corrected_with_a_reason_and_the_rest_is_on_its_way_again(received: str) -> None:
    grant = paid_grant()
    clawback = asked(grant, "5000.00")
    on_its_way = figures(grant)
    receive(grant, clawback, "5000.00")

    correct(grant, clawback, received)

    assert (clawback.status, clawback.received) == (ClawbackStatus.ASKED, Decimal(received))
    assert figures(grant)[3] == on_its_way[3] - int(Decimal(received) * 100)
    event = db.session.query(Event).filter_by(subject_id=clawback.id, step="correct").one()
    assert (event.reason, event.details["before"], event.details["received"]) == (WHY, "5000.00", received)


def test_receipt_is_only_corrected_downwards_by_who_has_seen_it_and_says_why() -> None:
    grant = paid_grant()
    clawback = asked(grant, "5000.00")
    with pytest.raises(NotPossibleNow):
        correct(grant, clawback, "0.00")
    receive(grant, clawback, "2000.00")

    for error, received, more in (
        (ClawbackTooHigh, "2000.00", {}),
        (ClawbackNeedsReason, "1.00", {"reason": " "}),
        (StaleVersion, "1.00", {"version": clawback.version - 1}),
    ):
        with pytest.raises(error):
            correct(grant, clawback, received, **more)

    assert clawback.received == 2000


def correct(grant: Grant, clawback: Clawback, received: str, **more: Any) -> None:
    seen = {"reason": WHY, "version": clawback.version} | more
    with unit_of_work():
        correct_receipt(clawback, received=Decimal(received), actor=grant.finance, now=utcnow(), **seen)


def test_receipt_that_was_sent_twice_counts_once() -> None:
    grant = paid_grant()
    clawback = asked(grant, "5000.00")
    seen = clawback.version
    receive(grant, clawback, "2000.00")

    with pytest.raises(StaleVersion), unit_of_work():
        receive_back(clawback, amount=Decimal(2000), version=seen, actor=grant.finance, now=utcnow())

    assert clawback.received == 2000


@pytest.mark.parametrize("amount", ["0.00", "20000.01"])
def test_no_more_comes_back_than_was_paid(amount: str) -> None:
    grant = paid_grant()

    with pytest.raises(ClawbackTooHigh) as refused:
        propose(grant, amount)

    assert refused.value.most == Decimal("20000.00")


def test_what_was_asked_back_is_not_asked_back_again() -> None:
    grant = paid_grant()
    first = asked(grant, "15000.00")

    with pytest.raises(ClawbackTooHigh):
        propose(grant, "5000.01")
    with pytest.raises(ClawbackTooHigh):
        receive(grant, first, "15000.01")
    second = propose(grant, "5000.00")
    with pytest.raises(NotPossibleNow):
        propose(grant, "0.01")
    with pytest.raises(NotPossibleNow):
        receive(grant, second, "1.00")

    assert most_to_ask_back(grant.award, list_clawbacks(grant.award)) == 0


def test_wish_can_be_dropped_and_says_why_it_was_made() -> None:
    grant = paid_grant()
    with pytest.raises(ClawbackNeedsReason):
        propose(grant, "1.00", reason=" ")
    clawback = propose(grant, "1.00")

    with unit_of_work():
        drop_clawback(clawback, actor=grant.manager, now=utcnow())

    assert list_clawbacks(grant.award) == []
    with pytest.raises(NotPossibleNow), unit_of_work():
        ask_back(clawback, actor=grant.finance, now=utcnow())


def test_call_may_leave_it_to_one_person() -> None:
    call = with_rules(CallFactory(closed=True), "awards", people_to_hold=1)
    grant = active_grant(call)
    with unit_of_work():
        approve_instalment(grant.payments[0], actor=grant.manager, now=utcnow())
    with unit_of_work():
        pay_instalment(grant.payments[0], actor=grant.finance, now=utcnow())
    clawback = propose(grant, "1.00")

    with unit_of_work():
        ask_back(clawback, actor=grant.manager, now=utcnow())

    assert definition_of(grant.award.application.call_version).awards.people_to_hold == 1
    assert clawback.status is ClawbackStatus.ASKED
