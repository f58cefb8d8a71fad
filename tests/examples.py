"""Many examples in one test: each begins in the world that the test has prepared once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from fundapp.db import db


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """What happens in the block is taken back: for tests that are rolled back themselves (`db_session`)."""
    db.session.commit()
    connection = db.engine
    assert isinstance(connection, sa.Connection), "only where a test has one connection for itself"
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        savepoint.rollback()
        db.session.expire_all()
