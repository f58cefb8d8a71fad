"""Tables' base, column types and the unit of work: one behaviour on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # "saved" has to survive a power cut; NORMAL does not promise that
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is erased leaves no copy in free pages
    "PRAGMA busy_timeout = 10000",
)

Json = dict[str, Any]
Money = Annotated[Decimal, "pounds and pence"]


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC in and out on every engine; a naive time is a programming error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def text_enum(enum: type[StrEnum]) -> sa.Enum:
    """A text column with a check constraint that names the enum."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=enum.__name__.lower(),
        values_callable=lambda kind: [member.value for member in kind],
    )


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime(),
            date: sa.Date(),
            Money: sa.Numeric(12, 2),
            Decimal: sa.Numeric(12, 2),
            UUID: sa.Uuid(),
            str: sa.String(),
            Json: sa.JSON(none_as_null=True),
            bytes: sa.LargeBinary(),
        },
    )


class Row(Base):
    """A table with a random id and the time the row was made."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC), sort_order=-9)


def sent_id(whose: UUID, once: str | None, *words: object) -> UUID:
    """The id of a row that a form adds: the same words, sent again from the same showing of a page (`once`),
    are the same row. Other words from that page are another one."""
    return uuid5(whose, repr((once, words))) if once else uuid4()


db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": True})

_write_intent: ContextVar[bool] = ContextVar("write_intent", default=False)


@contextlib.contextmanager
def write_intent() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once, so that they never fail half-way."""
    token = _write_intent.set(True)
    try:
        yield
    finally:
        _write_intent.reset(token)


BeforeCommit = Callable[[], None]
_before_commit: list[BeforeCommit] = []
_after_commit: list[Callable[[], None]] = []


def before_commit(step: BeforeCommit) -> BeforeCommit:
    """Register what every unit of work does last inside its transaction."""
    _before_commit.append(step)
    return step


def after_commit(step: Callable[[], None]) -> Callable[[], None]:
    """Register what every unit of work does once its changes are durable; it must not raise."""
    _after_commit.append(step)
    return step


@contextlib.contextmanager
def unit_of_work() -> Iterator[None]:
    """Everything inside is stored together or not at all. Entry points open exactly one."""
    with write_intent():
        db.session.info.clear()  # promises of a unit of work that failed
        try:
            yield
            db.session.flush()
            for step in _before_commit:
                step()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    for step in _after_commit:
        step()


@contextlib.contextmanager
def short_transaction(*, writes: bool) -> Iterator[Session]:
    """A session of its own for bookkeeping beside the unit of work (who is signed in, counts of tries).

    On SQLite nothing else of the same thread may hold the write lock meanwhile: open it before the unit of
    work or after it has ended.
    """
    intent = write_intent() if writes else contextlib.nullcontext()
    with (
        intent,
        Session(bind=db.engine, join_transaction_mode="create_savepoint") as session,
        session.begin(),
    ):
        yield session


def leave_no_copies() -> None:
    """After something was erased, outside a unit of work: SQLite's log of changes still holds it."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")  # a log is not emptied inside a transaction
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def lock_row(model: type[Row], row_id: UUID) -> None:
    """Make everybody else who decides about the same row wait (order: call, round, application, award)."""
    db.session.execute(sa.select(model.id).where(model.id == row_id).with_for_update())


def prepare_engine(engine: sa.Engine) -> None:
    """Durability and locking settings of SQLite; PostgreSQL needs none."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _write_intent.get() else "BEGIN")
