"""No answer stays in a cache, no address names anybody, and no error says how the service is built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from fundapp import create_app
from fundapp.settings import Settings
from tests.database.web.test_canaries import LEAVING, browser_of
from tests.guards.test_routes import ROWS, path_of
from tests.guards.world import ROLES, World, build_world

SAME_FOR_ALL = {"worker.worker"}  # the worker is one file for everybody
QUERIES = {
    "next",
    "session",
    "known",
    "change",
    "back",
    "page",
    "order",
    "stage",
    "status",
    "words",
    "all",
    "by",
    "part",
    "live",
    "show",
    "as",
    "in",
    "year",
}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TELLING = re.compile(
    r"Traceback|\.py\b|sqlalchemy|sqlite|psycopg|werkzeug|flask|jinja|gunicorn|waitress|python/|"
    r"SELECT |INSERT |site-packages|/home/|/usr/|\bline \d+\b|\d+\.\d+\.\d+",
    re.IGNORECASE,
)
WRONG = [
    ("GET", "/en/nowhere"),
    ("GET", "/en/calls/NONE"),
    ("GET", "/en/sign-in?a=%00"),
    ("GET", "/en/fund/rounds/0/applications"),
    ("GET", "/en/sign-out"),
    ("POST", "/en/sign-in"),
    ("PUT", "/en/sign-in"),
    ("GET", "/open-data/%2e%2e.json"),
    ("GET", "/static/../../wsgi.py"),
    ("GET", "/xx/"),
]


@pytest.fixture
def world(db_session: Any) -> World:
    return build_world(db_session)


@pytest.mark.slow
def test_no_answer_is_kept_and_no_address_names_anybody(app: Flask, world: World) -> None:
    """Every route, once as each role that it lets in, and once as nobody."""
    faults, seen = [], 0
    for row in ROWS:
        for role in {next((role for role in ROLES if row[role] == "ok"), "anon"), "anon"}:
            if row["endpoint"] in (*LEAVING, *SAME_FOR_ALL):
                continue
            path = path_of(app, row["endpoint"], row["method"], world.ids)
            page = browser_of(app, world, role).open(path, method=row["method"])
            seen += 1
            faults += [(row["endpoint"], role, fault) for fault in faults_of(page)]

    assert faults == []
    assert seen > 200


def faults_of(page: Any) -> list[str]:
    found = []
    if page.headers["Cache-Control"] != "no-store":
        found.append(f"cache {page.headers['Cache-Control']}")
    if page.headers["Referrer-Policy"] != "same-origin":
        found.append(f"referrer {page.headers['Referrer-Policy']}")
    links = re.findall(r'(?:href|action|src)="([^"]*)"', page.text) if page.mimetype == "text/html" else []
    for link in [page.headers.get("Location", ""), *links]:
        found += faults_of_link(link.replace("&amp;", "&"))
    return found


def faults_of_link(link: str) -> list[str]:
    parts = urlsplit(link)
    if parts.scheme in ("mailto", "tel"):
        return []
    queries = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(queries.keys() - QUERIES)
    named = [value for value in (parts.path, *queries.values()) if "@" in value]
    return [f"query {name} in {link}" for name in unknown] + [f"somebody in {link}" for _value in named]


def test_things_of_groups_have_addresses_nobody_can_guess(app: Flask) -> None:
    counted = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for name in rule.arguments
        if name.endswith("_id") and type(rule._converters[name]).__name__ != "UUIDConverter"
    ]

    assert counted == []


@pytest.mark.parametrize(("method", "path"), WRONG)
def test_error_says_nothing_about_the_house(client: Any, method: str, path: str) -> None:
    page = client.open(path, method=method)

    text = re.sub(r"<style>.*?</style>", "", page.get_data(as_text=True), flags=re.DOTALL)
    assert page.status_code in (302, 400, 404, 405)
    assert (
        TELLING.findall(f"{text}\n{page.headers.get('Server', '')}{page.headers.get('X-Powered-By', '')}")
        == []
    )


def test_fault_and_missing_database_say_nothing_about_the_house(tmp_path: Path) -> None:
    app = create_app(Settings.for_tests(f"sqlite:///{tmp_path / 'a.db'}", tmp_path))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = app.test_client()
    browser.set_cookie("sid", "A" * 43)

    pages = [browser.get("/en/home"), browser.get("/en/"), browser.post("/en/sign-in", data={"email": "a"})]

    assert {page.status_code for page in pages} <= {400, 500, 503}
    for page in pages:
        text = re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)
        assert TELLING.findall(text) == []
