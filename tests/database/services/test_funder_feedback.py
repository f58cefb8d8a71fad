"""What groups say about the fund: nothing stored leads back to them, and little is read too early."""

from __future__ import annotations

import random
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from forms.localized import LocalizedText
from fundapp.clock import utcnow
from fundapp.db import Base, db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CallStatus
from fundapp.models.codesign import CodesignPoint
from fundapp.models.event import Event
from fundapp.models.funder_feedback import ENOUGH, FeedbackAnswer, FeedbackMoment
from fundapp.models.message import Message, OutboxJob
from fundapp.models.tally import SpentTicket
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.funder_feedback import find_answers, list_said, list_years, mark_of
from fundapp.services.funder_feedback import (
    NothingSaid,
    YearIsPublished,
    hide_answer,
    publish_year,
    put_into_the_box,
    take_to_codesign,
)
from fundapp.services.tallies import TicketSpent
from tests.factories import CallFactory, FundRoleFactory

pytestmark = pytest.mark.both_engines  # what the database itself refuses

DECISION, END = FeedbackMoment.DECISION, FeedbackMoment.END


@pytest.fixture
def call(db_session):
    with unit_of_work():
        return CallFactory(deciding=True)


def say(call, ticket, moment=DECISION, language="en", **texts):
    with unit_of_work():
        put_into_the_box(
            call.id, moment, texts or {"FB1": f"words {ticket}"}, language=language, ticket_digest=str(ticket)
        )


def readable(call):
    return {
        (said.moment, said.question.key): sorted(answer.text for answer in said.answers)
        for said in list_said(call, definition_of(current_version(call)))
    }


def test_nobody_reads_an_answer_before_there_are_five(call):
    for ticket in range(ENOUGH - 1):
        say(call, ticket)
        assert readable(call) == {}

    say(call, ENOUGH)

    assert len(readable(call)[DECISION, "FB1"]) == ENOUGH


def test_sixth_answer_waits_for_four_more_so_that_it_does_not_stand_out(call):
    for ticket in range(ENOUGH):
        say(call, ticket)
    first_five = readable(call)

    for ticket in range(ENOUGH, 2 * ENOUGH - 1):
        say(call, ticket)
        assert readable(call) == first_five
    say(call, 2 * ENOUGH)

    assert len(readable(call)[DECISION, "FB1"]) == 2 * ENOUGH


def test_questions_and_moments_are_counted_apart(call):
    for ticket in range(ENOUGH):
        say(call, ticket, FB1="fair", FB3="phone us" if ticket else "")
        say(call, f"end {ticket}", moment=END if ticket else DECISION, FB2="clear")

    assert set(readable(call)) == {(DECISION, "FB1")}


def test_ticket_is_good_once(call):
    say(call, "mine", FB1="first")

    with pytest.raises(TicketSpent):
        say(call, "mine", FB1="second")

    assert [text for (text,) in db.session.execute(sa.select(FeedbackAnswer.text))] == ["first"]


def test_empty_answer_spends_no_ticket(call):
    with pytest.raises(NothingSaid):
        say(call, "mine", FB1="  ", FB2="")

    say(call, "mine", FB1="something")


def test_nothing_stored_has_a_person_a_group_or_a_time(call):
    columns = set(Base.metadata.tables["feedback_answer"].columns.keys())

    assert columns == {
        "id",
        "call_id",
        "moment",
        "question_key",
        "language",
        "text",
        "batch",
        "hidden_why",
    }


def test_answering_leaves_no_event_no_mail_and_no_job(call):
    before = [db.session.query(table).count() for table in (Event, Message, OutboxJob)]

    say(call, "mine", FB1="unfair")

    assert [db.session.query(table).count() for table in (Event, Message, OutboxJob)] == before


def test_answers_of_one_group_are_not_joined_to_each_other(call):
    say(call, "mine", FB1="one", FB2="two", FB3="three")

    rows = db.session.execute(sa.select(FeedbackAnswer)).scalars().all()
    assert len({row.id for row in rows}) == 3


@given(order=st.permutations(range(7)))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_of_answering_leaves_the_same_rows(db_session, order):
    """Two runs whose groups answered in another order differ in nothing but random ids."""
    call = CallFactory(deciding=True)
    for group in order:
        say(call, f"{call.id} {group}", FB1=f"words {group}", language="so" if group == 3 else "en")

    rows = db.session.execute(
        sa.select(FeedbackAnswer.text, FeedbackAnswer.language).where(FeedbackAnswer.call_id == call.id)
    ).all()
    batches = Counter(
        db.session.execute(sa.select(FeedbackAnswer.batch).where(FeedbackAnswer.call_id == call.id)).scalars()
    )
    assert sorted(map(tuple, rows)) == sorted(
        (f"words {group}", "so" if group == 3 else "en") for group in range(7)
    )
    assert batches == {1: 5, 0: 2}


def physical_order(call):
    """As the database itself would give the rows back, by the marks it keeps."""
    if db.engine.dialect.name == "postgresql":
        found = db.session.execute(
            sa.text("SELECT text, xmin::text FROM feedback_answer WHERE call_id = :call ORDER BY ctid"),
            {"call": call.id},
        ).all()
        assert len({mark for _text, mark in found}) == 1, (
            "a mark tells apart what came in another transaction"
        )
        return [text for text, _mark in found]
    query = sa.text("SELECT text FROM feedback_answer WHERE call_id = :call ORDER BY id")
    return list(db.session.execute(query, {"call": call.id.hex}).scalars())


