"""Data goes by itself when its time is over; each morning, without anybody asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.queries.applications import list_members_to_tell
from fundapp.queries.retention.over import DRAFTS, drafts_closed, goes_on
from fundapp.services.messages import MessageKind, notify
from fundapp.services.retention.kinds import KEPT

FIRST_WARNING, SECOND_WARNING = timedelta(days=30), timedelta(days=7)  # before a draft goes


def what_is_over(now: datetime) -> Mapping[str, int]:
    """How many of each kind, without changing anything."""
    return {kept.key: len(kept.rows_over(now)) for kept in KEPT}


def forget_what_is_over(*, now: datetime) -> Mapping[str, int]:
    """What was taken, by kind."""
    taken = {}
    for kept in KEPT:
        rows = kept.rows_over(now)
        for row in rows:
            kept.forget(row, now)
        db.session.flush()
        taken[kept.key] = len(rows)
    return taken


def warn_of_erasing(*, now: datetime) -> int:
    """Tells the people of each draft twice, neutrally; gives of how many drafts for the first time."""
    first = 0
    for draft in drafts_closed(DRAFTS.before(now) + FIRST_WARNING):
        if draft.erase_warned_at is None:
            draft.erase_warned_at = now
            first += 1
            _warn(draft, "first", now)
        elif (last_day := goes_on(draft)) is not None and now >= last_day - SECOND_WARNING:
            _warn(draft, "second", now)
    return first


def _warn(draft: Application, which: str, now: datetime) -> None:
    for member in list_members_to_tell(draft):
        notify(
            member,
            MessageKind.DRAFT_ENDS,
            now=now,
            once_key=f"draft_ends:{which}:{draft.id}:{member.id}",
            application_id=str(draft.id),
        )
