"""Rules of a call beside ring-fences: one grant each, pairs, least totals, part-funding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fundapp.clock import utcnow
from fundapp.decision_pack.verify import problems_of
from fundapp.errors import NotAllowed
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Outcome
from fundapp.models.call import Call
from fundapp.queries.awards import get_board
from fundapp.queries.proposals import TOTAL_TOO_LOW
from fundapp.queries.rule_conflicts import conflict_on
from fundapp.queries.sign_off import Missing, readiness_of
from fundapp.services.decisions import Choice, ReasonNeeded, RoundIsRatified, decide, take_over_proposal
from fundapp.services.exclusions import KnownAlready, drop_exclusion, exclude_together
from fundapp.services.ratification import NotReady, ratify
from fundapp.services.reserves import ExcludedByOther, award_from_reserve
from scoring.exact import Role
from scoring.reasons import ReasonCode
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
    with_rules,
)
from tests.factories import ConflictFactory, PartnerShareFactory

pytestmark = pytest.mark.usefixtures("db_session")
AWARD, RESERVE, DECLINE = Outcome.AWARD, Outcome.RESERVE, Outcome.DECLINE


class Scene:
    def __init__(self, *, money: int = 200_000, part: str = "awards", **rules: Any) -> None:
        self.call: Call = with_money(call_at_panel(), round_1=money)
        if rules:
            with_rules(self.call, part, **rules)
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)

    def read(self, levels: Any = FAIR, **about: Any) -> Application:
        return read_application(self.panel, levels, **about)

    def board(self) -> Any:
        return get_board(round_of(self.call), reader=self.manager)

    def proposed(self) -> dict[Any, tuple[Outcome, Decimal | None]]:
        return {
            line.application.id: (line.proposed.outcome, line.proposed.amount)
            for line in self.board().all_lines
        }

    def put(self, application: Application, outcome: Outcome = AWARD) -> None:
        line = self.board().line_of(application.id)
        seen = line.decision.version if line.decision else 0
        choice = Choice(outcome, reason="The panel says so.")
        decide(application, choice, seen_version=seen, actor=self.manager, now=utcnow())

    def exclude(self, one: Application, other: Application, reason: str = "Both use the same rooms.") -> Any:
        return exclude_together(one, other, reason=reason, actor=self.manager, now=utcnow())

    def sign(self) -> Any:
        return ratify(round_of(self.call), actor=self.manager, now=utcnow())


def partnership(scene: Scene) -> tuple[Application, Application]:
    """One group applies with another as its partner, which also applies alone."""
    lead, alone = scene.read(GOOD, strand="B", pounds=60_000), scene.read(FAIR)
    PartnerShareFactory(application=lead, organisation=lead.organisation, amount=40_000, is_lead=True)
    PartnerShareFactory(application=lead, organisation=alone.organisation, amount=20_000)
    return lead, alone


@pytest.mark.parametrize(("rules", "outcome"), [({}, AWARD), ({"one_per_organisation": True}, DECLINE)])
def test_organisation_is_in_one_grant_only_where_the_call_says_so(rules: Any, outcome: Outcome) -> None:
    scene = Scene(**rules)
    lead, alone = partnership(scene)

    proposed = scene.proposed()

    assert (proposed[lead.id][0], proposed[alone.id][0]) == (AWARD, outcome)
    reason = scene.board().line_of(alone.id).proposed.reason["code"]
    assert (reason == ReasonCode.EXCLUDED_BY_OTHER) is (outcome is DECLINE)


def test_of_two_that_exclude_each_other_the_better_is_proposed() -> None:
    scene = Scene()
    better, other = scene.read(GOOD), scene.read(FAIR)

    exclusion = scene.exclude(other, better)
    with_both_named = scene.proposed()
    drop_exclusion(exclusion, actor=scene.manager, now=utcnow())

    assert [outcome for outcome, _amount in with_both_named.values()] == [AWARD, DECLINE]
    assert [outcome for outcome, _amount in scene.proposed().values()] == [AWARD, AWARD]


def test_pair_needs_a_reason_and_is_named_once() -> None:
    scene = Scene()
    one, other = scene.read(GOOD), scene.read(FAIR)

    with pytest.raises(ReasonNeeded):
        scene.exclude(one, other, " ")
    scene.exclude(one, other)
    with pytest.raises(KnownAlready):
        scene.exclude(other, one)


def test_who_has_a_tie_to_one_of_a_pair_cannot_name_it() -> None:
    scene = Scene()
    one, other = scene.read(GOOD), scene.read(FAIR)
    ConflictFactory(user=scene.manager, call_id=scene.call.id, organisation=other.organisation)

    with pytest.raises(NotAllowed):
        scene.exclude(one, other)


def test_list_with_both_of_a_pair_is_not_signed() -> None:
    scene = Scene()
    one, other = scene.read(GOOD), scene.read(FAIR)
    exclusion = scene.exclude(one, other)
    for application in (one, other):
        scene.put(application)

    with pytest.raises(NotReady) as refused:
        scene.sign()

    assert [gap.what for gap in refused.value.readiness.gaps] == [Missing.EXCLUDED]
    scene.put(other, DECLINE)
    scene.sign()
    with pytest.raises(RoundIsRatified):
        drop_exclusion(exclusion, actor=scene.manager, now=utcnow())


def test_reserve_is_not_awarded_beside_the_other_of_a_pair() -> None:
    scene = Scene()
    one, other = scene.read(GOOD), scene.read(FAIR)
    scene.exclude(one, other)
    scene.put(one)
    scene.put(other, RESERVE)
    scene.sign()

    with pytest.raises(ExcludedByOther):
        award_from_reserve(other, amount=None, actor=scene.manager, now=utcnow())


def test_total_below_the_least_of_the_call_is_not_proposed() -> None:
    scene = Scene(part="assessment", minimum_total=60)
    good, fair = scene.read(GOOD), scene.read((2, 4, 2, 2, 2))
    take_over_proposal(round_of(scene.call), actor=scene.manager, now=utcnow())

    line = scene.board().line_of(fair.id)

    assert (line.decision.outcome, line.is_fundable) == (DECLINE, False)
    assert line.decision.rule_reason == {"code": TOTAL_TOO_LOW, "least": 60}
    assert scene.proposed()[good.id][0] is AWARD


@pytest.mark.parametrize(
    ("top_up", "amounts"),
    [("by_rank", [60_000, 48_000, 42_000]), ("evenly", [50_000, 50_000, 50_000])],
)
def test_less_than_the_request_lets_more_groups_in(top_up: str, amounts: list[Any]) -> None:
    scene = Scene(money=150_000, part_funding={"least_percent": 70, "top_up": top_up})
    ids = [scene.read(levels, pounds=60_000).id for levels in (GOOD, FAIR, POOR)]

    proposed = scene.proposed()
    take_over_proposal(round_of(scene.call), actor=scene.manager, now=utcnow())

    found = [proposed[key][1] for key in ids]
    assert found == [Decimal(each) for each in amounts]
    assert readiness_of(scene.board()).is_ready


def test_moves_by_hand_that_leave_no_list_name_the_rules_and_the_smallest_change() -> None:
    scene = Scene(money=100_000)
    for _number in range(3):
        scene.put(scene.read(GOOD))

    conflict = conflict_on(scene.board())

    assert conflict is not None
    assert [(rule.role, rule.ring_fence) for rule in conflict.rules] == [(Role.BUDGET, "")]
    assert [(way.rule.role, way.by, way.awards) for way in conflict.ways_out] == [(Role.BUDGET, 2_000_000, 3)]
    assert (conflict.is_smallest, conflict.kept) == (True, 3)


def test_smallest_change_really_is_enough_and_a_penny_less_is_not() -> None:
    outcomes = []
    for missing in (0, 1):
        scene = Scene(money=100_000)
        scene.put(scene.read(GOOD, by_and_for=ClaimStatus.NOT_MET, migrant=None, pounds=60_000))
        scene.read(FAIR, pounds=50_000)
        conflict = conflict_on(scene.board())
        assert conflict is not None
        budget = next(way for way in conflict.ways_out if way.rule.role is Role.BUDGET)
        more = Decimal(budget.by - missing) / 100
        with_money(scene.call, round_1=100_000 + more)  # type: ignore[arg-type]
        outcomes.append(conflict_on(scene.board()))

    assert outcomes[0] is None
    assert outcomes[1] is not None


def test_no_conflict_is_shown_where_there_is_a_list() -> None:
    scene = Scene()
    scene.put(scene.read(GOOD), DECLINE)

    assert conflict_on(scene.board()) is None


def test_pack_of_a_list_with_such_rules_verifies_and_a_pair_put_on_it_does_not() -> None:
    scene = Scene(one_per_organisation=True)
    with_rules(scene.call, "assessment", minimum_total=30)
    partnership(scene)
    scene.read(POOR)
    take_over_proposal(round_of(scene.call), actor=scene.manager, now=utcnow())

    pack = scene.sign().decision_pack

    assert problems_of(pack) == []
    swapped = [line | {"is_funded": True} for line in pack["rule"]["lines"]]
    problems = problems_of(pack | {"rule": {"lines": swapped}})
    assert any(":one_of/1" in each for each in problems)
