"""Keeping what was sent after a sign-in had run out, for the one person who wrote it, for a day."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from fundapp.db import db
from fundapp.models.unsaved_text import UnsavedText
from fundapp.models.user import User

LIFE = timedelta(hours=24)
MOST_BYTES = 400_000
MOST_PAGES = 20  # of one person


@dataclass(frozen=True)
class Unsaved:
    """Names and values as they were posted, and where to."""

    action: str
    fields: tuple[tuple[str, str], ...]


def keep_unsaved(user_id: UUID, page: str, unsaved: Unsaved, *, secret: str, now: datetime) -> bool:
    """The newest text of a page replaces the one before. False when it is too much, or the person is gone."""
    plain = json.dumps(asdict(unsaved)).encode()
    if len(plain) > MOST_BYTES or db.session.get(User, user_id, with_for_update=True) is None:
        return False
    of_person = sa.select(UnsavedText).where(UnsavedText.user_id == user_id)
    newest_first = of_person.order_by(UnsavedText.expires_at.desc(), UnsavedText.id)
    rows = {row.page: row for row in db.session.execute(newest_first).scalars()}
    if (row := rows.get(page)) is None:
        for extra in list(rows.values())[MOST_PAGES - 1 :]:
            db.session.delete(extra)
        row = UnsavedText(user_id=user_id, page=page)
    row.sealed = _box(secret, user_id).encrypt(plain)
    row.expires_at = now + LIFE
    db.session.add(row)
    return True


def find_unsaved(user_id: UUID, page: str, *, secret: str, now: datetime) -> Unsaved | None:
    query = sa.select(UnsavedText.sealed).where(
        UnsavedText.user_id == user_id, UnsavedText.page == page, UnsavedText.expires_at > now
    )
    sealed = db.session.execute(query).scalar_one_or_none()
    if sealed is None:
        return None
    try:
        plain = json.loads(_box(secret, user_id).decrypt(sealed))
    except InvalidToken:  # the secret was changed meanwhile
        return None
    return Unsaved(plain["action"], tuple((name, value) for name, value in plain["fields"]))


def list_unsaved_pages(short: Session, user_id: UUID, *, now: datetime) -> list[str]:
    query = sa.select(UnsavedText.page).where(UnsavedText.user_id == user_id, UnsavedText.expires_at > now)
    return list(short.execute(query.order_by(UnsavedText.page)).scalars())


def forget_unsaved(short: Session, user_id: UUID, pages: Collection[str]) -> None:
    short.execute(
        sa.delete(UnsavedText).where(UnsavedText.user_id == user_id, UnsavedText.page.in_(list(pages)))
    )


def sweep_unsaved(*, now: datetime) -> None:
    """For housekeeping."""
    db.session.execute(sa.delete(UnsavedText).where(UnsavedText.expires_at <= now))


def _box(secret: str, user_id: UUID) -> Fernet:
    key = hmac.new(secret.encode(), b"unsaved text of " + user_id.bytes, hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
