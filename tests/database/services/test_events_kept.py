"""The record of what happened only grows, whoever asks the database for something else (AC-79)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.event import Event
from fundapp.models.frozen_events import COVERED
from fundapp.services.events import broken_links, record
from tests.engines import SQLITE
from tests.factories import FundFactory

pytestmark = pytest.mark.both_engines  # what the database itself refuses

CHANGES = [f"UPDATE event SET {column} = {column} WHERE number = 2" for column in COVERED.split(", ")] + [
    "UPDATE event SET reason = 'another one' WHERE number = 2",
    "DELETE FROM event WHERE number = 2",
    "DELETE FROM event",
    "UPDATE event_chain SET last_number = 2",
    "UPDATE event_chain SET last_number = last_number",
    "DELETE FROM event_chain",
]


@pytest.fixture
def three_events(db_session):
    fund = FundFactory()
    with unit_of_work():
        for step in ("first", "second", "third"):
            record(fund, step, actor=None, now=utcnow(), reason="because")


@pytest.mark.parametrize("change", CHANGES)
def test_database_refuses_every_change_of_the_record(three_events, change):
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.text(change))

    assert list(broken_links()) == []


@pytest.mark.only_on(SQLITE)  # the other engine has no such word
def test_database_refuses_an_entry_in_the_place_of_another(three_events):
    copied = "INSERT OR REPLACE INTO event SELECT * FROM event WHERE number = 2"

    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.text(copied))


def test_reason_can_be_taken_out_and_the_record_is_whole(three_events):
    with unit_of_work():
        db.session.execute(sa.update(Event).values(reason=None, reason_salt=None))

    assert list(broken_links()) == []