def test_place_on_the_disk_does_not_tell_which_answer_came_last(call):
    places = Counter()
    for turn in range(24):
        say(call, f"ticket {turn}", FB2=f"turn {turn}")
        order = physical_order(call)
        places[order.index(f"turn {turn}") < len(order) / 2] += 1

    # the newest is as often in the first half as in the second: never always at one end (2 in 2**23)
    assert len(places) == 2


def test_ids_are_new_with_every_answer(call):
    say(call, 1)
    (before,) = db.session.execute(sa.select(FeedbackAnswer.id)).scalars()
    say(call, 2)

    assert before not in set(db.session.execute(sa.select(FeedbackAnswer.id)).scalars())


def test_spent_tickets_say_nothing_of_what_was_answered(call):
    tickets = [f"{random.Random(seed).getrandbits(128):032x}" for seed in range(6)]
    for ticket in tickets:
        say(call, ticket, FB1="fair")

    assert set(Base.metadata.tables["spent_ticket"].columns.keys()) == {"digest"}
    assert set(db.session.execute(sa.select(SpentTicket.digest)).scalars()) >= set(tickets)


def test_waiting_answer_cannot_be_hidden_by_the_database_or_the_fund(call):
    say(call, 1)
    (answer,) = db.session.execute(sa.select(FeedbackAnswer)).scalars()
    manager = FundRoleFactory(fund=call.fund).user

    assert find_answers(call, mark_of(answer)) == []
    with pytest.raises(NotPossibleNow), unit_of_work():
        hide_answer(call, mark_of(answer), "Names somebody.", actor=manager, now=utcnow())
    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(FeedbackAnswer).values(hidden_why="x"))
    db.session.rollback()


def test_hidden_answer_stays_hidden_when_others_answer(call):
    for ticket in range(ENOUGH):
        say(call, ticket, FB1=f"words {ticket}")
    manager = FundRoleFactory(fund=call.fund).user
    answer = db.session.execute(
        sa.select(FeedbackAnswer).where(FeedbackAnswer.text == "words 3")
    ).scalar_one()
    mark = mark_of(answer)
    with unit_of_work():
        hide_answer(call, mark, "It names somebody.", actor=manager, now=utcnow())

    say(call, "another")
    db.session.expire_all()

    assert [each.hidden_why for each in find_answers(call, mark)] == ["It names somebody."]
    (event,) = db.session.execute(sa.select(Event).where(Event.step == "hide_feedback")).scalars()
    assert "words 3" not in str((event.details, event.reason))


def test_answer_is_hidden_though_another_one_came_since_the_page_was_read(call):
    for ticket in range(ENOUGH):
        say(call, ticket)
    manager = FundRoleFactory(fund=call.fund).user
    mark = mark_of(list_said(call, definition_of(current_version(call)))[0].answers[0])
    say(call, "another")

    with unit_of_work():
        hide_answer(call, mark, "It names somebody.", actor=manager, now=utcnow())

    assert [each.hidden_why for each in find_answers(call, mark)] == ["It names somebody."]


def test_everybody_who_said_the_same_is_hidden_with_it(call):
    for ticket in range(ENOUGH):
        say(call, ticket, FB1="Ask Rosa." if ticket < 2 else f"words {ticket}")
    manager = FundRoleFactory(fund=call.fund).user
    said = list_said(call, definition_of(current_version(call)))[0].answers
    answer = next(each for each in said if each.text == "Ask Rosa.")

    with unit_of_work():
        hide_answer(call, mark_of(answer), "It names somebody.", actor=manager, now=utcnow())

    shown = [each.text for each in said if not each.hidden_why]
    assert sorted(shown) == ["words 2", "words 3", "words 4"]


@pytest.fixture
def told(call):
    manager = FundRoleFactory(fund=call.fund).user
    with unit_of_work():
        year = publish_year(
            call,
            2027,
            LocalizedText.of({"en": "Calls came too late."}),
            LocalizedText.of({"en": "We call within a week."}),
            actor=manager,
            now=utcnow(),
        )
    return year, manager


def test_what_was_heard_becomes_a_point_of_the_next_call_once(call, told):
    year, manager = told
    following = CallFactory(fund=call.fund, status=CallStatus.CO_DESIGN)

    with unit_of_work():
        take_to_codesign(year, following, "Groups", actor=manager, now=utcnow())

    (point,) = db.session.execute(
        sa.select(CodesignPoint).where(CodesignPoint.call_id == following.id)
    ).scalars()
    assert (point.said, point.said_by, point.response) == (
        {"en": "Calls came too late."},
        {"en": "Groups"},
        None,
    )
    assert (year.taken_to_id, year.point_key) == (following.id, point.key)
    with pytest.raises(NotPossibleNow), unit_of_work():
        take_to_codesign(year, following, "Groups", actor=manager, now=utcnow())


@pytest.mark.parametrize("which", ["open", "another fund"])
def test_point_goes_only_into_a_call_of_this_fund_that_is_being_shaped(call, told, which):
    year, manager = told
    other = CallFactory(fund=call.fund) if which == "open" else CallFactory(status=CallStatus.CO_DESIGN)

    with pytest.raises(NotPossibleNow), unit_of_work():
        take_to_codesign(year, other, "Groups", actor=manager, now=utcnow())


def test_year_is_published_once(call, told):
    _year, manager = told
    words = LocalizedText.of({"en": "Other words."})

    with pytest.raises(YearIsPublished), unit_of_work():
        publish_year(call, 2027, words, words, actor=manager, now=utcnow())

    assert [each.changed for each in list_years(call)] == [{"en": "We call within a week."}]
