"""Which kinds of job there are. A job's module registers its function here."""

from __future__ import annotations

from collections.abc import Callable

from fundapp.db import Json

Store = Callable[[], None]
Job = Callable[[Json], Store]

JOBS: dict[str, Job] = {}


def job(kind: str) -> Callable[[Job], Job]:
    """Register what a kind of outbox job does.

    The function does the slow part (mail, files) outside any transaction and returns the quick part, which is
    stored together with "done" or not at all. It may be called twice; what it returns takes effect once.
    """

    def register(function: Job) -> Job:
        if kind in JOBS:
            raise ValueError(f"two functions for jobs of the kind {kind}")
        JOBS[kind] = function
        return function

    return register
