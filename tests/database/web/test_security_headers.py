"""The same headers on every kind of answer."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from fundapp import create_app, web
from fundapp.db import Base, db
from fundapp.settings import Settings
from fundapp.web.access import public
from fundapp.web.security_headers import HEADERS
from tests.test_settings import GOOD

POLICY = re.compile(
    r"default-src 'none'; style-src((?: 'sha256-[A-Za-z0-9+/=]{44}'){4}); script-src 'self'; "
    r"img-src 'self' data:; "
    r"media-src 'self'; "
    r"worker-src 'self'; "
    r"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def area_of_accidents() -> Blueprint:
    area = Blueprint("accidents", __name__)

    @area.get("/accident")
    @public("shows an error page")
    def accident() -> str:
        raise RuntimeError("the text of an error may quote what somebody typed")

    return area


@pytest.fixture
def plain_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Without a database; errors are shown as in production."""
    monkeypatch.setattr(web, "AREAS", (*web.AREAS, area_of_accidents()))
    app = create_app(Settings.for_tests(f"sqlite:///{tmp_path / 'a.db'}", tmp_path))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def client_of(app: Flask, status: int) -> FlaskClient:
    client = app.test_client()
    if status in (200, 503):  # only what needs a session looks for it
        client.set_cookie("sid", "A" * 43)
    return client


ANSWERS = {
    200: ("GET", "/livez", {}),
    302: ("GET", "/", {}),
    400: ("GET", "/en/sign-in?a=%00", {}),
    403: ("POST", "/en/sign-in", {"headers": {"Sec-Fetch-Site": "cross-site"}}),
    404: ("GET", "/en/nowhere", {}),
    405: ("GET", "/en/sign-out", {}),
    413: ("POST", "/en/sign-in", {"data": {"email": "a" * 13_000_000}}),
    500: ("GET", "/en/accident", {}),
    503: ("GET", "/en/home", {}),  # the session of the cookie is asked for; the database has no tables
}


@pytest.mark.parametrize("status", ANSWERS)
def test_headers_are_on_an_answer_of_each_kind(plain_app: Flask, status: int) -> None:
    method, path, more = ANSWERS[status]

    page = client_of(plain_app, status).open(path, method=method, **more)

    assert page.status_code == status
    assert {name: page.headers.get(name) for name in HEADERS} == HEADERS
    assert POLICY.fullmatch(page.headers["Content-Security-Policy"])
    assert page.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in page.headers


@pytest.mark.parametrize("status", [status for status in ANSWERS if status >= 400])
def test_error_page_speaks_the_language_of_its_address_and_shows_no_trace(
    plain_app: Flask, status: int
) -> None:
    method, path, more = ANSWERS[status]

    page = client_of(plain_app, status).open(path.replace("/en", "/ar"), method=method, **more)

    text = page.get_data(as_text=True)

    assert '<html lang="ar" dir="rtl">' in text
    assert "Traceback" not in text
    assert "RuntimeError" not in text
    assert "quote what somebody typed" not in text


def test_stylesheet_in_the_page_is_the_one_the_policy_allows(plain_app: Flask) -> None:
    page = plain_app.test_client().get("/en/nowhere")

    [style] = re.findall(r"<style>(.*?)</style>", page.get_data(as_text=True), flags=re.DOTALL)
    allowed = POLICY.fullmatch(page.headers["Content-Security-Policy"])
    assert allowed
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in allowed.group(1)


def test_static_files_may_be_kept(plain_app: Flask) -> None:
    page = plain_app.test_client().get("/static/style.css")

    assert page.headers["Cache-Control"] == "public, max-age=3600"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def production_app(tmp_path: Path) -> Flask:
    settings = dataclasses.replace(
        GOOD,
        database_url=f"sqlite:///{tmp_path / 'a.db'}",
        data_dir=tmp_path,
        trusted_hosts=("grants.example.net", "abcdef.onion"),
        proxy_hops=0,
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def test_production_insists_on_tls_except_on_onion_addresses(tmp_path: Path) -> None:
    client = production_app(tmp_path).test_client()

    ordinary = client.get("/livez", base_url="https://grants.example.net")
    onion = client.get("/livez", base_url="http://abcdef.onion")

    assert (ordinary.status_code, onion.status_code) == (200, 200)
    assert ordinary.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "Strict-Transport-Security" not in onion.headers


@pytest.mark.parametrize("host", ["evil.example", "grants.example.net.evil.example", "localhost"])
def test_foreign_host_gets_nothing(tmp_path: Path, host: str) -> None:
    page = production_app(tmp_path).test_client().get("/en/sign-in", base_url=f"https://{host}")

    assert page.status_code == 400
    assert host not in page.get_data(as_text=True)


def test_production_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    page = production_app(tmp_path).test_client().get("/en/sign-in", base_url="https://grants.example.net")

    name, _, rest = page.headers["Set-Cookie"].partition("=")
    assert name == "__Host-sid"
    assert set(rest.split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
