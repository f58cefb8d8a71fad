"""Applications that the rule must or must not fund: recorded, proposed, explained, and in the pack."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.decision_pack.verify import digest_of, problems_of
from fundapp.errors import NotAllowed, NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.award import Must, MustMark, Outcome
from fundapp.models.event import Event
from fundapp.queries.awards import get_board
from fundapp.queries.public_results import find_results
from fundapp.queries.rule_conflicts import conflict_on
from fundapp.services.decisions import ReasonNeeded, RoundIsRatified, take_over_proposal
from fundapp.services.events import seal
from fundapp.services.must_marks import MarkedAlready, drop_mark, mark_application
from fundapp.services.ratification import ratify
from fundapp.services.releases import release_decisions
from fundapp.web.rule_words import rule_name, way_out_sentence
from fundapp.web.why_not import why_not_sentence
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
    ten_minutes_later,
    with_money,
    with_rules,
)
from tests.factories import ConflictFactory

pytestmark = pytest.mark.usefixtures("db_session")
REASON = "The panel promised it in an earlier round."


class Scene:
    """£100,000 and three groups that ask for £50,000 each; the first two would get it."""

    def __init__(self, **rules: Any) -> None:
        self.call = with_money(call_at_panel(), round_1=100_000)
        if rules:
            with_rules(self.call, "awards", **rules)
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)
        self.best, self.second, self.third = (
            read_application(self.panel, levels, pounds=50_000) for levels in (GOOD, FAIR, POOR)
        )

    def mark(self, application: Application, must: Must = Must.FUND, reason: str = REASON) -> MustMark:
        return mark_application(application, must, reason=reason, actor=self.manager, now=utcnow())

    def board(self) -> Any:
        return get_board(round_of(self.call), reader=self.manager)

    def awards(self) -> list[bool]:
        lines = [self.board().line_of(one.id) for one in (self.best, self.second, self.third)]
        return [line.proposed.outcome is Outcome.AWARD for line in lines]

    def sign(self) -> dict[str, Any]:
        take_over_proposal(round_of(self.call), actor=self.manager, now=utcnow())
        pack = ratify(round_of(self.call), actor=self.manager, now=utcnow()).decision_pack
        assert pack is not None
        return pack


@pytest.mark.parametrize("rules", [{}, {"part_funding": {"least_percent": 90}}], ids=["whole", "in part"])
def test_rule_keeps_to_marks_and_says_so(rules: dict[str, Any]) -> None:
    scene = Scene(**rules)
    before = scene.awards()

    scene.mark(scene.third)
    scene.mark(scene.best, Must.NOT_FUND)

    assert (before, scene.awards()) == ([True, True, False], [False, True, True])
    reasons = [scene.board().line_of(one.id).proposed.reason["code"] for one in (scene.best, scene.third)]
    assert reasons == [ReasonCode.KEPT_OUT, ReasonCode.MUST_FUND]


def test_mark_taken_away_is_no_rule_any_more_and_both_are_in_the_record() -> None:
    scene = Scene()
    mark = scene.mark(scene.third)

    drop_mark(mark, actor=scene.manager, now=utcnow())

    assert scene.awards() == [True, True, False]
    seal()
    db.session.flush()
    events = db.session.execute(sa.select(Event.step, Event.reason)).all()
    assert {("must_fund", REASON), ("drop_must_mark", None)} <= {tuple(event) for event in events}


def test_mark_needs_a_reason_and_is_set_once_before_the_list_is_signed() -> None:
    scene = Scene()

    with pytest.raises(ReasonNeeded):
        scene.mark(scene.third, reason=" ")
    mark = scene.mark(scene.third)
    with pytest.raises(MarkedAlready):
        scene.mark(scene.third, Must.NOT_FUND)
    scene.sign()
    for change in (
        lambda: drop_mark(mark, actor=scene.manager, now=utcnow()),
        lambda: scene.mark(scene.best, Must.NOT_FUND),
    ):
        with pytest.raises(RoundIsRatified):
            change()


def test_nobody_marks_what_is_not_at_the_panel_or_what_they_have_a_tie_with() -> None:
    scene = Scene()
    mark = scene.mark(scene.second)
    ConflictFactory(user=scene.manager, call_id=scene.call.id, organisation=scene.second.organisation)
    ConflictFactory(user=scene.manager, call_id=scene.call.id, organisation=scene.best.organisation)
    scene.third.status = "clarifying"  # type: ignore[assignment]

    with pytest.raises(NotAllowed):
        scene.mark(scene.best)
    with pytest.raises(NotAllowed):
        drop_mark(mark, actor=scene.manager, now=utcnow())
    with pytest.raises(NotPossibleNow):
        scene.mark(scene.third)


def test_marks_that_exclude_each_other_are_named_with_the_money() -> None:
    scene = Scene()
    for application in (scene.best, scene.second, scene.third):
        scene.mark(application)
    names = {one.organisation.name for one in (scene.best, scene.second, scene.third)}

    conflict = conflict_on(scene.board())

    assert conflict is not None
    assert [rule.group for rule in conflict.rules if rule.must] != []
    assert {rule.group for rule in conflict.rules if rule.must} == names
    assert str(rule_name(conflict.rules[-1])).startswith("the mark that ")
    ways = [str(way_out_sentence(way)) for way in conflict.ways_out]
    assert ways[0].startswith("Add ")
    assert all(way.startswith("Take away the mark that ") for way in ways[1:])
    assert len(ways) == 4


def test_mark_on_a_group_that_the_reader_has_a_tie_with_has_no_name() -> None:
    scene = Scene()
    for application in (scene.best, scene.second, scene.third):
        scene.mark(application)
    ConflictFactory(user=scene.manager, call_id=scene.call.id, organisation=scene.third.organisation)

    conflict = conflict_on(scene.board())

    assert conflict is not None
    assert scene.third.organisation.name not in {rule.group for rule in conflict.rules}
    assert "the mark that one application must be funded" in [str(rule_name(rule)) for rule in conflict.rules]


def test_group_that_must_not_be_funded_reads_so_and_everybody_how_many_there_were() -> None:
    scene = Scene()
    scene.mark(scene.best, Must.NOT_FUND)
    scene.sign()

    said = why_not_sentence(scene.board().line_of(scene.best.id).decision, scene.board().definition)
    release_decisions(round_of(scene.call), actor=scene.manager, now=utcnow())
    ten_minutes_later(round_of(scene.call))

    assert said.startswith("Before the list was made, the fund decided that this cannot be funded")
    results = find_results(scene.call, utcnow().date())
    assert results is not None
    assert results.marks == {Must.NOT_FUND: 1}
    assert results.counts.short_of_money == 0


def test_pack_carries_marks_and_notices_a_list_that_does_not_keep_to_them() -> None:
    scene = Scene()
    scene.mark(scene.third)
    below = read_application(scene.panel, (1, 4, 4, 4, 4), pounds=30_000)
    scene.mark(below, Must.NOT_FUND)
    pack = scene.sign()

    assert problems_of(pack) == []
    assert sorted(one["must"] for one in pack["marks"]) == ["fund", "not_fund"]
    other_way = {"fund": "not_fund", "not_fund": "fund"}
    turned = pack | {"marks": [one | {"must": other_way[one["must"]]} for one in pack["marks"]]}
    problems = problems_of(turned | {"digest": digest_of(turned)})
    assert any("does not keep to its mark" in each for each in problems)
    gone = pack | {"marks": []}
    assert problems_of(gone | {"digest": digest_of(gone)}) != []


def test_mark_brings_in_who_is_below_a_minimum() -> None:
    scene = Scene()
    below = read_application(scene.panel, (1, 4, 4, 4, 4), pounds=30_000)
    scene.mark(below)

    pack = scene.sign()

    assert problems_of(pack) == []
    assert scene.board().line_of(below.id).decision.outcome is Outcome.AWARD
