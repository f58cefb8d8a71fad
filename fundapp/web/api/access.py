"""A key stands for its person: it reads what they may see, of one fund, and only what it was made for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from fundapp.clock import utcnow
from fundapp.db import short_transaction
from fundapp.models.api_key import ApiKey, ApiScope
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.api_keys import find_live_key
from fundapp.roles import fund_id_of
from fundapp.services.api_keys import is_worth_noting, note_use
from fundapp.web.access import Loader, checked_for
from fundapp.web.api.blueprint import with_scope

logger = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

NO_KEY = (
    "Send a key that is not over: “Authorization: Bearer KEY”. Staff make keys on the page of their fund."
)
WRONG_SCOPE = "This key was not made for this. Make one that may read it."


def key_opens(scope: ApiScope, permission: Permission, **loaders: Loader) -> Callable[[View], View]:
    """Like `requires`, for the person of the key that was sent. A browser's session opens nothing here."""

    def declare(view: View) -> View:
        check = checked_for(
            lambda _permission: _whoever_holds_the_key(scope), permission, loaders, is_inside=_is_of_key
        )
        return with_scope(check(view), scope)

    return declare


def key() -> ApiKey:
    """The one this request came with."""
    found: ApiKey = g.api_key
    return found


def _whoever_holds_the_key(scope: ApiScope) -> User | ResponseReturnValue:
    sent = _key_sent()
    if sent:
        _note_use(sent)
    found = find_live_key(sent, now=utcnow()) if sent else None
    if found is None or not can(found.user, Permission.FUND_OPEN, found.fund):
        return {"error": 401, "say": NO_KEY}, 401, {"WWW-Authenticate": "Bearer"}
    if scope not in found.scopes:
        return {"error": 403, "say": WRONG_SCOPE}, 403
    g.api_key = found
    return found.user


def _key_sent() -> str:
    kind, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def _is_of_key(subject: object) -> bool:
    return subject is None or fund_id_of(subject) == key().fund_id


def _note_use(sent: str) -> None:
    """Before the reading begins, because it is a transaction of its own."""
    now = utcnow()
    try:
        with short_transaction(writes=False) as session:
            is_new = is_worth_noting(session, sent, now=now)
        if is_new:
            with short_transaction(writes=True) as session:
                note_use(session, sent, now=now)
    except OperationalError as error:  # a full disk or a busy database must not keep anybody from reading
        logger.warning("use of a key was not noted", extra={"error": type(error.orig).__name__})
