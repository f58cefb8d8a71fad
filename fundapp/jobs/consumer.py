"""The process that listens for the doorbell: an RQ worker that does outbox jobs and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from rq import Worker
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.utils import as_text

from fundapp.db import db
from fundapp.jobs.run import run_rung_job
from fundapp.queue import RUNG_JOB, open_queue, waiting_connection

WORKER_TTL = 30  # with the next two a job of a killed worker is noticed after about a minute instead of seven
MAINTENANCE_SECONDS = 10
MONITORING_SECONDS = 5
CALLED_AFTERWARDS = (
    "success_callback_name",
    "failure_callback_name",
    "stopped_callback_name",
    "webhooks",
)


class RungJob(Job):
    """A job as we ring it: one function, one id. Whatever else lies in the queue is refused, not run."""

    @property
    def func(self) -> Any:
        if self.func_name != RUNG_JOB or self.instance is not None:
            raise DeserializationError(f"only {RUNG_JOB} is run")
        return run_rung_job

    def restore(self, raw_data: Mapping[Any, Any]) -> None:
        """Leaves out the functions and addresses that RQ would call afterwards."""
        super().restore(
            {key: value for key, value in raw_data.items() if as_text(key) not in CALLED_AFTERWARDS}
        )


def consume(app: Flask, url: str) -> None:
    """Listen until told to stop, or until the server goes away; the parent then starts us again."""
    connection = waiting_connection(url)
    with app.app_context():
        db.engine.dispose()  # work-horses are forked: none may inherit an open connection
        worker = Worker(
            [open_queue(connection)],
            connection=connection,
            job_class=RungJob,
            serializer="json",
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE_SECONDS,
            job_monitoring_interval=MONITORING_SECONDS,
        )
        worker.work(logging_level="WARNING")
