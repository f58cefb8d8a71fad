"""What a browser carries for itself before anybody has signed in, sealed in its own cookie.

The check before applying needs no account and leaves nothing in the database. The cookie goes when the
browser is closed, when somebody leaves, and after two hours in which nobody used it: others may use the same
device. Whoever takes part in co-design by a link keeps their voice while they go on; it is sealed anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

LIFE = timedelta(hours=2)
RENEW_AFTER = timedelta(minutes=10)
LARGEST = 3_500  # characters; browsers keep cookies of 4,096
MARK = "~"


def is_sealed(cookie: str | None) -> bool:
    return cookie is not None and cookie.startswith(MARK)


def seal(data: dict[str, Any]) -> str | None:
    """None when it is too much for a cookie."""
    written = json.dumps(data, separators=(",", ":")).encode()
    cookie = MARK + _box().encrypt(written).decode().rstrip("=")
    return cookie if len(cookie) <= LARGEST else None


def unseal(cookie: str) -> dict[str, Any]:
    """Nothing for what is too old or was not sealed by us."""
    token = cookie.removeprefix(MARK)[:LARGEST]
    try:
        written = _box().decrypt(token + "=" * (-len(token) % 4), ttl=int(LIFE.total_seconds()))
    except (InvalidToken, ValueError):
        return {}
    data: dict[str, Any] = json.loads(written)
    return data


def is_old(cookie: str, *, now: datetime) -> bool:
    """Whether one that was unsealed should be sealed anew before its life is over."""
    token = cookie.removeprefix(MARK)[:LARGEST]
    sealed_at = _box().extract_timestamp(token + "=" * (-len(token) % 4))
    return now.timestamp() - sealed_at >= RENEW_AFTER.total_seconds()


def _box() -> Fernet:
    key = hashlib.sha256(f"sealed cookie:{current_app.config['SECRET_KEY']}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
