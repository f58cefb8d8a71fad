"""What is done once a day, in the morning in London: promised as outbox jobs by whichever worker is first."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.jobs.kinds import Store, job
from fundapp.services.contact import LONDON
from fundapp.services.files import TIDY_FILES
from fundapp.services.outbox import enqueue
from fundapp.services.promises import find_missed_promises
from fundapp.services.recruitment import forget_old_candidates
from fundapp.services.reminders import remind, remind_readers
from fundapp.services.ring_fence_warnings import warn_of_ring_fences

REMIND = "remind"
FIND_MISSED = "find_missed_promises"
WARN = "warn_of_ring_fences"
REMIND_READERS = "remind_readers"
FORGET_CANDIDATES = "forget_panel_candidates"
DAILY = (REMIND, REMIND_READERS, FIND_MISSED, WARN, FORGET_CANDIDATES, TIDY_FILES)
FROM_HOUR = 8  # mails do not arrive at night


class Mornings:
    """Remembers for its worker that the jobs of a day are promised; the rows hold it for all workers."""

    def __init__(self) -> None:
        self._promised: date | None = None

    def promise(self, now: datetime) -> None:
        local = now.astimezone(LONDON)
        if local.date() == self._promised or local.hour < FROM_HOUR:
            return
        with unit_of_work():
            for kind in DAILY:
                enqueue(kind, once_key=f"{kind}:{local.date().isoformat()}")
        self._promised = local.date()


@job(REMIND)
def send_reminders(_arguments: Json) -> Store:
    return partial(remind, now=utcnow())


@job(REMIND_READERS)
def send_readers_reminders(_arguments: Json) -> Store:
    return partial(remind_readers, now=utcnow())


@job(FIND_MISSED)
def apologise(_arguments: Json) -> Store:
    return partial(find_missed_promises, now=utcnow())


@job(WARN)
def warn_managers(_arguments: Json) -> Store:
    return partial(warn_of_ring_fences, now=utcnow())


@job(FORGET_CANDIDATES)
def forget_candidates(_arguments: Json) -> Store:
    return _forget_old_candidates


def _forget_old_candidates() -> None:
    forget_old_candidates(now=utcnow())
