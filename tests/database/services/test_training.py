"""What members of a panel do before reading: training is written down, and what is missing is said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.models.panel import Panel
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_work import work_of
from fundapp.queries.preparations import preparations_of
from fundapp.queries.training import get_training
from fundapp.services.panels import SeatHasWork, remove_seat
from fundapp.services.training import TrainingDayAhead, record_training, take_training_back
from tests.factories import CallFactory, PanelFactory, PanelSeatFactory, PracticeSampleFactory, UserFactory

ALL = (1, 2, 3)  # the reference call: bias, reading, scoring together


@pytest.fixture
def panel(db_session) -> Panel:
    return PanelFactory(call=CallFactory(closed=True))


def rules_of(panel):
    return definition_of(current_version(panel.call)).panel


def today(panel):
    return utcnow().astimezone(definition_of(current_version(panel.call)).zone).date()


def train(panel, seats, topics=ALL, day=None) -> int:
    return record_training(panel, seats, topics, day or today(panel), actor=UserFactory(), now=utcnow())


def test_what_a_member_has_not_done_yet_is_named(panel):
    trained, late = PanelSeatFactory(panel=panel), PanelSeatFactory(panel=panel, conflicts_declared_at=None)
    train(panel, [trained])
    train(panel, [late], [2])

    found = preparations_of(panel, rules_of(panel))

    assert (found[trained.id].is_ready, found[trained.id].missing_topics) == (True, ())
    assert (found[late.id].declared, found[late.id].missing_topics) == (False, (1, 3))
    PracticeSampleFactory(panel=panel)
    assert preparations_of(panel, rules_of(panel))[trained.id].samples_left == 1


def test_a_second_press_changes_nothing_and_another_day_replaces_the_first(panel):
    seat, before = PanelSeatFactory(panel=panel), today(panel) - timedelta(days=2)

    assert [train(panel, [seat]), train(panel, [seat]), train(panel, [seat], [1], before)] == [3, 0, 1]

    taken = preparations_of(panel, rules_of(panel))[seat.id]
    assert [taken.taken_on(topic) for topic in ALL] == [before, today(panel), today(panel)]


def test_training_is_not_written_down_ahead_nor_for_others_nor_for_an_unknown_topic(panel):
    seat, stranger = PanelSeatFactory(panel=panel), PanelSeatFactory()

    with pytest.raises(TrainingDayAhead):
        train(panel, [seat], day=today(panel) + timedelta(days=1))
    for seats, topics in (([stranger], [1]), ([seat], [4]), ([seat], [0])):
        with pytest.raises(NotPossibleNow):
            train(panel, seats, topics)

    assert preparations_of(panel, rules_of(panel))[seat.id].missing_topics == ALL


def test_hours_of_training_count_by_topic_and_a_mistake_is_taken_back(panel):
    seat = PanelSeatFactory(panel=panel)
    train(panel, [seat], [1, 2])
    assert round(work_of(seat, rules_of(panel)).training, 2) == Decimal("4.67")  # of seven hours

    taken = preparations_of(panel, rules_of(panel))[seat.id].taken[2]
    take_training_back(get_training(taken.id), actor=UserFactory(), now=utcnow())

    assert preparations_of(panel, rules_of(panel))[seat.id].missing_topics == (2, 3)


def test_a_member_who_was_trained_keeps_the_seat_in_the_record(panel):
    seat = PanelSeatFactory(panel=panel)
    train(panel, [seat])

    with pytest.raises(SeatHasWork):
        remove_seat(seat, actor=UserFactory(), now=utcnow())
