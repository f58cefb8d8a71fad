"""Carrying out what the outbox promises: claim, do, store together with "done"."""

from __future__ import annotations

import logging
from uuid import UUID

from fundapp.clock import utcnow
from fundapp.db import db, leave_no_copies, unit_of_work
from fundapp.jobs import (  # noqa: F401 - register their kinds of job
    breaches,
    daily,
    files,
    mail,
    papers,
    releases,
    translations,
    webhooks,
)
from fundapp.jobs.kinds import JOBS
from fundapp.services.messages import wipe_stale_codes
from fundapp.services.outbox import (
    Hopeless,
    LeaseLost,
    claim,
    give_up_dead_jobs,
    list_claimable_jobs,
    mark_done,
    mark_failed,
)
from fundapp.services.papers import take_away_old_copies
from fundapp.services.unsaved_texts import sweep_unsaved

logger = logging.getLogger(__name__)


class UnknownKind(Hopeless):
    """No function is registered for this kind of job."""


def run_job(job_id: UUID) -> bool:
    """Do one job if nobody else has it. True when its effects are stored; a job's own error is stored too."""
    with unit_of_work():
        claimed = claim(job_id, now=utcnow())
        if claimed is None:
            return False
        kind, arguments, attempt = claimed.kind, dict(claimed.arguments), claimed.attempts
    try:
        if kind not in JOBS:
            raise UnknownKind
        store = JOBS[kind](arguments)
        db.session.rollback()  # what it read: SQLite lets nobody write on from there once another has written
        with unit_of_work():
            mark_done(job_id, attempt=attempt, now=utcnow())
            store()
    except LeaseLost:
        logger.warning("job was taken over", extra={"job_id": str(job_id), "kind": kind})
        return False
    except Exception as error:
        # Whatever went wrong, it belongs in the row: the next attempt is due from there.
        _write_failure(job_id, kind, attempt, error)
        return False
    if kind in daily.ERASING:
        leave_no_copies()
    return True


def _write_failure(job_id: UUID, kind: str, attempt: int, error: Exception) -> None:
    name = type(error).__name__
    with unit_of_work():
        given_up = mark_failed(
            job_id, attempt=attempt, error=name, hopeless=isinstance(error, Hopeless), now=utcnow()
        )
    log = logger.error if given_up else logger.warning
    log(
        "job given up" if given_up else "job put off",
        extra={"job_id": str(job_id), "kind": kind, "attempt": attempt, "error": name},
    )


def run_rung_job(job_id: str) -> None:
    """What RQ calls. The answer stands in the outbox row, so RQ keeps nothing."""
    run_job(UUID(job_id))


def sweep() -> int:
    """Do what is due and in nobody's hands, whoever rang for it. Returns how many jobs were looked at."""
    with unit_of_work():
        give_up_dead_jobs(now=utcnow())
        wipe_stale_codes(now=utcnow())
        sweep_unsaved(now=utcnow())
        take_away_old_copies(now=utcnow())
        job_ids = list_claimable_jobs(now=utcnow())
    for job_id in job_ids:
        run_job(job_id)
    return len(job_ids)
