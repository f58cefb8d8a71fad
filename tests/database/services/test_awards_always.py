"""Whatever happens to a list and its awards, in any order: no floor over-reported, no money spent twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import FundError
from fundapp.lifecycles import AwardStatus, ClaimStatus, InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Instalment, Outcome
from fundapp.models.call import Call
from fundapp.models.organisation import ByAndForClaim, Community
from fundapp.models.user import User
from fundapp.queries.awards import get_board
from fundapp.queries.ring_fences import report
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.events import move
from fundapp.services.ratification import ratify
from fundapp.services.reserves import award_from_reserve
from tests.board import (
    FAIR,
    GOOD,
    POOR,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
)
from tests.factories import PartnerShareFactory
from tests.ledger import group

pytestmark = [pytest.mark.usefixtures("db_session"), pytest.mark.slow]

ROUND_MONEY = 150_000
GONE = (AwardStatus.DECLINED_BY_GRANTEE, AwardStatus.WITHDRAWN)


@dataclass(frozen=True)
class World:
    call: Call
    manager: User
    applications: tuple[Application, ...]


def make_world() -> World:
    call = with_money(call_at_panel(), round_1=ROUND_MONEY)
    panel = panel_of(call)
    declared, not_met = ClaimStatus.DECLARED, ClaimStatus.NOT_MET
    partnership = read_application(panel, GOOD, strand="B", pounds=60_001)
    PartnerShareFactory(
        application=partnership, organisation=partnership.organisation, amount=40_000, is_lead=True
    )
    PartnerShareFactory(application=partnership, organisation=group(call, not_met), amount=20_001)
    others = [
        read_application(panel, FAIR),
        read_application(panel, FAIR, by_and_for=declared, pounds=50_000),
        read_application(panel, POOR, by_and_for=not_met, migrant=None, pounds=35_000),
        read_application(panel, POOR, pounds=7_000, strand="C"),
    ]
    return World(call, manager_of(call), (partnership, *others))


def award_of(world: World, which: int) -> Award | None:
    application = world.applications[which % len(world.applications)]
    return db.session.execute(
        sa.select(Award).where(Award.application_id == application.id)
    ).scalar_one_or_none()


def propose(world: World, _which: int, _how: int) -> None:
    take_over_proposal(round_of(world.call), actor=world.manager, now=utcnow())


def put_on_list(world: World, which: int, how: int) -> None:
    application = world.applications[which % len(world.applications)]
    line = get_board(round_of(world.call), reader=world.manager).line_of(application.id)
    seen = line.decision.version if line and line.decision else 0
    outcome = list(Outcome)[how % 3]
    choice = Choice(outcome, reason="The panel says so.")
    decide(application, choice, seen_version=seen, actor=world.manager, now=utcnow())


def sign(world: World, _which: int, _how: int) -> None:
    ratify(round_of(world.call), actor=world.manager, now=utcnow())


def take_from_reserve(world: World, which: int, _how: int) -> None:
    application = world.applications[which % len(world.applications)]
    award_from_reserve(application, amount=None, actor=world.manager, now=utcnow())


def change_award(world: World, which: int, how: int) -> None:
    steps = ("refuse", "withdraw", "start_checks", "send_agreement", "accept", "terminate")
    step = steps[how % len(steps)]
    if (award := award_of(world, which)) is not None:
        if step == "accept":
            award.accepted_at = utcnow()
        move(award, step, actor=world.manager)


def change_claim(world: World, which: int, how: int) -> None:
    application = world.applications[which % len(world.applications)]
    claims = sa.select(ByAndForClaim).where(ByAndForClaim.organisation_id == application.organisation_id)
    step = ("check", "confirm", "find_not_met", "reconsider")[how % 4]
    for claim in db.session.execute(claims.order_by(ByAndForClaim.community)).scalars().all():
        claim.reason = "Looked at together."
        move(claim, step, actor=world.manager)


def pay(world: World, which: int, _how: int) -> None:
    if (award := award_of(world, which)) is None or award.status is not AwardStatus.ACTIVE:
        return
    for instalment in award.instalments:
        if instalment.status is InstalmentStatus.PLANNED:
            move(instalment, "fall_due", actor=world.manager)
            move(instalment, "approve", actor=world.manager)
            instalment.paid_at = utcnow()
            move(instalment, "pay", actor=world.manager)
            return


Step = Callable[[World, int, int], None]
STEPS: tuple[Step, ...] = (
    *(propose, put_on_list, put_on_list, sign, sign),
    *(take_from_reserve, take_from_reserve, change_award, change_award, change_claim, pay),
)


def counted_by_hand(world: World) -> tuple[Decimal, Decimal]:
    """All counted money, and the confirmed by-and-for part of it, added up the slow way."""
    confirmed = set(
        db.session.execute(
            sa.select(ByAndForClaim.organisation_id).where(
                ByAndForClaim.community == Community.BY_AND_FOR,
                ByAndForClaim.status == ClaimStatus.CONFIRMED,
            )
        ).scalars()
    )
    live = reached = Decimal(0)
    for award in db.session.execute(sa.select(Award).where(Award.call_id == world.call.id)).scalars():
        if award.status in GONE:
            continue
        part = Decimal(1)
        if award.status is AwardStatus.TERMINATED:
            paid = sa.select(sa.func.sum(Instalment.amount)).where(
                Instalment.award_id == award.id, Instalment.status == InstalmentStatus.PAID
            )
            part = Decimal(db.session.execute(paid).scalar_one() or 0) / award.amount
        live += award.amount * part
        shares = {each.organisation_id: each.amount for each in award.shares}
        for organisation_id, amount in (shares or {award.organisation_id: award.amount}).items():
            reached += amount * part if organisation_id in confirmed else 0
    return live, reached


def check(world: World) -> None:
    found = report(world.call)
    live, reached = counted_by_hand(world)
    reported = Decimal(found.line("BYFOR").figures.confirmed.reached) / 100
    assert Decimal(found.totals.live_pence) / 100 == round(live, 2) <= ROUND_MONEY
    assert found.totals.live_pence + found.totals.unawarded_pence == 276_000_000
    assert reached - Decimal("0.05") <= reported <= reached + Decimal("0.0000001")


def take(world: World, step: Step, which: int, how: int) -> None:
    """A step that is refused leaves everything as it was."""
    try:
        with db.session.begin_nested():
            step(world, which, how)
    except FundError:
        pass
    finally:
        db.session.info.clear()


def test_any_order_of_steps_keeps_the_money_and_the_floor_true() -> None:
    world = make_world()
    signed = awarded = 0
    choices = st.tuples(st.sampled_from(STEPS), st.integers(0, 4), st.integers(0, 5))

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(choices, min_size=12, max_size=24))
    def run(steps: list[tuple[Any, int, int]]) -> None:
        nonlocal signed, awarded
        before = db.session.begin_nested()
        try:
            take(world, propose, 0, 0)
            for step, which, how in steps:
                take(world, step, which, how)
                check(world)
            awards = db.session.execute(sa.select(sa.func.count(Award.id))).scalar_one()
            signed, awarded = signed + bool(awards), awarded + awards
        finally:
            before.rollback()
            db.session.expire_all()

    run()

    assert signed >= 3
    assert awarded >= 6
