"""An app on a database of its own, where changes are really committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from fundapp import create_app
from fundapp.db import Base, db
from fundapp.models.event import EventChain
from fundapp.services.events import FIRST_DIGEST
from fundapp.settings import Settings
from tests.engines import fresh_database


@contextmanager
def live_app(engine: str, name: str, folder: Path) -> Iterator[Flask]:
    """Tables and the first link of the record, nobody in it yet. `folder` holds its files."""
    with fresh_database(engine, name) as url:
        app = create_app(Settings.for_tests(url, folder))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with db.engine.begin() as connection:
                first = sa.insert(EventChain).values(id=1, last_number=0, last_digest=FIRST_DIGEST)
                connection.execute(first)
        yield app
        with app.app_context():
            db.engine.dispose()
