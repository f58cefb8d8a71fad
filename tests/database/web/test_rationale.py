"""Why this decision: from the award down to the answers and back, for whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import Review, ReviewAssignment, Score
from fundapp.models.user import User
from fundapp.queries.rationale import get_rationale
from fundapp.services.decisions import take_over_proposal
from fundapp.services.ratification import ratify
from tests.board import (
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    ten_minutes_later,
    with_money,
)
from tests.factories import AnswerFactory, ConflictFactory, PartnerShareFactory, ScenarioFactory

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]
LEVELS = (4, 3, 3, 2, 3)


class Scene:
    def __init__(self) -> None:
        self.call = with_money(call_at_panel(), round_1=130_000)
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)
        self.ours, self.theirs = read_application(self.panel, LEVELS), read_application(self.panel, FAIR)
        AnswerFactory(application=self.ours, question_key="Q2", value="Our women vote.")
        take_over_proposal(round_of(self.call), actor=self.manager, now=utcnow())

    def sign(self) -> None:
        ratify(round_of(self.call), actor=self.manager, now=utcnow())


def path(application: Application, end: str = "/why") -> str:
    return f"/en/fund/applications/{application.id}{end}"


def links(page: Any) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', page.get_data(as_text=True)))


def test_chain_leads_from_the_decision_to_marks_sentences_and_answers(client_for: ClientFor) -> None:
    scene = Scene()
    scene.sign()

    page = client_for(scene.manager).get(path(scene.ours))

    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for words in ("71.67", "A sentence about C1.", "Reader 3", "The community started it"):
        assert words in text, words
    assert {"#rule", f"{path(scene.ours, '')}#q-Q2", path(scene.ours, "/decision")} <= links(page)
    assert all(f'id="{anchor}"' in text for anchor in ("decision", "rule", "c-C1", "c-C5"))


def test_answer_leads_up_to_its_criterion_and_the_award_to_its_reasons(client_for: ClientFor) -> None:
    scene = Scene()
    scene.sign()
    client = client_for(scene.manager)
    award = db.session.execute(sa.select(Award.id).where(Award.application_id == scene.ours.id)).scalar_one()

    answers = client.get(path(scene.ours, ""))
    grant = client.get(f"/en/fund/awards/{award}")

    assert f"{path(scene.ours)}#c-C1" in links(answers)
    assert 'id="q-Q2"' in answers.get_data(as_text=True)
    assert path(scene.ours) in links(grant)


def test_points_of_the_criteria_add_up_to_the_total() -> None:
    scene = Scene()

    found = get_rationale(scene.ours, reader=scene.manager)

    assert sum(part.points or 0 for part in found.parts) == found.line.total
    assert [question.key for question in found.parts[0].questions] == ["Q2", "Q3"]
    assert [len(part.marks) for part in found.parts] == [3] * 5


def test_sheet_that_no_longer_counts_is_not_in_the_chain() -> None:
    scene = Scene()
    query = sa.select(ReviewAssignment).where(ReviewAssignment.application_id == scene.ours.id).limit(1)
    db.session.execute(query).scalar_one().voided_at = utcnow()

    found = get_rationale(scene.ours, reader=scene.manager)

    assert [len(part.marks) for part in found.parts] == [2] * 5


def test_kept_what_ifs_say_whether_it_would_be_on_their_list() -> None:
    scene = Scene()
    ScenarioFactory(round=round_of(scene.call), name="Less money", changes={"money": "40000"})

    ours, theirs = (get_rationale(each, reader=scene.manager) for each in (scene.ours, scene.theirs))

    assert (ours.scenarios, theirs.scenarios) == ({"Less money": True}, {"Less money": False})


@pytest.mark.parametrize("is_partner", [False, True])
def test_tie_closes_the_chain_before_and_after_everybody_is_told(
    client_for: ClientFor, is_partner: bool
) -> None:
    scene = Scene()
    other = read_application(scene.panel, GOOD)
    PartnerShareFactory(application=scene.ours, organisation=other.organisation, amount=10_000)
    tied = manager_of(scene.call)
    group = other.organisation if is_partner else scene.ours.organisation
    ConflictFactory(user=tied, call_id=scene.call.id, organisation=group)
    take_over_proposal(round_of(scene.call), actor=scene.manager, now=utcnow())
    scene.sign()
    before = client_for(tied).get(path(scene.ours))
    client_for(scene.manager).post(f"/en/fund/rounds/{round_of(scene.call).id}/release")
    ten_minutes_later(round_of(scene.call))

    after, unrelated = (client_for(tied).get(path(each)) for each in (scene.ours, scene.theirs))

    assert before.status_code in (403, 404)
    assert after.status_code in (403, 404)
    assert unrelated.status_code == 200
    for page in (before, after, unrelated):
        assert scene.ours.organisation.name not in page.get_data(as_text=True)


def test_what_a_tied_manager_reads_of_others_is_the_same_whatever_the_tied_group_wrote(
    client_for: ClientFor,
) -> None:
    scene = Scene()
    tied = manager_of(scene.call)
    ConflictFactory(user=tied, call_id=scene.call.id, organisation=scene.ours.organisation)
    scene.sign()
    client_for(scene.manager).post(f"/en/fund/rounds/{round_of(scene.call).id}/release")
    ten_minutes_later(round_of(scene.call))
    client = client_for(tied)

    before = words_of(client.get(path(scene.theirs)))
    scene.ours.organisation.name = "OTHERNAME"
    ours = sa.select(Review.id).join(ReviewAssignment).where(ReviewAssignment.application_id == scene.ours.id)
    db.session.execute(sa.update(Score).where(Score.review_id.in_(ours)).values(sentence="OTHERSENTENCE"))
    after = words_of(client.get(path(scene.theirs)))

    assert before == after
    assert "A sentence about C1." in before


def words_of(page: Any) -> str:
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)).split())


@pytest.mark.parametrize("kind", [FundRoleKind.FINANCE, FundRoleKind.ADMIN])
def test_others_of_the_fund_are_not_led_through_the_marks(client_for: ClientFor, kind: FundRoleKind) -> None:
    scene = Scene()

    assert client_for(manager_of(scene.call, kind)).get(path(scene.ours)).status_code == 404


def test_panel_and_group_are_not_led_through_the_marks(client_for: ClientFor) -> None:
    scene = Scene()
    member, reader = scene.ours.organisation.members[0].user, scene.panel.seats[0].user

    assert [client_for(each).get(path(scene.ours)).status_code for each in (member, reader)] == [404, 404]


def test_chain_costs_the_same_with_more_applications(count_queries: Any) -> None:
    numbers = []
    scene = Scene()
    for _more in range(2):
        db.session.expire_all()
        with count_queries() as queries:
            get_rationale(scene.ours, reader=scene.manager)
        numbers.append(queries.number)
        for _number in range(2):
            read_application(scene.panel, FAIR)

    assert numbers[0] == numbers[1]
