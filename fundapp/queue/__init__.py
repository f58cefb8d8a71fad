"""The doorbell: RQ tells a worker that the outbox holds new work. Nothing is lost when nobody hears it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError

logger = logging.getLogger(__name__)

QUEUE_NAME = "fundapp"
RUNG_JOB = "fundapp.jobs.run.run_rung_job"
JOB_TIMEOUT = 45  # seconds; shorter than the lease on an outbox row
_EXTENSION = "fundapp_queue"


def init_queue(app: Flask, url: str) -> None:
    """Where this app rings."""
    app.extensions[_EXTENSION] = open_queue(ringing_connection(url))


def open_queue(connection: Redis) -> Queue:
    """JSON on both sides: RQ's default would run whatever code lies in the queue."""
    return Queue(QUEUE_NAME, connection=connection, serializer="json", default_timeout=JOB_TIMEOUT)


def ringing_connection(url: str) -> Redis:
    """A connection that fails at once: no request ever waits for the queue."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=0.5, socket_timeout=0.5)


def waiting_connection(url: str) -> Redis:
    """A worker's connection: it blocks on the queue and looks for a lost server."""
    return Redis.from_url(url, socket_connect_timeout=0.5, health_check_interval=10)


def answers(url: str) -> bool:
    """Whether a server is there and talks to us."""
    connection = ringing_connection(url)
    try:
        return bool(connection.ping())
    except RedisError:
        return False
    finally:
        connection.close()


def ring(job_ids: Iterable[UUID]) -> None:
    """Tell a worker about outbox jobs. Rung twice is heard once; an error is logged and forgotten."""
    queue: Queue | None = current_app.extensions.get(_EXTENSION)
    if queue is None:
        return
    for job_id in job_ids:
        try:
            queue.enqueue(
                RUNG_JOB, str(job_id), job_id=f"outbox-{job_id}", unique=True, result_ttl=0, failure_ttl=60
            )
        except DuplicateJobError:
            continue
        except (RedisError, OSError) as error:
            logger.info("queue does not answer", extra={"error": type(error).__name__})
            return  # the next ones would only wait for the same silence
