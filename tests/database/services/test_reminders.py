"""Reminders: on three days before a deadline, to people with drafts, once each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.jobs.daily import FROM_HOUR, REMIND, Mornings
from fundapp.lifecycles import ApplicationStatus, CallStatus
from fundapp.models.application import Application
from fundapp.models.message import Message, OutboxJob
from fundapp.models.organisation import MemberRight
from fundapp.services.contact import LONDON, Contact, set_contact
from fundapp.services.reminders import remind
from tests.factories import ApplicationFactory, CallFactory, OrganisationMemberFactory, UserFactory


def draft(closes: datetime, **options: object) -> Application:
    application = ApplicationFactory(call=CallFactory(opens_at=closes - timedelta(days=30)), **options)
    OrganisationMemberFactory(organisation=application.organisation)
    return application


def told() -> list[str]:
    return list(
        db.session.execute(
            sa.select(Message.arguments["application_id"].as_string()).where(Message.kind == "reminder")
        ).scalars()
    )


NOON = datetime(2027, 4, 15, 11, tzinfo=UTC)  # noon in London


def every_morning(application: Application, days: int = 12) -> list[int]:
    """On how many days before the deadline somebody was told, the job running three times a day."""
    found = []
    for before in range(days, -3, -1):
        at = (NOON - timedelta(days=before)).replace(hour=7)
        known = len(told())
        for _run in range(3):
            remind(now=at)
        found += [before] * (len(told()) - known)
    return found


def test_reminders_come_a_week_before_two_days_before_and_on_the_day(db_session):
    assert every_morning(draft(NOON)) == [7, 2, 0]


def test_reminders_follow_the_time_a_group_has_asked_for(db_session):
    assert every_morning(draft(NOON, grace_until=NOON + timedelta(days=2))) == [5, 0, -2]


@pytest.mark.parametrize(
    "status", [status for status in ApplicationStatus if status is not ApplicationStatus.DRAFT]
)
def test_who_has_sent_or_taken_back_is_not_reminded(db_session, status):
    application = draft(NOON, submitted_at=NOON - timedelta(days=9), receipt="AAAA2222")
    application.status = status
    db.session.flush()

    assert every_morning(application) == []


def test_closed_call_reminds_nobody(db_session):
    application = draft(NOON)
    application.call.status = CallStatus.CLOSED
    db.session.flush()

    assert every_morning(application) == []


def test_only_members_who_may_write_and_want_to_are_reminded(db_session):
    application = draft(NOON)
    asked_not = OrganisationMemberFactory(organisation=application.organisation).user
    reader = OrganisationMemberFactory(organisation=application.organisation, right=MemberRight.VIEW).user
    set_contact(asked_not, Contact(wants_reminders=False), now=utcnow())
    UserFactory()

    remind(now=NOON.replace(hour=7))

    people = db.session.execute(sa.select(Message.recipient_id)).scalars().all()
    assert len(people) == 1
    assert asked_not.id not in people
    assert reader.id not in people


@pytest.mark.parametrize("starts", [datetime(2027, 3, 20, tzinfo=UTC), datetime(2027, 10, 20, tzinfo=UTC)])
def test_every_day_has_one_morning_also_when_the_hour_changes(db_session, starts):
    """Two workers look every three hours: the jobs of a day are promised once, in the morning."""
    days = Counter()
    first, second = Mornings(), Mornings()
    moment = starts
    with time_machine.travel(moment, tick=False) as clock:
        while moment < starts + timedelta(days=21):
            for worker in (first, second):
                worker.promise(moment)
            moment += timedelta(hours=3)
            clock.move_to(moment)
    for key, due_at in db.session.execute(sa.select(OutboxJob.once_key, OutboxJob.due_at)):
        if key.startswith(f"{REMIND}:"):
            days[key.removeprefix(f"{REMIND}:")] += 1
            local = due_at.astimezone(LONDON)
            assert local.date().isoformat() == key.removeprefix(f"{REMIND}:")
            assert FROM_HOUR <= local.hour < FROM_HOUR + 3

    assert len(days) == 21
    assert set(days.values()) == {1}
