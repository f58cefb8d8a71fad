"""Runs grant funds by and for migrant-led organisations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import fundapp.models  # noqa: F401 - fills the metadata
from forms.i18n import use_catalogues
from fundapp.db import db, prepare_engine
from fundapp.queries.health import running_problems
from fundapp.queue import init_queue
from fundapp.queue.server import queue_url
from fundapp.sealing import init_sealing
from fundapp.settings import Settings, SettingsError, problems
from fundapp.storage import init_storage
from fundapp.web import EachRequest, register_areas
from fundapp.web.access import check_routes_declare_access
from fundapp.web.compression import LEVEL, CompressEveryPage
from fundapp.web.csrf import init_csrf
from fundapp.web.errors import init_errors
from fundapp.web.files import init_uploads
from fundapp.web.language import init_language
from fundapp.web.leaving import init_leaving
from fundapp.web.own_device import init_own_device
from fundapp.web.scripts import Site
from fundapp.web.security_headers import init_security_headers
from fundapp.web.sessions import init_sessions
from fundapp.web.templating import init_templating, read_stylesheets
from fundapp.web.unsaved import init_unsaved

TRANSLATIONS = Path(__file__).parent / "translations"
MOST_FORM_PARTS = 1000


def create_app(settings: Settings) -> Flask:
    """The whole application. Raises SettingsError when production must not run like this."""
    refuse_unsafe_settings(settings)
    app = Site(__name__)
    configure(app, settings)
    use_catalogues(TRANSLATIONS)
    init_database(app, settings)
    init_queue(app, queue_url(settings.redis_url, settings.data_dir))
    init_storage(app, settings)
    init_sealing(app, settings)
    stylesheets = read_stylesheets(app)
    init_sessions(app, settings)
    init_unsaved(app)
    init_own_device(app)
    init_language(app)
    init_leaving(app, settings)
    init_errors(app)
    init_uploads(app, settings)
    init_csrf(app)
    init_security_headers(app, settings, stylesheets)
    init_templating(app, settings, stylesheets)
    CompressEveryPage(app)
    register_areas(app, settings)
    check_routes_declare_access(app)
    wrap(app, settings)
    refuse_unsafe_parts(app, settings)
    return app


def refuse_unsafe_settings(settings: Settings) -> None:
    if settings.is_production and (found := problems(settings)):
        raise SettingsError(found)


def refuse_unsafe_parts(app: Flask, settings: Settings) -> None:
    if not settings.is_production:
        return
    with app.app_context():
        if found := running_problems():
            raise SettingsError(found)


def configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=LEVEL,
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.is_test,
        DEBUG=settings.debug,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )


def engine_options(database_url: str) -> dict[str, Any]:
    if sa.make_url(database_url).get_backend_name() == "sqlite":
        return {}
    # prepared statements break behind a pooler; a connection that died while idle is noticed before its use
    return {"pool_pre_ping": True, "connect_args": {"prepare_threshold": None}}


def init_database(app: Flask, settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def wrap(app: Flask, settings: Settings) -> None:
    """What stands around the app, from the inside to the outside."""
    app.wsgi_app = EachRequest(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=0
        )
