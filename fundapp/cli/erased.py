"""Who was erased, outside the database: a backup that comes back brings them with it, and not this list.

One digest a line in the data folder. The number of a person is random, so a digest of it leads to nobody.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from flask import current_app

from fundapp.db import db
from fundapp.models.user import User
from fundapp.settings import Settings

NAME = "erased.list"
SHELL = "%@erased.invalid"


def remember(person_id: UUID) -> None:
    """On the disk before it returns. Twice is once."""
    digest = _digest(person_id)
    if digest in _digests():
        return
    with _path().open("a", encoding="ascii") as file:
        file.write(f"{digest}\n")
        file.flush()
        os.fsync(file.fileno())


def list_back_again() -> Sequence[User]:
    """People of the list who are here with name and address."""
    digests = _digests()
    if not digests:
        return []
    query = sa.select(User).where(User.email.not_like(SHELL)).order_by(User.id)
    return [each for each in db.session.execute(query).scalars() if _digest(each.id) in digests]


def _digest(person_id: UUID) -> str:
    return hashlib.sha256(b"erased:" + person_id.bytes).hexdigest()


def _digests() -> frozenset[str]:
    path = _path()
    return frozenset(path.read_text(encoding="ascii").split()) if path.exists() else frozenset()


def _path() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.data_dir / NAME
