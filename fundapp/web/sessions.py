"""Sessions live in the database once somebody signs in; the cookie is only a key. Read at first use.

Before that the browser carries its few answers itself (sealed.py).
"""

from __future__ import annotations

import copy
import hashlib
import logging
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from fundapp.clock import utcnow
from fundapp.db import db, short_transaction
from fundapp.models.user import User
from fundapp.services import sessions as stored
from fundapp.services.sessions import OpenSession
from fundapp.services.unsaved_texts import forget_unsaved, list_unsaved_pages
from fundapp.settings import Settings
from fundapp.web.sealed import is_old, is_sealed, seal, unseal

logger = logging.getLogger(__name__)

TOUCH_EVERY = timedelta(minutes=1)
ABSOLUTE_LIFE = timedelta(hours=12)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LEFT = "left"  # the cookie of a browser that has left this site; see leaving.py
KNOWS_EXIT = "knows_exit"  # has read what the exit button can do
VOICE = "voice"  # of somebody who takes part in co-design without an account
LENGTH_OF_VOICE = 12
KEPT_AT_SIGN_IN = ("eligibility:", KNOWS_EXIT)
CARRIED = (*KEPT_AT_SIGN_IN, "csrf_token", VOICE)  # by the browser itself until somebody begins to sign in


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def csrf_secret(user_id: UUID) -> str:
    """What the tokens of a session's forms are made of. It says for whom they were made."""
    return f"{secrets.token_hex(20)}.{user_id.hex}"


def writer_in(csrf_secret: str) -> UUID | None:
    _random, _dot, user = csrf_secret.partition(".")
    return UUID(user) if re.fullmatch("[0-9a-f]{32}", user) else None


class ServerSession(SessionMixin):
    """A dictionary that is read at its first use. `sign_in` and `end` take effect with the response."""

    def __init__(self, offered: str | None) -> None:
        self._offered = None if offered == LEFT else offered
        self._token = new_token()
        self._open: OpenSession | None = None
        self._data: dict[str, Any] = {}
        self._is_loaded = False
        self._is_ended = self._is_left = False
        self._carried: dict[str, Any] = {}  # what came sealed in the cookie itself
        self._given_up: OpenSession | None = None  # stored, of somebody who had begun to sign in
        self._next: tuple[UUID, bool, bool] | None = None  # who signs in; shared device; second factor shown

    def load(self) -> OpenSession | None:
        """The stored session of the offered cookie. Before anything else in a request that writes."""
        if not self._is_loaded:
            if self._offered is not None and _TOKEN.fullmatch(self._offered):
                self._open = _find_and_touch(self._offered)
            if self._open is not None:
                self._token = cast(str, self._offered)
                self._data = copy.deepcopy(self._open.data)
            elif self._offered is not None and is_sealed(self._offered):
                self._data = unseal(self._offered)
                self._carried = copy.deepcopy(self._data)
            self._is_loaded = True
        return self._open

    @property
    def browser_secret(self) -> str:
        """Known to this browser and, while a request lasts, to us; never stored."""
        self.load()
        self._data.setdefault("has_secret", True)  # so that the session is stored and keeps its token
        return self._token

    @property
    def user_id(self) -> UUID | None:
        opened = self.load()
        return opened.user_id if opened and not self._is_ended else None

    @property
    def user(self) -> User | None:
        """Whose it was when the request began, as read with it."""
        opened = self.load()
        return opened.user if opened else None

    def sign_in(self, user: User, *, shared_device: bool, proved: bool = False) -> None:
        """From the next request on this browser is this person's, under a new token."""
        self.load()
        keep = {key: value for key, value in self._data.items() if key.startswith(KEPT_AT_SIGN_IN)}
        self._data = keep | {"csrf_token": csrf_secret(user.id)}
        self._next = (user.id, shared_device, proved)

    @property
    def begins_on_shared_device(self) -> bool:
        return self._next is not None and self._next[1]

    def forget_unsaved(self, page: str) -> None:
        """Text that waited for this person on this page is saved now."""
        self.load()
        if page in (waiting := self._data.get("unsaved", ())):
            self._data["unsaved"] = [each for each in waiting if each != page]

    def end(self) -> None:
        self.load()
        self._data, self._is_ended = {}, True

    @property
    def carries_itself(self) -> bool:
        """Whether a voice that is put in stays in this browser: what is stored may get a name."""
        self.load()
        voice = {VOICE: self._data.get(VOICE) or "A" * LENGTH_OF_VOICE}
        return self._is_nobodys and seal(self._data | voice) is not None

    def stand_alone(self) -> None:
        """What somebody began here ends without a name; the browser carries itself again. Not once they have
        signed in."""
        if self.user_id is not None:
            return
        self._given_up, self._open, self._token = self._open, None, new_token()
        self._carried = self._carried or {"csrf_token": ""}  # so that whatever follows is something new
        self._data = {key: value for key, value in self._data.items() if key.startswith(KEPT_AT_SIGN_IN)}
        if not self.carries_itself:
            self._data = {key: value for key, value in self._data.items() if key == KNOWS_EXIT}

    def leave(self) -> None:
        """End it, and let the browser remember until it is closed that this site stays shut."""
        self.end()
        self._is_left = True

    def store(self) -> tuple[str | None, bool] | None:
        """Write what has changed. None: the cookie stays; (None, _): drop it; (token, shared): set it."""
        if not self._is_loaded:
            return None
        before = self._open.data if self._open else self._carried
        if self._given_up is not None:
            db.session.rollback()
            with short_transaction(writes=True) as short:
                stored.delete_session(short, self._given_up.id)
        if not self._is_ended and self._next is None and self._data == before and not self._is_to_be_renewed:
            is_stale = self._offered is not None and self._open is None and not self._carried
            return (None, False) if is_stale else None
        if self._is_nobodys and (cookie := seal(self._data)) is not None:
            return cookie, True
        self._data.pop(VOICE, None)  # what is stored may get a name; a voice never does
        db.session.rollback()  # a refused form may still hold SQLite's write lock
        now = utcnow()
        with short_transaction(writes=True) as short:
            if self._is_ended or self._next is not None:
                stored.delete_session(short, self._open.id if self._open else None)
            if self._is_ended:
                return (LEFT, True) if self._is_left else (None, False)
            if self._next is not None:
                return self._store_signed_in(short, now), self._next[1]
            if self._open is not None:
                self._forget_what_is_saved(short, before)
                still_there = stored.change_data(short, self._open.id, _changes(before, self._data))
                return None if still_there else (None, False)
            stored.add_session(short, token_digest(self._token), self._data, now=now, life=ABSOLUTE_LIFE)
            return self._token, True

    @property
    def _is_to_be_renewed(self) -> bool:
        """A voice lasts while the browser is used, also for a decision of days."""
        is_carried = self._offered is not None and VOICE in self._carried
        return is_carried and is_old(cast(str, self._offered), now=utcnow())

    @property
    def _is_nobodys(self) -> bool:
        """Nobody has signed in or begun to, and nothing must be kept here: the browser carries it itself."""
        is_here = self._open is not None or self._is_ended or self._next is not None
        return not is_here and all(key.startswith(CARRIED) for key in self._data)

    def _store_signed_in(self, short: Session, now: datetime) -> str:
        user_id, shared_device, proved = cast("tuple[UUID, bool, bool]", self._next)
        token = new_token()
        if waiting := list_unsaved_pages(short, user_id, now=now):
            self._data["unsaved"] = waiting
        stored.add_session(
            short,
            token_digest(token),
            self._data,
            now=now,
            life=ABSOLUTE_LIFE,
            user_id=user_id,
            shared_device=shared_device,
            proved=proved,
        )
        return token

    def _forget_what_is_saved(self, short: Session, before: dict[str, Any]) -> None:
        saved = set(before.get("unsaved", ())) - set(self._data.get("unsaved", ()))
        if saved and self.user_id is not None:
            forget_unsaved(short, self.user_id, saved)

    def __getitem__(self, key: str) -> Any:
        self.load()
        return self._data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.load()
        self._data[key] = value

    def __delitem__(self, key: str) -> None:
        self.load()
        del self._data[key]

    def __iter__(self) -> Iterator[str]:
        self.load()
        return iter(self._data)

    def __len__(self) -> int:
        self.load()
        return len(self._data)


