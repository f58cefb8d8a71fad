"""Browsers for tests: signed in, or at least with a token to post with."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.fund import FundRole
from fundapp.models.user import User, UserSession
from fundapp.settings import Settings
from fundapp.web.sessions import csrf_secret
from tests.factories import ApiKeyFactory

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def signed_in_client(app: Flask, user: User, *, shared_device: bool = False) -> FlaskClient:
    """This person's browser, staff with their second factor. It sends the CSRF token with everything."""
    return _client_with_session(app, user, shared_device=shared_device)


def client_with_token(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with, which sends the CSRF token of its session with everything."""
    return _client_with_session(app, None, shared_device=True)


def client_with_key(app: Flask, user: User | None) -> FlaskClient:
    """A tool that sends a key of this person for the fund they work for; nobody else has one to send."""
    client = app.test_client()
    query = sa.select(FundRole).where(FundRole.user_id == user.id) if user else None
    role = db.session.execute(query).scalars().first() if query is not None else None
    if role is not None:
        key = secrets.token_urlsafe(16)
        ApiKeyFactory(fund=role.fund, user=user, key=key)
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def csrf_token_in(page: TestResponse) -> str:
    """The token in the first form of a page."""
    found = _TOKEN.search(page.get_data(as_text=True))
    assert found, "the page has no form"
    return found.group(1)


def _client_with_session(app: Flask, user: User | None, *, shared_device: bool) -> FlaskClient:
    settings: Settings = app.config["SETTINGS"]
    csrf = csrf_secret(user.id) if user else secrets.token_hex(20)
    token, now = secrets.token_urlsafe(32), utcnow()
    db.session.add(
        UserSession(
            token_digest=hashlib.sha256(token.encode()).hexdigest(),
            user_id=user.id if user else None,
            data={"csrf_token": csrf},
            last_seen_at=now,
            signed_in_at=now if user else None,
            proved_at=now if user and user.is_staff else None,
            is_shared_device=shared_device,
            expires_at=now + timedelta(hours=12),
        )
    )
    db.session.flush()
    client = app.test_client()
    client.set_cookie(settings.cookie_name, token)
    signer = URLSafeTimedSerializer(settings.secret_key, salt="wtf-csrf-token")
    client.environ_base["HTTP_X_CSRFTOKEN"] = signer.dumps(csrf)
    return client
