"""Releasing a ring-fence: once, after the round the call names, for a published reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import AwardStatus, ClaimStatus
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.queries.calls import get_call
from fundapp.queries.ring_fences import report, report_as_data
from fundapp.services.events import seal
from fundapp.services.ring_fence_releases import ReleaseReasonNeeded, release_ring_fence
from tests.factories import (
    AwardFactory,
    CallFactory,
    FundRoleFactory,
    RatificationFactory,
    RoundFactory,
    days,
    now,
)
from tests.ledger import group

pytestmark = pytest.mark.usefixtures("db_session")
REASON = "No more starter groups applied."


@pytest.fixture
def call() -> Call:
    """Both rounds are signed."""
    call: Call = CallFactory(deciding=True)
    RatificationFactory(round=RoundFactory(call=call, code="2", starts=days(-100)))
    return get_call_again(call)


def get_call_again(call: Call) -> Call:
    db.session.flush()
    db.session.expire_all()
    return get_call(call.id)


@pytest.fixture
def admin(call: Call) -> User:
    user: User = FundRoleFactory(fund=call.fund, kind=FundRoleKind.ADMIN).user
    return user


def award(call: Call, pounds: int, *, strand: str = "A", income: int = 40_000) -> Award:
    made: Award = AwardFactory(
        application__call=call,
        application__strand_code=strand,
        application__organisation=group(call, ClaimStatus.CONFIRMED, income=Decimal(income)),
        amount=Decimal(pounds),
    )
    return made


def keys(call: Call) -> list[str]:
    return [line["key"] for line in report_as_data(report(call))["ring_fences"] if not line["value"]]


def test_released_floor_counts_no_more_and_is_written_down(call: Call, admin: User) -> None:
    award(call, 100_000, income=400_000)

    release_ring_fence(call, "SMALL", reason=REASON, actor=admin, now=now())
    seal()

    assert keys(call) == ["BYFOR", "MIGRANT", "MICRO", "NEW"]
    event = db.session.execute(sa.select(Event).where(Event.step == "release")).scalar_one()
    assert (event.actor_id, event.reason, event.call_id) == (admin.id, REASON, call.id)
    assert event.details == {"ring_fence": "SMALL", "left_over": "0.00", "moved_to": None}


def test_what_is_left_of_a_set_aside_is_kept_for_the_other_ring_fence(call: Call, admin: User) -> None:
    award(call, 30_000, strand="C", income=5_000)
    award(call, 50_000)

    release_ring_fence(call, "MICRO", reason=REASON, actor=admin, now=now())
    before = report(call).line("MICRO")
    award(call, 60_000)
    after = report(call).line("MICRO")

    assert (before.moved_to, before.figures.confirmed.needed) == ("SMALL", 9_000_000)
    assert (after.figures.confirmed.needed, after.figures.confirmed.is_met) == (3_000_000, True)


def test_nothing_moves_to_a_ring_fence_that_was_released_before(call: Call, admin: User) -> None:
    release_ring_fence(call, "SMALL", reason=REASON, actor=admin, now=now())
    release_ring_fence(call, "MICRO", reason=REASON, actor=admin, now=now())

    assert keys(call) == ["BYFOR", "MIGRANT", "NEW"]


def test_money_that_comes_back_after_a_release_is_needed_again(call: Call, admin: User) -> None:
    small = award(call, 50_000)
    release_ring_fence(call, "MICRO", reason=REASON, actor=admin, now=now())
    small.status = AwardStatus.WITHDRAWN
    db.session.flush()

    assert report(call).line("MICRO").figures.confirmed.needed == 17_000_000


@pytest.mark.parametrize("key", ["BYFOR", "BOROUGH", "no such rule"])
def test_rules_without_a_release_cannot_be_released(call: Call, admin: User, key: str) -> None:
    with pytest.raises(NotPossibleNow):
        release_ring_fence(call, key, reason=REASON, actor=admin, now=now())


def test_release_is_too_early_before_the_round_is_signed() -> None:
    call = CallFactory(deciding=True)
    RatificationFactory(round=call.rounds[0])
    admin = FundRoleFactory(fund=call.fund, kind=FundRoleKind.ADMIN).user

    with pytest.raises(NotPossibleNow):
        release_ring_fence(get_call_again(call), "SMALL", reason=REASON, actor=admin, now=now())


def test_release_happens_once_and_says_why(call: Call, admin: User) -> None:
    with pytest.raises(ReleaseReasonNeeded):
        release_ring_fence(call, "SMALL", reason="  ", actor=admin, now=now())
    release_ring_fence(call, "SMALL", reason=REASON, actor=admin, now=now())

    with pytest.raises(NotPossibleNow):
        release_ring_fence(call, "SMALL", reason=REASON, actor=admin, now=now())
