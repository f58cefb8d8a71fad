"""In a language that is opened as a draft every page of the call says so, and stays quick and light."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.call import Call
from tests.browser.weight import packed
from tests.conftest import rolled_back
from tests.database.web.test_applicant_queries import MOST, REPORTS, at_the_panel, draft, queries_of, sent
from tests.factories import AnswerFactory
from tests.guards.world import World, build_world
from tests.published import published_with
from tests.sign_in import signed_in_client

NOTICE = re.compile(r'<p class="notice warn">نصوص هذه الدعوة بهذه اللغة مسودة')
AREAS = ("public.", "apply.", "awards.")
OF_A_CALL = {"code", "application_id", "award_id", "check_in_id"}
MOST_BYTES = 10_000


@dataclass(frozen=True)
class Shown:
    says_it: bool
    queries: int
    size: int


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """Every call of it has Arabic as a draft."""
    with rolled_back(app) as session:
        world = build_world(session)
        for key in ("S1", "S2", "Q3", "Q4"):
            AnswerFactory(application_id=world.ids["application_id"], question_key=key)
        for call in session.execute(sa.select(Call)).scalars():
            published_with(call, draft_languages=["ar"])
        session.commit()
        yield world


@pytest.fixture(scope="module")
def shown(app: Flask, world: World) -> dict[str, Shown]:
    """Each page of a call and of an application: while it is written, once it was sent, and with a grant."""
    found: dict[str, Shown] = {}
    browser = signed_in_client(app, world.people["applicant"])
    application = db.session.get_one(Application, world.ids["application_id"])
    for moment in (at_the_panel, sent, draft):
        moment(application)
        db.session.commit()
        for endpoint, path in addresses(app, world):
            if queries := queries_of(browser, path):
                page = browser.get(path)
                says_it = NOTICE.search(page.text) is not None
                found[f"{moment.__name__}: {endpoint}"] = Shown(says_it, queries, packed(page.data))
    return found


def addresses(app: Flask, world: World) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith(AREAS) and rule.arguments & OF_A_CALL:
            with app.test_request_context():
                values = {name: (world.ids | {"lang": "ar"})[name] for name in rule.arguments}
                yield rule.endpoint, app.url_for(rule.endpoint, **values)


def test_every_page_of_a_call_says_that_its_language_is_a_draft(shown: dict[str, Shown]) -> None:
    assert [page for page, each in shown.items() if not each.says_it] == []
    assert len({page.partition(": ")[2] for page in shown}) >= 35


def test_no_page_asks_more_or_is_heavy_because_it_says_so(shown: dict[str, Shown]) -> None:
    asked = {
        page: each.queries for page, each in shown.items() if not page.partition(": ")[2].startswith(REPORTS)
    }
    assert {page: number for page, number in asked.items() if number > MOST} == {}
    assert {page: each.size for page, each in shown.items() if each.size > MOST_BYTES} == {}


def test_an_answer_is_saved_by_script_where_the_call_has_no_exit_link(app: Flask, world: World) -> None:
    application = db.session.get_one(Application, world.ids["application_id"])
    draft(application)
    published_with(application.call, is_sensitive=False)
    db.session.commit()
    browser = signed_in_client(app, world.people["applicant"])

    page = browser.get(f"/ar/applications/{application.id}/questions/Q2")

    assert "page.js" in page.text
    assert "data-exit" not in page.text
