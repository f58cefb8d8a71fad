"""Keys of a fund's own tools: made, stopped, and when each was last used."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.models.api_key import ApiKey, ApiScope
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.queries.api_keys import key_digest, list_keys
from fundapp.services.events import record

MOST_KEYS = 10
LONGEST_LIFE = timedelta(days=366)
BEGINNING = "fa_"  # so that programs which look for lost secrets know one
REMEMBERED_TO = timedelta(hours=1)


class TooManyKeys(FundError):
    """This person has as many keys as one can look after."""

    code = "too_many_keys"


def make_key(
    fund: Fund, *, name: str, scopes: Collection[ApiScope], days: int, actor: User, now: datetime
) -> str:
    """The key, which is shown once and stored nowhere. Raises TooManyKeys, ValueError."""
    life = timedelta(days=days)
    if not scopes or not timedelta(0) < life <= LONGEST_LIFE:
        raise ValueError("a key reads something, for a year at most")
    lock_row(User, actor.id)
    if len(list_keys(fund, actor)) >= MOST_KEYS:
        raise TooManyKeys
    key = BEGINNING + secrets.token_urlsafe(32)
    row = ApiKey(
        fund=fund,
        user=actor,
        name=name.strip(),
        digest=key_digest(key),
        scopes=sorted(scope.value for scope in scopes),
        created_at=now,
        expires_at=now + life,
    )
    db.session.add(row)
    record(row, "make_api_key", actor=actor, now=now, details={"scopes": row.scopes, "days": days})
    return key


def revoke_key(key: ApiKey, *, actor: User, now: datetime) -> None:
    """Nothing is read with it any more. Twice is once."""
    if key.revoked_at is None:
        key.revoked_at = now
        record(key, "revoke_api_key", actor=actor, now=now)


def is_worth_noting(session: Session, key: str, *, now: datetime) -> bool:
    """Whether this live key was not used within the hour."""
    query = sa.select(ApiKey.last_used_at).where(
        ApiKey.digest == key_digest(key), ApiKey.revoked_at.is_(None), ApiKey.expires_at > now
    )
    found = session.execute(query).first()
    return found is not None and (found[0] is None or now - found[0] >= REMEMBERED_TO)


def note_use(session: Session, key: str, *, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    session.execute(sa.update(ApiKey).where(ApiKey.digest == key_digest(key)).values(last_used_at=hour))
