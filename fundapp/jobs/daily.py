"""What is done once a day, in the morning in London: promised as outbox jobs by whichever worker is first."""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import partial

from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.jobs.kinds import Store, job
from fundapp.queries.invariants import broken_invariants
from fundapp.services.check_ins import say_sorry_for_late_replies
from fundapp.services.contact import LONDON
from fundapp.services.files import TIDY_FILES
from fundapp.services.openness import publish_all_figures
from fundapp.services.outbox import enqueue
from fundapp.services.promises import find_missed_promises
from fundapp.services.recruitment import forget_old_candidates
from fundapp.services.reminders import remind, remind_readers
from fundapp.services.retention import forget_what_is_over, warn_of_erasing
from fundapp.services.ring_fence_warnings import warn_of_ring_fences
from fundapp.services.spoken import erase_old_recordings
from fundapp.services.support_sessions import remind_of_sessions

logger = logging.getLogger(__name__)

REMIND = "remind"
FIND_MISSED = "find_missed_promises"
WARN = "warn_of_ring_fences"
REMIND_READERS = "remind_readers"
REMIND_OF_SESSIONS = "remind_of_support_sessions"
FORGET_CANDIDATES = "forget_panel_candidates"
PUBLISH_FIGURES = "publish_figures"
FORGET = "forget_what_is_over"
WARN_OF_ERASING = "warn_of_erasing"
CHECK_DATA = "check_data"
ERASE_RECORDINGS = "erase_codesign_recordings"
DAILY = (
    REMIND,
    REMIND_READERS,
    REMIND_OF_SESSIONS,
    FIND_MISSED,
    WARN,
    FORGET_CANDIDATES,
    ERASE_RECORDINGS,
    TIDY_FILES,
    PUBLISH_FIGURES,
    WARN_OF_ERASING,
    FORGET,
    CHECK_DATA,
)
ERASING = frozenset({FORGET, FORGET_CANDIDATES, ERASE_RECORDINGS})  # what was kept long enough
FROM_HOUR = 8  # mails do not arrive at night


class Mornings:
    """Remembers for its worker that the jobs of a day are promised; the rows hold it for all workers."""

    def __init__(self) -> None:
        self._promised: date | None = None

    def promise(self, now: datetime) -> None:
        """Unless this worker has promised them, or it is night."""
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


@job(REMIND_OF_SESSIONS)
def send_session_reminders(_arguments: Json) -> Store:
    return partial(remind_of_sessions, now=utcnow())


@job(FIND_MISSED)
def apologise(_arguments: Json) -> Store:
    return partial(_say_sorry, now=utcnow())


def _say_sorry(*, now: datetime) -> None:
    find_missed_promises(now=now)
    say_sorry_for_late_replies(now=now)


@job(WARN)
def warn_managers(_arguments: Json) -> Store:
    return partial(warn_of_ring_fences, now=utcnow())


@job(FORGET_CANDIDATES)
def forget_candidates(_arguments: Json) -> Store:
    return _forget_old_candidates


def _forget_old_candidates() -> None:
    forget_old_candidates(now=utcnow())


@job(CHECK_DATA)
def check_data(_arguments: Json) -> Store:
    """Whoever looks after the machine reads of it in the log (docs/installing.md)."""
    for invariant, ids in broken_invariants():
        logger.error("rule over the data is broken", extra={"rule": invariant.name, "rows": len(ids)})
    return lambda: None


@job(PUBLISH_FIGURES)
def publish_figures(_arguments: Json) -> Store:
    return partial(publish_all_figures, now=utcnow())


@job(ERASE_RECORDINGS)
def erase_recordings(_arguments: Json) -> Store:
    return _erase_old_recordings


def _erase_old_recordings() -> None:
    erase_old_recordings(now=utcnow())


@job(FORGET)
def forget(_arguments: Json) -> Store:
    return _forget


def _forget() -> None:
    """What went is told by kind and number, for whoever looks after the machine."""
    taken = {key: number for key, number in forget_what_is_over(now=utcnow()).items() if number}
    if taken:
        logger.info("data was kept long enough", extra=taken)


@job(WARN_OF_ERASING)
def warn_people_of_erasing(_arguments: Json) -> Store:
    return _warn_of_erasing


def _warn_of_erasing() -> None:
    warn_of_erasing(now=utcnow())
