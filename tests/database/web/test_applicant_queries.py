"""A page of a group asks the database at most six times, however many others apply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, CallStatus
from fundapp.models.application import Application
from fundapp.queries.calls import definition_of
from tests.conftest import QueryCount, rolled_back
from tests.database.crowd import add_crowd
from tests.factories import AnswerFactory, days
from tests.guards.world import World, build_world
from tests.published import dated
from tests.sign_in import signed_in_client

pytestmark = pytest.mark.slow
MOST = 6
REPORTS = (
    "public.results_page",
    "awards.",
)  # what came of a whole call, and of a grant; the same number for all
FEW, MANY = 50, 5_000
AREAS = ("public.", "account.", "apply.", "awards.", "groups.profile", "groups.documents")
Counts = dict[str, int]


@pytest.fixture(scope="module")
def counted(app: Flask) -> Iterator[tuple[Counts, Counts]]:
    """Queries of each page with few and with many applications."""
    with rolled_back(app) as session:
        world = build_world(session)
        application = session.get(Application, world.ids["application_id"])
        for key in ("S1", "S2", "Q3", "Q4"):
            AnswerFactory(application=application, question_key=key)
        add_crowd(application, FEW)
        few = count_all(app, world, application)
        add_crowd_to(application, MANY)
        yield few, count_all(app, world, application)


def add_crowd_to(application: Application, number: int) -> None:
    query = sa.select(sa.func.count(Application.id))
    add_crowd(application, number - db.session.execute(query).scalar_one(), first=FEW)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ANALYZE"))


def count_all(app: Flask, world: World, application: Application) -> Counts:
    """At three moments: while it is written, once it was sent, and at the panel with a grant as well."""
    found: Counts = {}
    browser = signed_in_client(app, world.people["applicant"])
    for moment in (at_the_panel, sent, draft):
        moment(application)
        db.session.commit()
        for rule in pages_of_groups(app):
            for path in paths(app, rule, world, application):
                if count := queries_of(browser, path):
                    found[f"{moment.__name__}: {rule.endpoint} {path.rpartition('/')[2][:3]}"] = count
    return found


def at_the_panel(application: Application) -> None:
    """With the grant that comes of it."""
    application.status, application.round.call.status = ApplicationStatus.AT_PANEL, CallStatus.DECIDING


def sent(application: Application) -> None:
    application.status = ApplicationStatus.SUBMITTED
    application.round.call.status = CallStatus.OPEN


def draft(application: Application) -> None:
    application.status = ApplicationStatus.DRAFT
    dated(application.round, opens_at=days(-9), eoi_closes_at=days(9), full_closes_at=days(19))


def pages_of_groups(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted((rule for rule in rules if rule.endpoint.startswith(AREAS)), key=str)


def paths(app: Flask, rule: Rule, world: World, application: Application) -> list[str]:
    """One address; of questions, one for each kind."""
    keys = [world.ids["key"]]
    if "key" in rule.arguments:
        definition = definition_of(application.call_version)
        check = [item.question for item in definition.eligibility]
        questions = list(definition.form.questions()) if rule.endpoint.startswith("apply.") else check
        keys = list({question.kind: question.key for question in questions}.values())
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **{name: (world.ids | {"key": key})[name] for name in rule.arguments})
            for key in keys
        ]


def queries_of(browser: FlaskClient, path: str) -> int:
    """Of the second visit, as on a server that runs; 0 for what is no page."""
    browser.get(path)
    with statements() as counter:
        page = browser.get(path)
    return counter.number if page.status_code == 200 and page.mimetype == "text/html" else 0


@contextmanager
def statements() -> Iterator[QueryCount]:
    counter = QueryCount()
    sa.event.listen(sa.Engine, "before_cursor_execute", counter.note)
    try:
        yield counter
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", counter.note)


def test_page_of_a_group_asks_the_database_at_most_six_times(counted: tuple[Counts, Counts]) -> None:
    _few, many = counted

    asked = {page: number for page, number in many.items() if not page.partition(": ")[2].startswith(REPORTS)}
    assert {page: number for page, number in asked.items() if number > MOST} == {}
    assert len(many) > 40


def test_pages_of_groups_cost_the_same_with_five_thousand_applications(
    counted: tuple[Counts, Counts],
) -> None:
    few, many = counted

    assert few == many
