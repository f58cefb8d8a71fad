"""Money kept for a theme, and limits for each theme: from the form to the list, its pack and the report."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fundapp.clock import utcnow
from fundapp.decision_pack.verify import problems_of
from fundapp.lifecycles import ClaimStatus
from fundapp.models.award import Outcome
from fundapp.models.call import Call
from fundapp.queries.applications import definition_for
from fundapp.queries.awards import get_board
from fundapp.queries.calls import get_call
from fundapp.queries.ring_fences import Stage, report
from fundapp.services.answers import save_answer
from fundapp.services.decisions import take_over_proposal
from fundapp.services.ratification import ratify
from fundapp.web.why_not import why_not_sentence
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
from tests.factories import ApplicationFactory, AwardFactory, UserFactory
from tests.ledger import group
from tests.themes import with_themes

pytestmark = pytest.mark.usefixtures("db_session")

FLOOR = {
    "key": "SAFE",
    "kind": "floor",
    "base": "awards_total",
    "percent": "30",
    "who": {"eq": ["theme", "safety"]},
}
LIMIT = {"key": "EACH", "kind": "cap", "base": "awards_total", "percent": "60", "each": "theme"}


def three_groups(call: Call) -> list[Outcome]:
    """£100,000 for a good and two fair applications; only the last one is about safety. What is proposed."""
    panel = panel_of(with_money(call, round_1=100_000))
    groups = [
        read_application(panel, GOOD, pounds=60_000, borough="Camden"),
        read_application(panel, FAIR, pounds=40_000, borough="Newham", income=20_000),
        read_application(panel, FAIR, pounds=40_000, borough="Brent"),
    ]
    for application, theme in zip(groups, ("work", "work", "safety"), strict=True):
        application.theme_code = theme
    manager = manager_of(call)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    board = get_board(round_of(call), reader=manager)
    decisions = [board.line_of(one.id).decision for one in groups]  # type: ignore[union-attr]
    return [decision.outcome for decision in decisions if decision is not None]


AWARD, DECLINE = Outcome.AWARD, Outcome.DECLINE


@pytest.mark.parametrize("rule", [FLOOR, LIMIT], ids=["floor", "each"])
def test_rule_about_themes_comes_before_better_places(rule: dict[str, object]) -> None:
    assert three_groups(call_at_panel()) == [AWARD, AWARD, DECLINE]
    assert three_groups(with_themes(call_at_panel(), rule)) == [AWARD, DECLINE, AWARD]


def test_signed_list_about_themes_has_a_pack_that_holds() -> None:
    call = with_themes(call_at_panel(), LIMIT)
    three_groups(call)

    pack = ratify(round_of(call), actor=manager_of(call), now=utcnow()).decision_pack

    assert pack is not None
    assert problems_of(pack) == []
    assert [one["rule"] for one in pack["figures"] if one["rule"].startswith("EACH")] == [
        "EACH/EACH:safety",
        "EACH/EACH:work",
    ]


def test_group_above_the_limit_of_its_theme_reads_its_name() -> None:
    call = with_themes(call_at_panel(), LIMIT)
    three_groups(call)

    board = get_board(round_of(call), reader=manager_of(call))
    said = [why_not_sentence(line.decision, board.definition) for line in board.all_lines if line.decision]

    assert [one for one in said if one] == [
        "A limit of this call was reached before it was your turn: A rule about themes. (Work and money)"
    ]


def test_group_chooses_its_theme_in_the_form() -> None:
    call = with_themes(get_call(ApplicationFactory().call_id), FLOOR)
    application = ApplicationFactory(call=call)

    save_answer(
        application,
        definition_for(application).form.question("S4"),
        "safety",
        language=None,
        rev=0,
        once="first",
        actor=UserFactory(),
        now=utcnow(),
    )

    assert application.theme_code == "safety"


@pytest.mark.parametrize("rule", [FLOOR, LIMIT], ids=["floor", "each"])
def test_report_counts_what_is_asked_for_and_awarded_for_a_theme(rule: dict[str, object]) -> None:
    call = with_themes(call_at_panel(), rule)
    for theme, pounds in (("safety", 10_000), ("work", 5_000), (None, 2_000)):
        ApplicationFactory(
            call=call,
            organisation=group(call, ClaimStatus.CONFIRMED),
            amount_requested=Decimal(pounds),
            theme_code=theme,
            eoi_sent=True,
        )
        AwardFactory(
            application__call=call,
            application__organisation=group(call, ClaimStatus.CONFIRMED),
            application__theme_code=theme,
            application__amount_requested=Decimal(pounds),
            amount=Decimal(pounds),
        )

    lines = {line.figures.tag: line for line in report(call).lines if line.rule.key == rule["key"]}

    line = lines["SAFE" if rule is FLOOR else "EACH:safety"]
    assert line.figures.confirmed.reached == 1_000_000
    sent = next(stage for stage in line.stages if stage.stage is Stage.SENT)
    assert sent.confirmed == 2_000_000  # one that only asked, one with an award
