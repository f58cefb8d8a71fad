"""Who gets which answer from which route: every endpoint, every method, eleven roles, one table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from fundapp import create_app, web
from fundapp.db import db
from fundapp.models.user import User
from fundapp.permissions import Permission
from fundapp.settings import Settings
from fundapp.web.access import WITHOUT_DECLARATION, AccessNotDeclared, access_of, public
from tests.conftest import rolled_back
from tests.guards.world import ROLES, World, build_world
from tests.sign_in import client_with_key, client_with_token, signed_in_client

MATRIX = Path(__file__).parent / "route_matrix.csv"
ANSWERS = ("ok", "sign_in", "no", "-")
HELPED_WITH = (Permission.APPLICATION_VIEW, Permission.APPLICATION_EDIT)
WITH_A_KEY = "api.fund_"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

with MATRIX.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in METHODS
        if method in (rule.methods or ()) and rule.endpoint not in WITHOUT_DECLARATION
    }


def answer_of(page: TestResponse) -> str:
    """The class of an answer, as the table names it."""
    leads_to_sign_in = page.status_code == 302 and "/sign-in" in page.headers["Location"]
    if leads_to_sign_in or page.status_code == 401:
        return "sign_in"
    if page.status_code in (403, 404, 405):
        return "no"
    return "ok" if page.status_code < 500 else f"error {page.status_code}"


def test_matrix_names_every_route_and_no_other(app: Flask) -> None:
    named = [(row["endpoint"], row["method"]) for row in ROWS]

    assert sorted(routes(app) - set(named)) == [], "routes without a row in route_matrix.csv"
    assert sorted(set(named) - routes(app)) == [], "rows without a route"
    assert len(named) == len(set(named)), "a route has two rows"


def test_matrix_says_one_known_answer_for_every_role() -> None:
    everybody = [role for role in ROLES if role not in ("helper", "host")]
    wrong = [row for row in ROWS if not {row[role] for role in everybody} <= set(ANSWERS)]

    assert wrong == []


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """One for all rows: each role's visit is undone before the next."""
    with rolled_back(app) as session:
        yield build_world(session)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['endpoint']} {row['method']}" for row in ROWS])
def test_route_answers_each_role_as_the_matrix_says(app: Flask, world: World, row: dict[str, str]) -> None:
    path = path_of(app, row["endpoint"], row["method"], world.ids)
    row = _with_helper_and_host(app, row)
    connection = db.session.connection()
    db.session.commit()

    answers = {}
    for role in ROLES:
        if row[role] == "-":
            answers[role] = "-"
            continue
        each_alone = connection.begin_nested()
        person = world.people.get(role)
        browser = _browser(app, row["endpoint"], person)
        answers[role] = answer_of(browser.open(path, method=row["method"]))
        db.session.rollback()
        each_alone.rollback()

    assert answers == {role: row[role] for role in ROLES}


def _browser(app: Flask, endpoint: str, person: User | None) -> FlaskClient:
    if endpoint.startswith(WITH_A_KEY):
        return client_with_key(app, person)
    return signed_in_client(app, person) if person else client_with_token(app)


def _with_helper_and_host(app: Flask, row: dict[str, str]) -> dict[str, str]:
    """Where a row leaves the two out: a helper reads and writes like the group, a host is a stranger."""
    access = access_of(app, row["endpoint"])
    writes = access is not None and access.permission in HELPED_WITH
    like = row["applicant" if writes else "other_applicant"]
    return row | {"helper": row["helper"] or like, "host": row["host"] or row["other_applicant"]}


def path_of(app: Flask, endpoint: str, method: str, ids: dict[str, Any]) -> str:
    rule: Rule = next(r for r in app.url_map.iter_rules(endpoint) if method in (r.methods or ()))
    unknown = rule.arguments - ids.keys()
    assert not unknown, f"tests/guards/world.py has no id for {sorted(unknown)}"
    with app.test_request_context():
        return str(app.url_for(endpoint, **{name: ids[name] for name in rule.arguments}, _method=method))


def test_route_without_a_declaration_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    area = Blueprint("careless", __name__)
    area.get("/careless", endpoint="first")(lambda: "everybody may read this")
    area.get("/no-name", endpoint="second")(lambda: "this too")
    monkeypatch.setattr(web, "AREAS", (*web.AREAS, area))

    with pytest.raises(AccessNotDeclared) as refused:
        create_app(Settings.for_tests(f"sqlite:///{tmp_path / 'a.db'}", tmp_path))

    assert str(refused.value) == "routes without @requires or @public: careless.first, careless.second"


def test_open_route_needs_a_reason() -> None:
    with pytest.raises(AccessNotDeclared):
        public("")
