"""Readers with marks still to write are reminded a week, two days and on the day before scoring ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fundapp.jobs import mail
from fundapp.models.message import Message
from fundapp.models.panel import PanelSeat
from fundapp.services.reminders import remind_readers
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
)
from tests.published import dated

ENDS = datetime(2027, 7, 9, 23, 0, tzinfo=UTC)  # midnight in London


@pytest.fixture
def seat(db_session) -> PanelSeat:
    panel = PanelFactory()
    dated(panel.round, scoring_opens_at=ENDS - timedelta(days=21), scoring_closes_at=ENDS)
    return PanelSeatFactory(panel=panel)


def give(seat: PanelSeat, **more):
    application = ApplicationFactory(call=seat.panel.call, **more or {"in_review": True})
    return ReviewAssignmentFactory(seat=seat, application=application)


def told(db_session, seat: PanelSeat) -> int:
    return db_session.query(Message).filter_by(kind="reminder", recipient_id=seat.user_id).count()


@pytest.mark.parametrize(("day", "mails"), [(8, 0), (7, 1), (6, 0), (2, 1), (1, 0), (0, 1), (-1, 0)])
def test_reader_with_something_left_is_reminded_on_three_days_once(db_session, seat, day: int, mails: int):
    give(seat)
    morning = ENDS - timedelta(days=day, hours=15)

    for _ in range(2):
        remind_readers(now=morning)

    assert told(db_session, seat) == mails


def test_reader_with_nothing_left_hears_nothing(db_session, seat):
    ReviewFactory(assignment=give(seat), locked_at=ENDS - timedelta(days=9))
    give(seat).voided_at = ENDS - timedelta(days=9)
    give(seat, at_panel=True)
    db_session.flush()

    remind_readers(now=ENDS - timedelta(hours=15))

    assert told(db_session, seat) == 0


def test_reader_hears_nothing_of_what_a_tie_has_closed_since(db_session, seat):
    application = give(seat).application
    ConflictFactory(user=seat.user, call_id=seat.panel.call_id, organisation=application.organisation)

    remind_readers(now=ENDS - timedelta(hours=15))

    assert told(db_session, seat) == 0


@pytest.mark.parametrize("is_locked", [False, True])
def test_reminder_is_delivered_unless_everything_is_locked_meanwhile(
    db_session, seat, is_locked: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "send", lambda _mail: None)  # there is no mail server here
    assignment = give(seat)
    remind_readers(now=ENDS - timedelta(hours=15))
    if is_locked:
        ReviewFactory(assignment=assignment, locked_at=ENDS - timedelta(hours=14))
    message = db_session.query(Message).filter_by(kind="reminder").one()

    mail.send_message({"message_id": str(message.id)})()

    assert (message.sent_at is not None) is not is_locked
