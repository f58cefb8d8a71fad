"""Limits on tries, counted in the database so that they hold over all processes and without the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite

from fundapp.db import db
from fundapp.errors import TooManyTries
from fundapp.models.user import TryCount


@dataclass(frozen=True)
class Limit:
    """So many tries in each window of time, for everything with the same key."""

    name: str
    most: int
    window: timedelta

    def starts_at(self, now: datetime) -> datetime:
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def count_try(limit: Limit, key: str, *, now: datetime) -> None:
    """Write the try down. Raises TooManyTries when it is one too many, in parallel too."""
    starts_at = limit.starts_at(now)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(TryCount).values(key=f"{limit.name}:{key}", window_starts_at=starts_at, tries=1)
    counted = row.on_conflict_do_update(
        index_elements=[TryCount.key, TryCount.window_starts_at], set_={"tries": TryCount.tries + 1}
    ).returning(TryCount.tries)
    if db.session.execute(counted).scalar_one() > limit.most:
        raise TooManyTries(int((starts_at + limit.window - now).total_seconds()) + 1)
