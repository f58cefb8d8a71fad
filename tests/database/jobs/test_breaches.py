"""The clock of 72 hours: to the minute, over a change of hour; each reminder once, none once decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.jobs.run import sweep
from fundapp.models.data_rights import BreachRisk, IcoDecision
from fundapp.models.message import Message, OutboxJob
from fundapp.rights_steps import BreachStatus
from fundapp.services.breaches import (
    REMIND_OF_BREACH,
    LateNeedsReason,
    RiskIsTold,
    close_breach,
    decide_ico,
    enter_breach,
    note_people,
)
from fundapp.services.outside_requests import name_for_data
from tests.factories import FundFactory, FundRoleFactory

FOUND = datetime(2026, 10, 23, 14, 7, tzinfo=UTC)  # the clocks go back on the 25th
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(db_session):
    fund = FundFactory()
    lead, deputy = (FundRoleFactory(fund=fund).user for _each in range(2))
    with unit_of_work():
        name_for_data(fund, lead, deputy, actor=lead, now=FOUND)
    return fund, lead, deputy


def entered(people, *, at=FOUND, found_at=FOUND):
    fund, lead, _deputy = people
    with time_machine.travel(at, tick=False), unit_of_work():
        return enter_breach(fund, "A list went astray.", found_at=found_at, actor=lead, now=at)


def reminders(person):
    query = sa.select(Message.created_at).where(
        Message.recipient_id == person.id, Message.kind == "data_clock"
    )
    return sorted(db.session.execute(query).scalars())


def at(moment):
    with time_machine.travel(moment, tick=False):
        sweep()


def test_both_are_reminded_after_24_48_and_72_hours_to_the_minute_and_once_each(people):
    breach = entered(people)
    assert breach.due_at == datetime(2026, 10, 26, 14, 7, tzinfo=UTC)

    expected = []
    for hours in (24, 48, 72):
        moment = FOUND + timedelta(hours=hours)
        at(moment - MINUTE)
        assert [reminders(person) for person in people[1:]] == [expected, expected]
        expected = [*expected, moment]
        for late in (moment, moment, moment + MINUTE):
            at(late)
        assert [reminders(person) for person in people[1:]] == [expected, expected]
    at(FOUND + timedelta(days=30))
    assert len(reminders(people[1])) == 3


def test_nobody_is_reminded_of_what_is_decided(people):
    breach = entered(people)
    at(FOUND + timedelta(hours=24))
    with unit_of_work():
        decide_ico(
            breach,
            IcoDecision.TOLD,
            risk=BreachRisk.LIKELY,
            reason="Names were in it.",
            actor=people[1],
            now=FOUND + timedelta(hours=30),
        )
    for hours in (48, 72, 100):
        at(FOUND + timedelta(hours=hours))
    assert [len(reminders(person)) for person in people[1:]] == [1, 1]


@pytest.mark.parametrize(
    ("hours", "due"), [(0, [24, 48, 72]), (24, [24, 48, 72]), (50, [50, 72]), (72, [72]), (500, [500])]
)
def test_written_down_late_it_reminds_at_once_and_of_what_is_ahead(people, hours, due):
    entered(people, at=FOUND + timedelta(hours=hours))

    query = sa.select(OutboxJob.due_at).where(OutboxJob.kind == REMIND_OF_BREACH).order_by(OutboxJob.due_at)
    assert list(db.session.execute(query).scalars()) == [FOUND + timedelta(hours=each) for each in due]


def test_clock_does_not_start_in_the_future(people):
    with pytest.raises(NotPossibleNow):
        entered(people, found_at=FOUND + MINUTE)


def decide(breach, people, decision, risk, *, after, late=""):
    with unit_of_work():
        decide_ico(
            breach,
            decision,
            risk=risk,
            reason="Why.",
            late_reason=late,
            actor=people[1],
            now=FOUND + after,
        )


def test_after_the_last_minute_it_takes_a_reason(people):
    breach = entered(people)
    late = timedelta(hours=72, seconds=1)
    with pytest.raises(LateNeedsReason):
        decide(breach, people, IcoDecision.TOLD, BreachRisk.HIGH, after=late)
    decide(breach, people, IcoDecision.TOLD, BreachRisk.HIGH, after=late, late="Found on a Friday.")
    assert breach.late_reason == "Found on a Friday."
    with pytest.raises(NotPossibleNow):
        decide(breach, people, IcoDecision.TOLD, BreachRisk.HIGH, after=late, late="Again.")


def test_at_the_last_moment_it_is_in_time(people):
    breach = entered(people)
    decide(breach, people, IcoDecision.TOLD, BreachRisk.HIGH, after=timedelta(hours=72))
    assert breach.ico_at == breach.due_at


@pytest.mark.parametrize("risk", [BreachRisk.LIKELY, BreachRisk.HIGH])
def test_a_risk_is_told(people, risk):
    breach = entered(people)
    with pytest.raises(RiskIsTold):
        decide(breach, people, IcoDecision.NOT_TOLD, risk, after=MINUTE)
    decide(breach, people, IcoDecision.NOT_TOLD, BreachRisk.UNLIKELY, after=MINUTE)


def test_closed_only_once_people_at_high_risk_know(people):
    breach, lead = entered(people), people[1]
    with pytest.raises(NotPossibleNow), unit_of_work():
        close_breach(breach, actor=lead, now=utcnow())
    decide(breach, people, IcoDecision.TOLD, BreachRisk.HIGH, after=MINUTE)
    with unit_of_work():
        note_people(breach, "Nobody yet.", told=False, actor=lead, now=FOUND)
    with pytest.raises(NotPossibleNow), unit_of_work():
        close_breach(breach, actor=lead, now=utcnow())
    with unit_of_work():
        note_people(breach, "All nine, by phone.", told=True, actor=lead, now=FOUND)
    with unit_of_work():
        close_breach(breach, actor=lead, now=utcnow())
    assert breach.status is BreachStatus.CLOSED
