"""The web process in which two requests about the last money always meet right at the lock.

With `--without-lock` rows are not locked, and SQLite takes its write lock late. Only tests start this.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from uuid import UUID

from fundapp.cli import main
from fundapp.db import Row, lock_row
from fundapp.models.call import Call
from fundapp.services import ratification

WITHOUT_LOCK = "--without-lock"
SECONDS = 2.0

meeting = threading.Barrier(2)


class Never:
    """Stands in for "this transaction is going to write"."""

    def get(self) -> bool:
        return False

    def set(self, _value: bool) -> None:
        return None

    def reset(self, _token: None) -> None:
        return None


def meet(model: type[Row]) -> None:
    """Wait for the other request; where the first one holds the database already, nobody comes."""
    if model is Call:
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(SECONDS)


def meet_and_lock(model: type[Row], row_id: UUID) -> None:
    meet(model)
    lock_row(model, row_id)


def meet_only(model: type[Row], row_id: UUID) -> None:
    meet(model)


if __name__ == "__main__":
    if WITHOUT_LOCK in sys.argv:
        sys.argv.remove(WITHOUT_LOCK)
        ratification.lock_row = meet_only
        sys.modules[lock_row.__module__]._write_intent = Never()  # `fundapp.db` names the extension, too
    else:
        ratification.lock_row = meet_and_lock
    sys.argv.insert(1, "web")
    main()
