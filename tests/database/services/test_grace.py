"""More time on request: who gets it, until when, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.event import Event
from fundapp.services.applications import invite_to_full
from fundapp.services.events import seal
from fundapp.services.grace import ask_for_grace
from tests.factories import ApplicationFactory, UserFactory, days
from tests.published import dated

HOURS_48 = timedelta(hours=48)
LONDON = ZoneInfo("Europe/London")


def events_of(application: Application) -> list[Event]:
    seal()
    db.session.flush()
    query = sa.select(Event).where(Event.subject_id == application.id, Event.step == "ask_for_grace")
    return list(db.session.execute(query).scalars())


def draft(**options: object) -> Application:
    return ApplicationFactory(created_at=days(-8), **options)


def test_grace_is_granted_at_once_and_written_down_with_its_reason(db_session):
    application, actor = draft(), UserFactory()
    deadline = application.round.eoi_closes_at
    now = deadline + timedelta(minutes=1)

    ask_for_grace(application, reason=" The phone was broken. ", actor=actor, now=now)

    assert application.grace_until == deadline + HOURS_48
    [event] = events_of(application)
    assert (event.at, event.actor_id, event.reason) == (now, actor.id, "The phone was broken.")
    assert event.details == {"stage": "eoi", "until": application.grace_until.isoformat()}


def test_grace_without_a_reason_is_the_same(db_session):
    application = draft()

    ask_for_grace(application, reason="", actor=UserFactory(), now=application.round.eoi_closes_at)

    assert application.grace_until is not None
    assert [event.reason for event in events_of(application)] == [None]


def test_grace_is_given_once_in_a_stage(db_session):
    application = draft()
    deadline = application.round.eoi_closes_at

    for hours in (0, 1, 47):
        ask_for_grace(application, reason="", actor=UserFactory(), now=deadline + timedelta(hours=hours))

    assert application.grace_until == deadline + HOURS_48
    assert len(events_of(application)) == 1


def test_next_stage_has_its_own_deadline_and_its_own_grace(db_session):
    application = draft(eoi_sent=True, grace_until=days(1))

    invite_to_full(application, actor=UserFactory(), now=days(0))

    assert application.grace_until is None


@pytest.mark.parametrize(
    ("moment", "is_given"),
    [
        (-timedelta(days=7, milliseconds=1), False),
        (-timedelta(days=7), True),
        (timedelta(0), True),
        (HOURS_48, True),
        (HOURS_48 + timedelta(milliseconds=1), False),
    ],
)
def test_grace_can_be_asked_for_from_a_week_before_until_it_would_be_over(db_session, moment, is_given):
    application = draft()
    now = application.round.eoi_closes_at + moment

    if is_given:
        ask_for_grace(application, reason="", actor=UserFactory(), now=now)
    else:
        with pytest.raises(NotPossibleNow):
            ask_for_grace(application, reason="", actor=UserFactory(), now=now)

    assert (application.grace_until is not None) is is_given


def test_grace_is_for_drafts_that_were_there_before_the_deadline(db_session):
    application = draft()
    application.created_at = application.round.eoi_closes_at + timedelta(milliseconds=1)

    with pytest.raises(NotPossibleNow):
        ask_for_grace(application, reason="", actor=UserFactory(), now=application.created_at)


@pytest.mark.parametrize("status", [ApplicationStatus.SUBMITTED, ApplicationStatus.WITHDRAWN])
def test_grace_is_for_drafts(db_session, status):
    application = draft(eoi_sent=True)
    application.status = status

    with pytest.raises(NotPossibleNow):
        ask_for_grace(application, reason="", actor=UserFactory(), now=application.round.eoi_closes_at)


def test_call_without_grace_gives_none(db_session):
    application = draft()
    dated(application.round, grace_minutes=0)

    with pytest.raises(NotPossibleNow):
        ask_for_grace(application, reason="", actor=UserFactory(), now=application.round.eoi_closes_at)


def test_grace_is_48_hours_by_the_clock_at_every_change_of_hour(db_session):
    """Noon in London before the change is 11 or 13 o'clock after it: nobody gains or loses an hour."""
    changes = []
    for year in range(2026, 2036):
        day = datetime(year, 1, 1, 12, tzinfo=LONDON)
        while day.year == year:
            following = day + timedelta(days=1)
            if day.utcoffset() != following.utcoffset():
                changes.append(day)
            day = following
    assert len(changes) == 20

    application = draft()
    for noon in changes:
        application.grace_until = None
        deadline = noon.astimezone(UTC)
        dated(
            application.round,
            opens_at=deadline - timedelta(days=30),
            eoi_closes_at=deadline,
            full_closes_at=deadline + timedelta(days=60),
        )
        application.created_at = deadline - timedelta(days=1)
        db.session.flush()
        ask_for_grace(application, reason="", actor=UserFactory(), now=deadline)
        assert application.grace_until - deadline == HOURS_48
        assert application.grace_until.astimezone(LONDON).hour in (11, 13)
