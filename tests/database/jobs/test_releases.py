"""Telling everybody is one job: killed, doubled or late, each person hears once, and all hear together."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.run import run_job, sweep
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.event import Event
from fundapp.models.message import Message, OutboxJob
from fundapp.models.user import User
from fundapp.services.decisions import take_over_proposal
from fundapp.services.outbox import LEASE, claim
from fundapp.services.ratification import ratify
from fundapp.services.releases import HOLD, TELL_EVERYBODY, begin_release, carry_out_release, stop_release
from tests.board import FAIR, GOOD, call_at_panel, manager_of, panel_of, read_application, with_money


class Killed(Exception):
    pass


@pytest.fixture
def round_id(own_app: Flask) -> UUID:
    """Of a signed round with two groups, whose ten minutes are just over."""
    with unit_of_work():
        call = with_money(call_at_panel(), round_1=100_000)
        panel, manager = panel_of(call), manager_of(call)
        for levels in (GOOD, FAIR):
            read_application(panel, levels)
        round_ = call.rounds[0]
        take_over_proposal(round_, actor=manager, now=utcnow())
        ratify(round_, actor=manager, now=utcnow())
        begin_release(round_, actor=manager, now=utcnow() - HOLD - timedelta(seconds=1))
        found: UUID = round_.id
    return found


def job_id() -> UUID:
    return db.session.execute(sa.select(OutboxJob.id).where(OutboxJob.kind == TELL_EVERYBODY)).scalar_one()


def told() -> tuple[int, int, int]:
    """Groups that see their decision, mails promised, and times it is on record."""
    db.session.expire_all()
    groups = sa.select(sa.func.count(Application.id)).where(Application.group_told_at.is_not(None))
    mails = sa.select(sa.func.count(Message.id)).where(Message.kind == "decision_ready")
    releases = sa.select(sa.func.count(Event.number)).where(Event.step == "release")
    return tuple(db.session.execute(query).scalar_one() for query in (groups, mails, releases))  # type: ignore[return-value]


def killed_while_telling(round_id: UUID) -> None:
    with unit_of_work():
        carry_out_release(round_id, now=utcnow())
        raise Killed


def test_doubled_job_tells_everybody_once(round_id: UUID) -> None:
    runs = [run_job(job_id()) for _number in range(3)]
    sweep()

    assert runs == [True, False, False]
    assert told() == (2, 2, 1)


def test_worker_killed_on_the_way_has_told_nobody_and_the_next_one_tells_all(round_id: UUID) -> None:
    job = job_id()
    with unit_of_work():
        claim(job, now=utcnow() - LEASE - timedelta(seconds=1))
    with pytest.raises(Killed):
        killed_while_telling(round_id)

    after_the_kill = told()
    run_job(job)

    assert after_the_kill == (0, 0, 0)
    assert told() == (2, 2, 1)


def test_job_that_comes_after_a_stop_tells_nobody(round_id: UUID) -> None:
    with unit_of_work():
        manager = db.session.execute(sa.select(User).where(User.is_staff.is_(True)).limit(1)).scalar_one()
        stop_release(db.session.get_one(Round, round_id), actor=manager, now=utcnow())

    run_job(job_id())

    assert told() == (0, 0, 0)
