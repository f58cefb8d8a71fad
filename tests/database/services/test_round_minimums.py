"""A least sum for one round binds that round's list, though later rounds could still reach the floor."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fundapp.clock import utcnow
from fundapp.decision_pack.verify import problems_of
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Outcome
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.awards import get_board
from fundapp.queries.calls import get_call
from fundapp.queries.ring_fences import report, report_as_data
from fundapp.queries.rule_conflicts import conflict_on
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.ratification import NotReady, ratify
from fundapp.web.rule_words import rule_name, way_out_sentence
from scoring.reasons import ReasonCode
from tests.board import (
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
)
from tests.factories import AwardFactory, RoundFactory, days
from tests.ledger import group
from tests.published import published_with

pytestmark = pytest.mark.usefixtures("db_session")


def with_minimum(call: Call, pounds: int, round_code: str = "1") -> Call:
    first, *rest = (dict(each) for each in call.versions[-1].content["ring_fences"])
    first["minimum_by_round"] = [{"round": round_code, "amount": str(pounds)}]
    published_with(call, ring_fences=[first, *rest])
    return call


def round_with(call: Call) -> tuple[User, Application, Application, Application]:
    """£100,000; the best group does not count for BYFOR, the two others do."""
    panel = panel_of(with_money(call, round_1=100_000))
    other = read_application(panel, GOOD, pounds=60_000, by_and_for=None, migrant=None, borough="Camden")
    first = read_application(panel, FAIR, pounds=40_000, borough="Newham")
    second = read_application(panel, FAIR, pounds=30_000, borough="Brent", income=50_000)
    return manager_of(call), other, first, second


def listed(call: Call, manager: User) -> dict[object, Outcome]:
    board = get_board(round_of(call), reader=manager)
    return {
        line.application.id: line.decision.outcome for line in board.all_lines if line.decision is not None
    }


def test_rule_keeps_the_minimum_of_its_round_before_better_marks() -> None:
    without, with_ = call_at_panel(), with_minimum(call_at_panel(), 70_000)
    found = []
    for call in (without, with_):
        manager, *groups = round_with(call)
        take_over_proposal(round_of(call), actor=manager, now=utcnow())
        outcomes = listed(call, manager)
        found.append([outcomes[each.id] is Outcome.AWARD for each in groups])

    assert found == [[True, True, False], [False, True, True]]


def test_signed_list_with_a_minimum_has_a_pack_that_holds() -> None:
    call = with_minimum(call_at_panel(), 70_000)
    manager, *_groups = round_with(call)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    pack = ratify(round_of(call), actor=manager, now=utcnow()).decision_pack

    assert pack is not None
    assert problems_of(pack) == []
    assert report_as_data(report(get_call(call.id)))["minimums_of_rounds"] == [
        {
            "key": "BYFOR",
            "round": "1",
            "required": "70000.00",
            "reached": "70000.00",
            "if_confirmed": "70000.00",
            "needed": "0.00",
            "met": True,
        }
    ]


def test_list_that_misses_the_minimum_of_its_round_is_not_signed() -> None:
    call = with_minimum(call_at_panel(), 70_000)
    manager, _other, _first, second = round_with(call)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    line = get_board(round_of(call), reader=manager).line_of(second.id)
    assert line is not None
    assert line.decision is not None
    choice = Choice(Outcome.DECLINE, reason="It starts later.")
    decide(second, choice, seen_version=line.decision.version, actor=manager, now=utcnow())

    with pytest.raises(NotReady) as refused:
        ratify(round_of(call), actor=manager, now=utcnow())

    broken = refused.value.readiness.ring_fences
    missed = [(one.code, one.ring_fences, dict(one.numbers)["needed"]) for one in broken]
    assert missed == [(ReasonCode.FLOOR_MISSED, ("BYFOR@1",), 3_000_000)]


def test_awards_of_another_round_do_not_fill_the_minimum() -> None:
    call = with_minimum(call_at_panel(), 70_000)
    manager, *_groups = round_with(call)
    AwardFactory(
        application__call=call,
        application__round=RoundFactory(call=call, code="2", starts=days(-1)),
        application__organisation=group(call, ClaimStatus.CONFIRMED),
        amount=Decimal(80_000),
    )

    board = get_board(round_of(call), reader=manager)

    one = next(one for one in board.figures if one.key == "BYFOR@1")
    assert one.confirmed.needed == 7_000_000


def test_conflict_with_the_minimum_of_a_round_names_the_round() -> None:
    call = with_minimum(call_at_panel(), 90_000)
    manager, *_groups = round_with(call)  # only £70,000 of the requests count

    conflict = conflict_on(get_board(round_of(call), reader=manager))

    assert conflict is not None
    assert "BYFOR in round 1" in {str(rule_name(rule)) for rule in conflict.rules}
    assert any("BYFOR in round 1" in str(way_out_sentence(way)) for way in conflict.ways_out)
