"""Changes come from our own pages only: first the browser's own word on it, then the token of the session."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden

from forms.i18n import _
from fundapp.settings import Settings
from fundapp.web.access import access_of, ask_to_sign_in
from fundapp.web.kept_text import refused
from fundapp.web.sessions import find_signed_in_user, our_session

OLD_PAGE = _("Not saved yet: this page is old. Press Save, and then once more. What you wrote stays.")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_csrf(app: Flask) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # people write for hours; the token lives with the session
    app.config["WTF_CSRF_SSL_STRICT"] = False  # refuse_other_sites says it better, without a Referer
    app.before_request(refuse_other_sites)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, not_saved_yet)


def refuse_other_sites() -> None:
    """A change asked for by another site's page is refused even with a token, and echoes nothing."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        raise Forbidden
    origin = request.headers.get("Origin")
    if origin is not None and not _is_ours(origin):
        raise Forbidden
    g.is_from_our_page = True
    our_session().load()  # its short transactions come before the one of the change


def _is_ours(origin: str) -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    try:
        asking = urlsplit(origin)
        own = urlsplit(settings.public_url)
    except ValueError:
        return False
    here = (request.scheme, request.host)
    return (asking.scheme, asking.netloc) in (here, (own.scheme, own.netloc))


def not_saved_yet(_error: CSRFError) -> ResponseReturnValue:
    """Wrong or old token: nothing was stored, everything typed is shown with a fresh one."""
    access = access_of(current_app, request.endpoint)
    if access and access.permission and find_signed_in_user() is None:
        return ask_to_sign_in(access.permission)
    return refused("account/not_saved_yet.html", 400, OLD_PAGE)
