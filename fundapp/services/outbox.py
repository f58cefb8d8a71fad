"""The outbox: work promised inside a change, claimed by one worker at a time, done once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult

from fundapp.clock import utcnow
from fundapp.db import after_commit, db
from fundapp.models.message import OutboxJob
from fundapp.queue import ring

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BACK_OFF = (timedelta(seconds=10), timedelta(seconds=60), timedelta(seconds=600), timedelta(hours=1))
MOST_ATTEMPTS = 12
LEASE_RAN_OUT = "LeaseRanOut"
_TO_RING = "outbox_jobs_to_ring"


class LeaseLost(Exception):
    """Somebody else has claimed the job meanwhile; what was about to be stored must not be."""


class Hopeless(Exception):
    """Trying again cannot help; the job is given up at once."""


def enqueue(
    kind: str, *, due_at: datetime | None = None, once_key: str | None = None, **arguments: str
) -> bool:
    """Promise a job, carried out after the unit of work. False: its `once_key` is known already."""
    now = utcnow()
    job = OutboxJob(kind=kind, arguments=arguments, due_at=due_at or now, once_key=once_key)
    if once_key is not None and not _add_once(job, once_key):
        return False
    db.session.add(job)
    db.session.flush()
    if job.due_at <= now:
        db.session.info.setdefault(_TO_RING, []).append(job.id)
    return True


def _add_once(job: OutboxJob, once_key: str) -> bool:
    known = sa.select(OutboxJob.id).where(OutboxJob.once_key == once_key)
    if db.session.execute(known).first() is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except sa.exc.IntegrityError:  # promised by somebody else between our look and our insert
        return False
    return True


@after_commit
def ring_for_new_jobs() -> None:
    """Wake the worker. Nothing depends on it: the sweeper finds the rows as well."""
    job_ids: list[UUID] = db.session.info.pop(_TO_RING, [])
    if job_ids:
        ring(job_ids)


def claim(job_id: UUID, *, now: datetime) -> OutboxJob | None:
    """The job with a lease on it, or None if it is done, not due, given up or in somebody else's hands."""
    claimed = db.session.execute(
        sa.update(OutboxJob)
        .where(OutboxJob.id == job_id, *_claimable(now))
        .values(leased_until=now + LEASE, attempts=OutboxJob.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if not _touched(claimed):
        return None
    return db.session.get(OutboxJob, job_id, populate_existing=True)


def mark_done(job_id: UUID, *, attempt: int, now: datetime) -> None:
    """In the same transaction as the job's effects. Raises LeaseLost when a later attempt has begun."""
    done = db.session.execute(
        sa.update(OutboxJob)
        .where(OutboxJob.id == job_id, OutboxJob.done_at.is_(None), OutboxJob.attempts == attempt)
        .values(done_at=now, leased_until=None, last_error=None)
        .execution_options(synchronize_session=False)
    )
    if not _touched(done):
        raise LeaseLost


def forget_done(kind: str, argument: str, value: str) -> None:
    """Where nothing may say when it was done: the jobs of this kind that are, with this argument."""
    db.session.execute(
        sa.delete(OutboxJob)
        .where(
            OutboxJob.kind == kind,
            OutboxJob.done_at.is_not(None),
            OutboxJob.arguments[argument].as_string() == value,
        )
        .execution_options(synchronize_session=False)
    )


def mark_failed(job_id: UUID, *, attempt: int, error: str, hopeless: bool, now: datetime) -> bool:
    """Put the job off, or give it up after the last attempt. True when it was given up."""
    give_up = hopeless or attempt >= MOST_ATTEMPTS
    put_off = now + BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
    db.session.execute(
        sa.update(OutboxJob)
        .where(OutboxJob.id == job_id, OutboxJob.done_at.is_(None), OutboxJob.attempts == attempt)
        .values(
            last_error=error[:200],
            leased_until=None,
            due_at=put_off,
            given_up_at=now if give_up else None,
        )
        .execution_options(synchronize_session=False)
    )
    return give_up


def give_up_dead_jobs(*, now: datetime) -> None:
    """Jobs whose worker died at the last attempt: nobody is left to write that down."""
    db.session.execute(
        sa.update(OutboxJob)
        .where(
            OutboxJob.done_at.is_(None),
            OutboxJob.given_up_at.is_(None),
            OutboxJob.attempts >= MOST_ATTEMPTS,
            OutboxJob.leased_until < now,
        )
        .values(given_up_at=now, leased_until=None, last_error=LEASE_RAN_OUT)
        .execution_options(synchronize_session=False)
    )


def list_claimable_jobs(*, now: datetime, limit: int = 100) -> list[UUID]:
    """Oldest first: due, not done, in nobody's hands."""
    due = sa.select(OutboxJob.id).where(*_claimable(now)).order_by(OutboxJob.due_at, OutboxJob.id)
    return list(db.session.execute(due.limit(limit)).scalars())


def _claimable(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OutboxJob.done_at.is_(None),
        OutboxJob.given_up_at.is_(None),
        OutboxJob.due_at <= now,
        OutboxJob.attempts < MOST_ATTEMPTS,
        sa.or_(OutboxJob.leased_until.is_(None), OutboxJob.leased_until < now),
    )


def _touched(result: sa.Result[tuple[object, ...]]) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
