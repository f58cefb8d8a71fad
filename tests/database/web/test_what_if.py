"""The what-if board: every figure is what the rule would give, nothing changes the list."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import ClaimStatus
from fundapp.models.award import Decision
from fundapp.models.meeting import Meeting
from fundapp.models.scenario import Scenario
from fundapp.models.user import User
from fundapp.queries.awards import get_board
from fundapp.queries.certainty import certainty_of
from fundapp.queries.what_if import Changes, Claims, basis_of, compare, list_readers, list_scenarios, what_if
from fundapp.services.scenarios import keep_scenario
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
from tests.factories import ConflictFactory, MeetingItemFactory

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]
MIDDLE = (3, 4, 3, 3, 3)
LOW = (2, 4, 2, 3, 3)


class Scene:
    """Four groups for £130,000: the first two and the fourth fit."""

    def __init__(self) -> None:
        self.call = with_money(call_at_panel(), round_1=130_000)
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)
        self.best = read_application(self.panel, GOOD, pounds=60_000)
        self.claims = read_application(self.panel, MIDDLE, pounds=40_000, by_and_for=ClaimStatus.DECLARED)
        self.dear = read_application(self.panel, FAIR, pounds=50_000, borough="Brent", income=300_000)
        self.low = read_application(self.panel, LOW, pounds=30_000, borough="Camden")

    def basis(self) -> Any:
        return basis_of(get_board(round_of(self.call), reader=self.manager))

    def awards(self, **changes: Any) -> dict[Any, Decimal]:
        return dict(what_if(self.basis(), "try", Changes(**changes)).awards)


def path(scene: Scene, *rest: str) -> str:
    return "/".join(("/en/fund/rounds", str(round_of(scene.call).id), *(rest or ("what-if",))))


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def test_each_change_gives_the_list_the_rule_would_propose() -> None:
    scene = Scene()
    best, claims, dear, low = scene.best.id, scene.claims.id, scene.dear.id, scene.low.id

    assert scene.awards() == {best: 60_000, claims: 40_000, low: 30_000}
    assert scene.awards(money=Decimal(150_000)) == {best: 60_000, claims: 40_000, dear: 50_000}
    assert scene.awards(money=Decimal(1_000)) == {}
    assert scene.awards(cut_line=60) == {best: 60_000, claims: 40_000}
    assert scene.awards(weights={"C1": 0, "C2": 100, "C3": 0, "C4": 0, "C5": 0}).keys() == {best, claims, low}
    first_reader = list_readers(round_of(scene.call))[0].id
    assert scene.awards(without_seat=first_reader) == scene.awards()


def test_smaller_awards_keep_the_floor_and_use_the_money_to_the_penny() -> None:
    scene = Scene()

    awards = scene.awards(least_percent=75)

    assert awards == {
        scene.best.id: Decimal("60000.00"),
        scene.claims.id: Decimal("32500.00"),
        scene.dear.id: Decimal("37500.00"),
    }
    assert sum(awards.values()) == 130_000


def test_claims_move_the_gauge_as_if_they_were_decided() -> None:
    scene = Scene()

    def reached(claims: Claims, **more: Any) -> int:
        found = what_if(scene.basis(), "", Changes(claims=claims, **more))
        return next(one for one in found.figures if one.key == "BYFOR").confirmed.reached

    assert reached(Claims.AS_THEY_ARE) == 9_000_000
    assert reached(Claims.ALL_CONFIRMED) == 13_000_000
    # without its claims the best group brings nothing to MIGRANT, so the dear one is needed below it
    assert reached(Claims.ONE_NOT_MET, not_met=scene.best.id) == 5_000_000


def test_kept_what_ifs_stand_beside_the_rule_and_leave_the_list_alone() -> None:
    scene = Scene()
    for name, changes in (("More", Changes(money=Decimal(150_000))), ("Line", Changes(cut_line=60))):
        keep_scenario(round_of(scene.call), name, changes, actor=scene.manager, now=utcnow())

    rule, more, line = compare(scene.basis(), list_scenarios(round_of(scene.call)))

    assert (rule.awarded, rule.free) == (Decimal(130_000), Decimal(0))
    assert (more.gained, more.lost) == ({scene.dear.id}, {scene.low.id})
    assert (line.gained, line.lost) == (frozenset(), {scene.low.id})
    assert line.changes == Changes(cut_line=60)
    assert db.session.execute(sa.select(sa.func.count(Decision.id))).scalar_one() == 0


def test_board_is_worked_through_as_a_person_does(client_for: ClientFor) -> None:
    scene = Scene()
    client = client_for(scene.manager)

    page = client.get(path(scene))
    assert "The rule as it is" in text_of(page)
    kept = client.post(path(scene), data={"name": "More money", "money": "150,000", "claims": "as_they_are"})
    again = client.post(path(scene), data={"name": "More money", "money": "150000", "claims": "as_they_are"})
    assert (kept.status_code, again.status_code) == (303, 303)
    text = text_of(client.get(path(scene)))
    assert "More money" in text
    assert "£150,000.00" in text
    assert "In: +1, out: −1" in text

    scenario = db.session.execute(sa.select(Scenario)).scalar_one()
    assert client.post(f"/en/fund/scenarios/{scenario.id}/drop").status_code == 303
    assert "More money" not in text_of(client.get(path(scene)))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Write a short name"),
        ({"name": "x", "money": "much"}, "Write an amount"),
        ({"name": "x", "cut_line": "101"}, "Write a number from 0 to 100."),
        (
            {"name": "x", "weight_C1": "50", "weight_C2": "20"},
            "All weights together must be 100. They are 70.",
        ),
        ({"name": "x", "claims": "one_not_met"}, "Choose the group."),
        ({"name": "x", "without_seat": "nobody"}, "Choose"),
    ],
)
def test_wrong_what_if_says_what_to_mend_and_keeps_what_was_typed(
    client_for: ClientFor, fields: dict[str, str], said: str
) -> None:
    scene = Scene()
    client = client_for(scene.manager)

    page = client.post(path(scene), data=fields)

    assert page.status_code == 422
    assert said in text_of(page)
    for name, value in fields.items():
        if name != "without_seat":  # what is not on the list of readers cannot be shown again
            assert value in page.get_data(as_text=True)
    assert db.session.execute(sa.select(sa.func.count(Scenario.id))).scalar_one() == 0


def test_there_is_room_for_four(client_for: ClientFor) -> None:
    scene = Scene()
    client = client_for(scene.manager)
    for number in range(4):
        assert (
            client.post(path(scene), data={"name": str(number), "cut_line": str(number)}).status_code == 303
        )

    page = client.post(path(scene), data={"name": "five", "cut_line": "5"})

    assert page.status_code == 409
    assert "There is room for four" in text_of(page)
    taken = client.post(path(scene), data={"name": "1", "cut_line": "50"})
    assert "There is a what-if with this name already" in text_of(taken)


def test_rules_that_exclude_each_other_are_named_not_a_fault(client_for: ClientFor) -> None:
    scene = Scene()
    for each in (scene.best, scene.claims, scene.dear, scene.low):
        keep = Changes(claims=Claims.ONE_NOT_MET, not_met=each.id, money=Decimal(2_000_000))
        found = what_if(scene.basis(), "x", keep)
        assert found.is_proved


def test_certainty_counts_lists_and_names_the_place_it_takes(client_for: ClientFor) -> None:
    scene = Scene()

    found = certainty_of(scene.basis())

    assert found[scene.best.id].chance == 1
    assert found[scene.best.id].is_on_list
    assert not found[scene.dear.id].is_on_list
    assert found[scene.dear.id].place_needed == 2
    page = text_of(client_for(scene.manager).get(path(scene, "certainty")))
    assert "Place 2 or better" in page
    assert "Nearly always on it" in page


def test_manager_with_a_tie_sees_the_figures_and_not_the_group(client_for: ClientFor) -> None:
    scene = Scene()
    name = scene.dear.organisation.name
    ConflictFactory(user=scene.manager, call_id=scene.call.id, organisation=scene.dear.organisation)
    client = client_for(scene.manager)

    for page in (client.get(path(scene)), client.get(path(scene, "certainty"))):
        assert name not in text_of(page)
        assert str(scene.dear.id) not in text_of(page)


def test_page_needs_the_same_queries_for_few_and_many(client_for: ClientFor, count_queries: Any) -> None:
    scene = Scene()
    client = client_for(scene.manager)
    client.get(path(scene))
    with count_queries() as few:
        client.get(path(scene))
    for _number in range(4):
        read_application(scene.panel, FAIR, pounds=30_000)
    keep_scenario(round_of(scene.call), "a", Changes(cut_line=10), actor=scene.manager, now=utcnow())
    keep_scenario(round_of(scene.call), "b", Changes(cut_line=20), actor=scene.manager, now=utcnow())
    client.get(path(scene))
    with count_queries() as many:
        client.get(path(scene))

    assert many.number == few.number


def test_vote_between_equal_applications_holds_in_every_what_if() -> None:
    scene = Scene()
    scene.call = with_money(scene.call, round_1=40_000)
    first, second = (read_application(scene.panel, GOOD, pounds=40_000, income=1) for _number in range(2))
    chosen, other = sorted((first, second), key=lambda one: str(one.id), reverse=True)
    meeting = db.session.execute(sa.select(Meeting).where(Meeting.panel_id == scene.panel.id)).scalar_one()
    for application, votes in ((chosen, 5), (other, 1)):
        MeetingItemFactory(meeting=meeting, application=application, votes=votes)

    base = scene.awards()
    weights = scene.awards(weights={"C1": 30, "C2": 20, "C3": 20, "C4": 15, "C5": 15})

    assert list(base) == [chosen.id]
    assert list(weights) == [chosen.id]
