"""Whether the parts this service stands on are well."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from rq.serializers import JSONSerializer

from fundapp.db import db
from fundapp.models.message import OutboxJob
from fundapp.queue import open_queue, ringing_connection

ANY_QUEUE = "redis://127.0.0.1"  # only opened, never spoken to
DURABLE = {"on", "remote_write", "remote_apply"}


def database_answers() -> bool:
    try:
        db.session.execute(sa.select(1))
    except sa.exc.DBAPIError:
        return False
    return True


def oldest_waiting_job(*, now: datetime) -> datetime | None:
    """Since when the oldest due promise has been waiting; None when none is."""
    query = sa.select(sa.func.min(OutboxJob.due_at)).where(
        OutboxJob.done_at.is_(None), OutboxJob.given_up_at.is_(None), OutboxJob.due_at <= now
    )
    return db.session.execute(query).scalar_one()


def running_problems() -> list[str]:
    """What only the running parts can say about themselves, in plain sentences; empty when all is well."""
    try:
        with db.engine.connect() as connection:
            found = durability_problems(connection)
    except sa.exc.DBAPIError:
        found = []  # it may come back; until then people read that the service is closed for a moment
    return found + serializer_problems(open_queue(ringing_connection(ANY_QUEUE)).serializer)


def serializer_problems(serializer: object) -> list[str]:
    if serializer is JSONSerializer:
        return []
    return ["The queue must carry JSON only: anything else runs whatever code lies in it."]


def durability_problems(connection: sa.Connection) -> list[str]:
    """What would lose or break saved data, asked of the running database itself."""
    if connection.dialect.name == "sqlite":
        found = {name: _pragma(connection, name) for name in ("journal_mode", "synchronous", "foreign_keys")}
        wanted = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
        return [
            f"SQLite runs with {name} = {value}: saved data could be lost or fall apart."
            for name, value in found.items()
            if value not in wanted[name]
        ]
    settings = {
        name: str(connection.execute(sa.select(sa.func.current_setting(name))).scalar_one())
        for name in ("synchronous_commit", "fsync", "full_page_writes")
    }
    return [
        f"PostgreSQL runs with {name} = {value}: saved data could be lost."
        for name, value in settings.items()
        if value not in DURABLE
    ]


def _pragma(connection: sa.Connection, name: str) -> str:
    return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()).lower()
