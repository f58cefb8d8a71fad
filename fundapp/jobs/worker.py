"""The worker: sweeps the outbox, and keeps the queue's server and a listener for the doorbell running."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

import sqlalchemy as sa
from flask import Flask

from fundapp.clock import utcnow
from fundapp.jobs.daily import Mornings
from fundapp.jobs.run import sweep
from fundapp.queue import answers
from fundapp.queue.server import QueueServer, queue_url
from fundapp.settings import Settings

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds between looks at our children; between sweeps too while nobody can ring
SWEEP_EVERY = 30.0  # seconds between sweeps while the doorbell works
STOP_SECONDS = 10.0


class Listener:
    """The child process that listens to the queue. It may end with its server, so it is started again."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def keep_running(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            self._command,
            stdin=subprocess.PIPE,  # closes when we die, even by SIGKILL; then the child stops too
            start_new_session=True,
        )

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()


def work(app: Flask, settings: Settings, *, listen: Sequence[str], stop: threading.Event) -> None:
    """Until `stop` is set. `listen` is the command line that starts the listener."""
    url = queue_url(settings.redis_url, settings.data_dir)
    with ExitStack() as children, app.app_context():
        server = None if settings.redis_url else children.enter_context(QueueServer(settings.data_dir))
        listener = children.enter_context(Listener(listen))
        next_sweep, mornings = 0.0, Mornings()
        while not stop.is_set():
            was_heard = answers(url)
            is_heard = server.keep_running() if server else was_heard
            if is_heard:
                listener.keep_running()
            if not was_heard or time.monotonic() >= next_sweep:  # what rang meanwhile rang for nobody
                _sweep_all(stop, mornings)
                next_sweep = time.monotonic() + SWEEP_EVERY
            stop.wait(LOOK_EVERY)


def _sweep_all(stop: threading.Event, mornings: Mornings) -> None:
    try:
        mornings.promise(utcnow())
        while not stop.is_set() and sweep():
            continue
    except sa.exc.DBAPIError as error:
        # The database may be away for a moment; the rows wait, and so do we.
        logger.error("cannot sweep the outbox", extra={"error": type(error).__name__})
