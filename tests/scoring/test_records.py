"""Values that no rule can be applied to are refused when they are made."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring.reasons import Reason, ReasonCode
from scoring.records import (
    Base,
    Candidate,
    InvalidInput,
    Kind,
    LedgerLine,
    Measure,
    Pot,
    RingFence,
    Share,
)


@pytest.mark.parametrize("pence", [-1, 2**70, 1.5, True, "12", None])
def test_money_is_whole_pence_within_reason(pence: Any) -> None:
    with pytest.raises(InvalidInput):
        Share(pence)
    with pytest.raises(InvalidInput):
        Pot(0, pence, 0)


@pytest.mark.parametrize(("pence", "shares"), [(10, ()), (10, (Share(9),)), (0, (Share(0),))])
def test_shares_add_up_to_the_request(pence: int, shares: tuple[Share, ...]) -> None:
    with pytest.raises(InvalidInput):
        Candidate("a", pence, shares)


def test_nobody_is_paid_more_than_the_award() -> None:
    with pytest.raises(InvalidInput, match="more_than_the_award"):
        LedgerLine("a", 10, (Share(10),), paid_pence=11)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base": Base.FIXED},
        {"base": Base.FIXED, "percent": 10},
        {"base": Base.FIXED, "percent": 10, "amount": 10},
        {"percent": 10, "amount": 10},
        {"amount": 10},
        {"base": Base.FIXED, "amount": 2**70},
        {"percent": 101},
        {"percent": -1},
        {"percent": Fraction(1, 1001)},
        {"percent": 10, "measure": Measure.COUNT},
        {"percent": 10, "base": Base.AWARDS_TOTAL, "kind": Kind.SET_ASIDE},
        {"amount": 10, "base": Base.FIXED, "kind": Kind.SET_ASIDE, "measure": Measure.COUNT},
        {"percent": 10, "is_family": True},
        {"percent": 10, "of_round": True},
    ],
)
def test_a_ring_fence_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    values = {"kind": Kind.FLOOR, "measure": Measure.VALUE, "base": Base.FUND_TOTAL, **wrong}

    with pytest.raises(InvalidInput) as refused:
        RingFence("X", **values)

    assert refused.value.field_name in {
        "base",
        "amount",
        "percent",
        "measure",
        "kind",
        "is_family",
        "of_round",
    }


@pytest.mark.parametrize("percent", [0, 100, Fraction(125, 10)])
def test_percentages_may_be_nothing_everything_or_a_fraction(percent: Fraction) -> None:
    fence = RingFence("X", Kind.FLOOR, Measure.VALUE, Base.FUND_TOTAL, percent)

    assert fence.required(1_000, 0) == percent * 10


def test_a_floor_is_rounded_up_and_a_cap_down() -> None:
    third = {"measure": Measure.VALUE, "base": Base.AWARDS_TOTAL, "percent": 33}

    assert RingFence("X", Kind.FLOOR, **third).required(0, 10) == 4  # type: ignore[arg-type]
    assert RingFence("X", Kind.CAP, **third).required(0, 10) == 3  # type: ignore[arg-type]


def test_a_reason_travels_as_plain_data() -> None:
    reason = Reason(ReasonCode.BUDGET_SPENT, (), (("asked", 5), ("left", 3)))

    assert reason.number("asked") == 5
    assert reason.as_data() == {
        "code": "budget_spent",
        "ring_fences": [],
        "tags": [],
        "numbers": {"asked": 5, "left": 3},
        "weights": {},
    }
    with pytest.raises(KeyError):
        reason.number("short")
