"""Reading and writing session rows in a short transaction of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.models.user import User, UserSession

IDLE_SHARED_DEVICE = timedelta(minutes=15)
IDLE_STAFF = timedelta(minutes=30)
IDLE_OTHERS = timedelta(hours=2)
REMOVED = object()


@dataclass(frozen=True)
class OpenSession:
    """What a session was when the request began."""

    id: UUID
    user_id: UUID | None
    data: dict[str, Any]
    last_seen_at: datetime
    proved_at: datetime | None
    is_shared_device: bool
    user: User | None  # as it was read with the session; belongs to no session of the database


def find_open_session(short: Session, token_digest: str, *, now: datetime) -> OpenSession | None:
    """None for an unknown, idle or too old session, and for one that its person may no longer use."""
    query = (
        sa.select(UserSession, User)
        .outerjoin(User, User.id == UserSession.user_id)
        .where(UserSession.token_digest == token_digest)
    )
    found = short.execute(query).one_or_none()
    if found is None or not is_alive(found[0], found[1], now=now):
        return None
    row, user = found
    if user is not None:
        short.expunge(user)
    return OpenSession(
        id=row.id,
        user_id=row.user_id,
        data=dict(row.data),
        last_seen_at=row.last_seen_at,
        proved_at=row.proved_at,
        is_shared_device=row.is_shared_device,
        user=user,
    )


def is_alive(row: UserSession, user: User | None, *, now: datetime) -> bool:
    if now >= row.expires_at or now >= row.last_seen_at + idle_limit(row, user):
        return False
    if user is None:
        return True
    if user.is_disabled or row.signed_in_at is None:
        return False
    return user.sessions_valid_from is None or row.signed_in_at >= user.sessions_valid_from


def idle_limit(row: UserSession, user: User | None) -> timedelta:
    if user is None:
        return IDLE_OTHERS
    if row.is_shared_device:
        return IDLE_SHARED_DEVICE
    return IDLE_STAFF if user.is_staff else IDLE_OTHERS


def touch(short: Session, session_id: UUID, *, now: datetime) -> None:
    short.execute(sa.update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))


def delete_session(short: Session, session_id: UUID | None) -> None:
    if session_id is not None:
        short.execute(sa.delete(UserSession).where(UserSession.id == session_id))


def change_data(short: Session, session_id: UUID, changes: dict[str, Any]) -> bool:
    """Apply changed keys to what is stored now. False when the session has ended meanwhile."""
    row = short.get(UserSession, session_id, with_for_update=True)
    if row is None:
        return False
    kept = {key: value for key, value in row.data.items() if changes.get(key) is not REMOVED}
    row.data = kept | {key: value for key, value in changes.items() if value is not REMOVED}
    return True


def add_session(
    short: Session,
    token_digest: str,
    data: dict[str, Any],
    *,
    now: datetime,
    life: timedelta,
    user_id: UUID | None = None,
    shared_device: bool = True,
    proved: bool = False,
) -> None:
    short.add(
        UserSession(
            token_digest=token_digest,
            data=data,
            last_seen_at=now,
            expires_at=now + life,
            user_id=user_id,
            signed_in_at=now if user_id else None,
            proved_at=now if proved else None,
            is_shared_device=shared_device,
        )
    )
