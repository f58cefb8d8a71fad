"""Calls as if they had been published with other words or dates.

The database refuses every change of a published call, and the product has no way around it. A test that needs
another call than the reference one says here what it was published with; until the block ends the database
knows nothing of freezing, and afterwards it refuses as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.call import Call, CallVersion, Round
from tests.reference import reference_digest

FROZEN_TABLES = ("call_version", "round")


def before_publishing() -> AbstractContextManager[None]:
    """What is changed inside was so when the call was published."""
    return unguarded(*FROZEN_TABLES)


@contextmanager
def unguarded(*tables: str) -> Iterator[None]:
    """Inside, the database refuses no change of these tables, as if somebody had taken its triggers away."""
    db.session.flush()
    with db.session.no_autoflush:
        again = _lift(tables)
    yield
    db.session.flush()
    for statement in again:
        db.session.execute(sa.text(statement))


def published_with(call: Call, *, frozen: bool = True, **parts: Any) -> None:
    """The call says this in these parts of its file; it is not published with `frozen=False`."""
    version: CallVersion = call.versions[-1]
    with before_publishing():
        version.content = version.content | parts
        version.digest = reference_digest(version.content)
        if not frozen:
            version.frozen_at = None


def dated(round_: Round, **dates: datetime | int) -> None:
    """The round was published with these dates, such as `told_at`."""
    with before_publishing():
        for name, moment in dates.items():
            setattr(round_, name, moment)


def _lift(tables: Sequence[str]) -> list[str]:
    """Returns what puts it back."""
    if db.session.get_bind().dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('{}')"
        found = db.session.execute(sa.text(query.format("', '".join(tables)))).all()
        for name, _sql in found:
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
        return [sql for _name, sql in found]
    for table in tables:
        db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
