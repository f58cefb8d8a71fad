"""Questions that other parts of the app ask a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from fundapp.call_file import CallDefinition, reference_call
from fundapp.call_file.income_bands import lowest_income
from fundapp.call_file.timetable import StepKind, TimetableStep

CALL = reference_call()
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("find", "key"),
    [
        (CallDefinition.criterion, "C3"),
        (CallDefinition.round, "2"),
        (CallDefinition.strand, "B"),
        (CallDefinition.ring_fence, "MICRO"),
        (CallDefinition.check_in, "month_12"),
        (CallDefinition.eligibility_question, "E9"),
        (CallDefinition.question, "E9"),
        (CallDefinition.question, "Q11_shares"),
    ],
)
def test_parts_are_found_by_their_key(find: Callable[[CallDefinition, str], object], key: str):
    assert find(CALL, key).key == key  # type: ignore[attr-defined]
    with pytest.raises(KeyError):
        find(CALL, "nothing")


def test_parts_inside_parts_are_found_by_their_key():
    assert CALL.codesign.session("S3").day == date(2027, 1, 28)
    assert CALL.panel.seat("umbrella").number == 3
    assert CALL.criterion("C1").anchor(1).find("en") == (
        "The people served have little say; decisions are made elsewhere."
    )
    for find, key in (
        (CALL.codesign.session, "S9"),
        (CALL.panel.seat, "king"),
        (CALL.criterion("C1").anchor, 5),
    ):
        with pytest.raises(KeyError):
            find(key)  # type: ignore[operator]


def test_no_payment_plan_for_an_unknown_strand():
    with pytest.raises(KeyError):
        CALL.awards.payment_plan("Z", Decimal(0))


def test_a_round_without_a_step_says_so():
    short = CALL.round("1").__class__(
        key="1", title=CALL.title, amount=Decimal(1), timetable=CALL.round("1").timetable[:3]
    )

    assert short.find_step(StepKind.SCORING) is None
    with pytest.raises(KeyError):
        short.step(StepKind.SCORING)


def test_days_without_a_time_last_until_midnight_in_london():
    step = TimetableStep(StepKind.SCORING, CALL.title, date(2027, 3, 27), date(2027, 3, 28))

    assert step.begins_at(LONDON) == datetime(2027, 3, 27, 0, tzinfo=UTC)
    assert step.closes_at(LONDON) == datetime(2027, 3, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("band", "pounds"),
    [("from_0", 0), ("from_100000", 100_000), ("from_", None), ("over_5", None), ("from_٣", None)],
)
def test_a_band_says_where_it_begins(band: str, pounds: int | None):
    assert lowest_income(band) == pounds
