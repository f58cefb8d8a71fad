"""Keys of tools that read for somebody."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.api_key import ApiKey
from fundapp.models.fund import Fund
from fundapp.models.user import User


def key_digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def find_live_key(key: str, *, now: datetime) -> ApiKey | None:
    """With its person and fund; None for one that is unknown, over or stopped."""
    query = sa.select(ApiKey).where(ApiKey.digest == key_digest(key))
    query = query.options(joinedload(ApiKey.user), joinedload(ApiKey.fund))
    found = db.session.execute(query).scalar_one_or_none()
    return found if found is not None and found.is_live(now) else None


def get_api_key(key_id: UUID) -> ApiKey:
    """Raises NoResultFound."""
    query = sa.select(ApiKey).where(ApiKey.id == key_id).options(joinedload(ApiKey.fund))
    return db.session.execute(query).scalar_one()


def list_keys(fund: Fund, user: User) -> Sequence[ApiKey]:
    """This person's own for this fund, the newest first; those that were stopped are history, not shown."""
    query = (
        sa.select(ApiKey)
        .where(ApiKey.fund_id == fund.id, ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.created_at.desc(), ApiKey.id)
    )
    return db.session.execute(query).scalars().all()
