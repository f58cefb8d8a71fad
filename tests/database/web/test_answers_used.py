"""A question whose answers nobody used is proposed for retirement, as a point for the next session."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.codesign import CodesignPoint
from fundapp.queries.answer_use import Trace, uses_in_round
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ClarificationFactory,
    FundRoleFactory,
    PanelFactory,
    PanelSeatFactory,
    RatificationFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
)


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def over(role):
    call = CallFactory(fund=role.fund, status=CallStatus.DECIDED)
    RatificationFactory(round=call.rounds[0], released=True)
    return call


@pytest.fixture
def coming(role):
    return CallFactory(fund=role.fund, status=CallStatus.CO_DESIGN)


def traces(call, key):
    return next(each.traces for each in uses_in_round(call.rounds[0]) if each.question.key == key)


def mark(call, criterion, *, locked=True):
    seat = PanelSeatFactory(panel=PanelFactory(call=call))
    application = ApplicationFactory(call=call, at_panel=True)
    assignment = ReviewAssignmentFactory(seat=seat, application=application)
    review = ReviewFactory(assignment=assignment, locked_at=utcnow() if locked else None)
    ScoreFactory(review=review, criterion_key=criterion)
    return application


def test_a_locked_mark_uses_every_question_of_its_criterion(over):
    mark(over, "C2")

    assert traces(over, "Q3") == {Trace.MARKS: 1}
    assert traces(over, "Q4") == {}
    assert traces(over, "E9") == {Trace.RULE: 1}


def test_marks_that_are_not_locked_count_for_nothing(over):
    mark(over, "C2", locked=False)

    assert traces(over, "Q3") == {}


def test_a_question_back_about_an_answer_uses_it(over):
    ClarificationFactory(application=ApplicationFactory(call=over, at_panel=True), question_key="Q12")

    assert traces(over, "Q12") == {Trace.ASKED_BACK: 1}


def test_proposing_makes_one_point_for_the_next_session(role, over, coming, client_for):
    manager = client_for(role.user)
    address = f"/en/fund/calls/{coming.id}"
    assert "Propose to stop asking it" in manager.get(f"{address}/answers-used").text

    for _press in range(2):
        assert manager.post(f"{address}/questions/Q12/retire").status_code == 302

    (point,) = db.session.execute(
        sa.select(CodesignPoint).where(CodesignPoint.call_id == coming.id)
    ).scalars()
    assert set(point.said) == {"en", "es", "ar", "uk"}
    assert point.said["en"].startswith("Nobody used the answers to “\u2068Is there anything")
    assert point.response is None
    assert "Proposed" in manager.get(f"{address}/answers-used").text


def test_a_question_that_was_used_cannot_be_proposed(role, over, coming, client_for):
    mark(over, "C3")

    answer = client_for(role.user).post(f"/en/fund/calls/{coming.id}/questions/Q4/retire")

    assert answer.status_code == 409


def test_page_before_any_round_is_over_and_in_arabic(role, coming, client_for):
    manager = client_for(role.user)

    assert "No round is over yet." in manager.get(f"/en/fund/calls/{coming.id}/answers-used").text
    assert 'dir="rtl"' in manager.get(f"/ar/fund/calls/{coming.id}/answers-used").text