def _find_and_touch(token: str) -> OpenSession | None:
    now = utcnow()
    with short_transaction(writes=False) as short:
        found = stored.find_open_session(short, token_digest(token), now=now)
    if found is not None and now - found.last_seen_at >= TOUCH_EVERY:
        _touch(found, now)
    return found


def _touch(found: OpenSession, now: datetime) -> None:
    try:
        with short_transaction(writes=True) as short:
            stored.touch(short, found.id, now=now)
    except OperationalError as error:  # a full disk or a busy database must not keep anybody from reading
        logger.warning("session was not touched", extra={"error": type(error.orig).__name__})


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Keys that were set (with their values) or taken out; two requests at once keep each other's."""
    changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
    return changed | dict.fromkeys(before.keys() - after.keys(), stored.REMOVED)


class DatabaseSessions(SessionInterface):
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        return ServerSession(request.cookies.get(self._settings.cookie_name))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        cookie = cast(ServerSession, session).store()
        if cookie is None:
            return
        token, shared = cookie
        if cast(ServerSession, session).begins_on_shared_device:
            response.headers["Clear-Site-Data"] = '"storage"'  # of somebody who used the device alone
        attributes: dict[str, Any] = {
            "path": "/",
            "secure": self._settings.cookie_secure,
            "httponly": True,
            "samesite": "Lax",
        }
        if token is None:
            response.delete_cookie(self._settings.cookie_name, **attributes)
            return
        life = None if shared else ABSOLUTE_LIFE
        response.set_cookie(self._settings.cookie_name, token, max_age=life, **attributes)


def our_session() -> ServerSession:
    """The session of this request with its own type."""
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]


def find_signed_in_user() -> User | None:
    """Whose browser this is, attached to the unit of work."""
    session = our_session()
    user_id = session.user_id
    if user_id is None:
        return None
    if identity_key(User, user_id) not in db.session.identity_map and session.user is not None:
        return db.session.merge(session.user, load=False)  # it was read with the session a moment ago
    return db.session.get(User, user_id)


def signed_in_user() -> User:
    """The actor of a view behind `@requires`."""
    user = find_signed_in_user()
    if user is None:
        raise LookupError("nobody is signed in; the route needs @requires")
    return user


def init_sessions(app: Flask, settings: Settings) -> None:
    app.session_interface = DatabaseSessions(settings)
    login = LoginManager()
    login.session_protection = None  # phones change networks
    login.request_loader(lambda _request: find_signed_in_user())
    # not init_app: it would look into the session of every request, for a cookie that we never set
    app.login_manager = login  # type: ignore[attr-defined]
