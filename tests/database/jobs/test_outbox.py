"""The outbox: promised with the change, done once, whatever happens to workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.clock import utcnow
from fundapp.db import Json, db, short_transaction, unit_of_work
from fundapp.jobs.kinds import JOBS, Store, job
from fundapp.jobs.run import run_job, sweep
from fundapp.models.message import OutboxJob
from fundapp.models.user import TryCount
from fundapp.services.outbox import (
    BACK_OFF,
    LEASE,
    LEASE_RAN_OUT,
    MOST_ATTEMPTS,
    Hopeless,
    LeaseLost,
    claim,
    enqueue,
    give_up_dead_jobs,
    list_claimable_jobs,
    mark_done,
    mark_failed,
)

START = datetime(2027, 3, 16, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def kind() -> Iterator[Callable[[Callable[[Json], Store]], str]]:
    """Registers a kind of job for one test."""
    names = []

    def register(function: Callable[[Json], Store]) -> str:
        names.append(f"test_{uuid4().hex}")
        job(names[-1])(function)
        return names[-1]

    yield register
    for name in names:
        del JOBS[name]


def count_effect(name: str) -> None:
    """An effect that shows how often it was stored."""
    row = db.session.get(TryCount, (name, START))
    if row is None:
        db.session.add(TryCount(key=name, window_starts_at=START, tries=1))
    else:
        row.tries += 1


def effects() -> dict[str, int]:
    return {row.key: row.tries for row in db.session.execute(sa.select(TryCount)).scalars()}


def promised(*, due_at: datetime = START, number: int = 1) -> list[UUID]:
    with unit_of_work():
        for _each in range(number):
            enqueue("counted", due_at=due_at)
        return list(db.session.execute(sa.select(OutboxJob.id).order_by(OutboxJob.id)).scalars())


def the_job() -> OutboxJob:
    db.session.expire_all()
    return db.session.execute(sa.select(OutboxJob)).scalar_one()


def test_job_of_a_change_that_failed_is_not_promised(db_session):
    @unit_of_work()
    def change() -> None:
        enqueue("counted", thing_id="1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert db_session.execute(sa.select(OutboxJob)).all() == []


def test_job_with_a_known_once_key_is_promised_once(db_session):
    with unit_of_work():
        enqueue("counted", once_key="reminder:1", thing_id="1")
        enqueue("counted", once_key="reminder:2", thing_id="2")
    with unit_of_work():
        enqueue("counted", once_key="reminder:1", thing_id="3")

    rows = db_session.execute(sa.select(OutboxJob.once_key, OutboxJob.arguments).order_by(OutboxJob.once_key))
    assert [tuple(row) for row in rows] == [
        ("reminder:1", {"thing_id": "1"}),
        ("reminder:2", {"thing_id": "2"}),
    ]


def test_job_with_one_once_key_is_promised_once_by_many_at_the_same_moment(own_app: Flask):
    barrier = threading.Barrier(6)

    def promise() -> None:
        with own_app.app_context():
            barrier.wait()
            with unit_of_work():
                enqueue("counted", once_key="reminder:1")

    in_parallel([promise] * 6)

    assert the_job().once_key == "reminder:1"


def test_job_is_not_claimed_before_it_is_due(db_session):
    [job_id] = promised(due_at=START + SECOND)

    with unit_of_work():
        early, listed = claim(job_id, now=START), list_claimable_jobs(now=START)
    with unit_of_work():
        in_time = claim(job_id, now=START + SECOND)

    assert (early, listed) == (None, [])
    assert in_time is not None


def test_job_is_claimed_by_one_until_the_lease_is_over(db_session):
    [job_id] = promised()

    attempts = []
    for moment in (START, START + SECOND, START + LEASE, START + LEASE + SECOND):
        with unit_of_work():
            claimed = claim(job_id, now=moment)
            attempts.append(claimed.attempts if claimed else None)

    assert attempts == [1, None, None, 2]


def test_slow_worker_stores_nothing_once_its_job_was_taken_over(db_session):
    [job_id] = promised()
    with unit_of_work():
        claim(job_id, now=START)
    with unit_of_work():
        claim(job_id, now=START + LEASE + SECOND)

    @unit_of_work()
    def finish(attempt: int, name: str) -> None:
        count_effect(name)
        mark_done(job_id, attempt=attempt, now=START + LEASE + SECOND)

    with pytest.raises(LeaseLost):
        finish(1, "slow")
    finish(2, "second")

    assert effects() == {"second": 1}
    assert the_job().done_at == START + LEASE + SECOND


def test_failing_job_is_put_off_longer_each_time_and_given_up_after_the_last_attempt(db_session):
    [job_id] = promised()
    moment, waits, given_up = START, [], []

    for attempt in range(1, MOST_ATTEMPTS + 1):
        with unit_of_work():
            assert claim(job_id, now=moment) is not None
        with unit_of_work():
            given_up.append(
                mark_failed(
                    job_id, attempt=attempt, error="SMTPServerDisconnected", hopeless=False, now=moment
                )
            )
        waits.append(the_job().due_at - moment)
        moment = the_job().due_at

    assert waits == [*BACK_OFF, *[BACK_OFF[-1]] * (MOST_ATTEMPTS - len(BACK_OFF))]
    assert given_up == [False] * (MOST_ATTEMPTS - 1) + [True]
    assert (the_job().last_error, the_job().given_up_at is not None) == ("SMTPServerDisconnected", True)
    with unit_of_work():
        assert claim(job_id, now=moment + timedelta(days=1)) is None


def test_job_whose_worker_died_at_the_last_attempt_is_given_up(db_session):
    [job_id] = promised()
    with unit_of_work():
        db.session.execute(sa.update(OutboxJob).values(attempts=MOST_ATTEMPTS - 1))
    with unit_of_work():
        claim(job_id, now=START)

    with unit_of_work():
        give_up_dead_jobs(now=START + LEASE + SECOND)

    assert (the_job().last_error, the_job().given_up_at) == (LEASE_RAN_OUT, START + LEASE + SECOND)


def test_job_is_done_and_its_effect_stored_together(db_session, kind):
    name = kind(lambda arguments: lambda: count_effect(arguments["thing_id"]))
    with unit_of_work():
        enqueue(name, thing_id="7")

    done = [run_job(the_job().id), run_job(the_job().id)]

    assert done == [True, False]
    assert effects() == {"7": 1}
    assert the_job().done_at is not None


def test_job_that_fails_while_storing_leaves_no_effect(db_session, kind):
    def store() -> None:
        count_effect("half")
        db.session.flush()
        raise ZeroDivisionError

    name = kind(lambda arguments: store)
    with unit_of_work():
        enqueue(name)

    done = run_job(the_job().id)

    assert done is False
    assert effects() == {}
    assert (the_job().done_at, the_job().attempts, the_job().last_error) == (None, 1, "ZeroDivisionError")


def test_hopeless_job_is_given_up_at_once(db_session, kind):
    def refuse(arguments: Json) -> Store:
        raise Hopeless

    with unit_of_work():
        enqueue(kind(refuse))

    run_job(the_job().id)

    assert (the_job().attempts, the_job().last_error, the_job().given_up_at is not None) == (
        1,
        "Hopeless",
        True,
    )


def test_job_of_an_unknown_kind_is_given_up_and_stops_nobody(db_session, kind):
    name = kind(lambda arguments: lambda: count_effect("known"))
    with unit_of_work():
        enqueue("no_such_kind")
        enqueue(name)

    sweep()

    rows = db_session.execute(sa.select(OutboxJob.kind, OutboxJob.last_error).order_by(OutboxJob.kind))
    assert [tuple(row) for row in rows] == [("no_such_kind", "UnknownKind"), (name, None)]
    assert effects() == {"known": 1}


Step = tuple[str, int, int]  # what happens, to which job, to which of its attempts
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "finish", "fail", "die", "wait a little", "wait for the lease"]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=25,
)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_effect_is_stored_once_whatever_workers_do(db_session, steps: list[Step]):
    with unit_of_work():
        db.session.execute(sa.delete(OutboxJob))
        db.session.execute(sa.delete(TryCount))
    jobs, moment = promised(number=3), START
    attempts: dict[UUID, list[int]] = {job_id: [] for job_id in jobs}

    def finish(job_id: UUID, attempt: int) -> None:
        try:
            with unit_of_work():
                count_effect(str(job_id))
                mark_done(job_id, attempt=attempt, now=moment)
        except LeaseLost:
            pass

    for what, number, which in steps:
        job_id = jobs[number]
        held = attempts[job_id][which % len(attempts[job_id])] if attempts[job_id] else None
        if what == "claim":
            with unit_of_work():
                claimed = claim(job_id, now=moment)
                if claimed:
                    attempts[job_id].append(claimed.attempts)
        elif what == "finish" and held is not None:
            finish(job_id, held)
        elif what == "fail" and held is not None:
            with unit_of_work():
                mark_failed(job_id, attempt=held, error="OSError", hopeless=False, now=moment)
        elif what == "die" and held is not None:
            attempts[job_id].remove(held)
        else:
            moment += LEASE + SECOND if what == "wait for the lease" else SECOND
    moment += timedelta(hours=2)  # past every lease and every put-off
    for job_id in jobs:
        with unit_of_work():
            claimed = claim(job_id, now=moment)
            attempt = claimed.attempts if claimed else None
        if attempt is not None:
            finish(job_id, attempt)

    assert effects() == {str(job_id): 1 for job_id in jobs}


def test_job_that_read_is_stored_although_another_wrote_meanwhile(own_app: Flask, kind):
    def read_while_another_writes(_arguments: Json) -> Store:
        assert effects() == {}
        with short_transaction(writes=True) as other:
            other.add(TryCount(key="another's", window_starts_at=START, tries=1))
        return lambda: count_effect("its own")

    with unit_of_work():
        enqueue(kind(read_while_another_writes))

    assert run_job(the_job().id)
    assert effects() == {"another's": 1, "its own": 1}


def in_parallel(functions: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_many_sweepers_at_once_do_each_job_once(own_app: Flask, kind):
    name = kind(lambda arguments: lambda: count_effect(arguments["thing_id"]))
    with unit_of_work():
        for number in range(60):
            enqueue(name, due_at=utcnow() - SECOND, thing_id=str(number))

    def sweep_all() -> None:
        with own_app.app_context():
            while sweep():
                continue

    in_parallel([sweep_all] * 4)

    assert effects() == {str(number): 1 for number in range(60)}
    assert db.session.execute(sa.select(sa.func.max(OutboxJob.attempts))).scalar_one() == 1
