"""What a round cost groups: small numbers never show, also not by subtraction; nothing before its end."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.definition import Stage
from fundapp.clock import utcnow
from fundapp.lifecycles import CallStatus
from fundapp.models.application import ApplicationStage
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.measured_burden import cost_of_round, find_last_round
from fundapp.queries.suppression import published
from fundapp.queries.tallies import Middle
from fundapp.services.tallies import TicketSpent, count_minutes
from tests.factories import AnswerFactory, ApplicationFactory, CallFactory, RatificationFactory

falling = st.lists(st.integers(0, 40), max_size=20).map(lambda each: sorted(each, reverse=True))


@given(falling, st.data())
def test_no_shown_number_and_no_difference_is_one_to_four(numbers, data):
    first = data.draw(st.lists(st.sampled_from(range(len(numbers))))) if numbers else []

    shown = [number for number in published(numbers, first) if number is not None]

    assert not [number for number in shown if 1 <= number <= 4]
    assert not [(one, two) for one, two in combinations(shown, 2) if 1 <= abs(one - two) <= 4]


@given(falling)
def test_what_is_shown_is_true_and_what_matters_comes_first(numbers):
    last = len(numbers) - 1

    shown = published(numbers, first=(last,)) if numbers else []

    assert all(each in (None, number) for each, number in zip(shown, numbers, strict=True))
    if numbers and (numbers[last] == 0 or numbers[last] > 4):
        assert shown[last] == numbers[last]


@pytest.fixture
def round_(db_session):
    call = CallFactory(status=CallStatus.DECIDED)
    RatificationFactory(round=call.rounds[0], released=True)
    return call.rounds[0]


def keys_of(round_, stage):
    return [each.key for each in definition_of(current_version(round_.call)).form.questions(stage)]


def drafts(round_, number, *answered):
    for _each in range(number):
        application = ApplicationFactory(call=round_.call)
        for key in answered:
            AnswerFactory(application=application, question_key=key)


def reached(round_, stage=Stage.EOI):
    cost = next(each for each in cost_of_round(round_, "en").stages if each.stage is stage)
    return cost.begun, [each.reached for each in cost.questions], cost.sent


def test_drop_off_says_how_many_groups_came_so_far(round_):
    drafts(round_, 6)
    drafts(round_, 5, "S1")
    drafts(round_, 7, "S1", "S3")

    assert reached(round_) == (18, [12, 7, 7, 0], 0)


def test_a_few_who_stop_somewhere_are_hidden_among_the_next(round_):
    drafts(round_, 10, "S1", "S2", "S3", "S3_amount")
    drafts(round_, 2, "S1")
    drafts(round_, 4)

    begun, between, sent = reached(round_)

    assert (begun, sent) == (16, 0)
    assert between == [None, 10, 10, 10]


def test_full_stage_counts_on_from_the_first(round_):
    for _each in range(6):
        ApplicationFactory(
            call=round_.call, stage=ApplicationStage.FULL, eoi_submitted_at=utcnow(), submitted_at=None
        )

    assert reached(round_) == (6, [6, 6, 6, 6], 6)
    assert reached(round_, Stage.FULL)[0] == 6
    assert set(reached(round_, Stage.FULL)[1]) == {0}


def test_half_of_those_counted_needed_at_most(round_):
    keys = keys_of(round_, Stage.EOI)
    for number, seconds in enumerate((30, 61, 100, 250, 250, 100_000)):
        count_minutes(round_.id, "S1", seconds, of_questions=keys, ticket_digest=f"{number:064}")
    for number in range(5):
        count_minutes(round_.id, "S2", 60, of_questions=keys, ticket_digest=f"x{number:063}")

    questions = cost_of_round(round_, "en").stages[0].questions

    assert [each.measured for each in questions] == [Middle(2), None, None, None]


def test_a_group_counts_once_for_a_question(round_):
    keys = keys_of(round_, Stage.EOI)
    count_minutes(round_.id, "S1", 30, of_questions=keys, ticket_digest="a" * 64)

    with pytest.raises(TicketSpent):
        count_minutes(round_.id, "S1", 30, of_questions=keys, ticket_digest="a" * 64)


def test_a_round_shows_once_everybody_was_told(db_session):
    call = CallFactory(status=CallStatus.DECIDED)
    ratification = RatificationFactory(round=call.rounds[0])
    assert find_last_round(call) is None

    ratification.released_at = utcnow()
    db_session.flush()

    assert find_last_round(call) is call.rounds[0]
    assert find_last_round(CallFactory(fund=call.fund)) is call.rounds[0]
    assert find_last_round(CallFactory()) is None
