"""Tables that leave as files: for each reader what is in them is listed, and nothing joins unseen (AC-76)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from flask import Flask

from tests.browser.page_list import NOT_PAGES
from tests.conftest import rolled_back
from tests.guards.test_routes import ROWS, path_of
from tests.guards.world import World, build_world
from tests.sign_in import client_with_token, signed_in_client

LISTED = yaml.safe_load((Path(__file__).parent / "export_columns.yaml").read_text(encoding="utf-8"))
FILES = sorted(name for name, why in NOT_PAGES.items() if why == "a file")


@pytest.fixture(scope="module")
def tables(app: Flask) -> Iterator[dict[str, list[str]]]:
    """By endpoint, the first line of each CSV file that a role with a right to it gets."""
    with rolled_back(app) as session:
        world = build_world(session)
        session.commit()
        yield {
            endpoint: columns
            for endpoint in FILES
            if (columns := _columns_of(app, world, endpoint)) is not None
        }


def _columns_of(app: Flask, world: World, endpoint: str) -> list[str] | None:
    row = next(row for row in ROWS if (row["endpoint"], row["method"]) == (endpoint, "GET"))
    role = next((role for role in ("anon", *world.people) if row[role] == "ok"), "manager")
    person = world.people.get(role)
    browser = signed_in_client(app, person) if person else client_with_token(app)
    answer = browser.get(path_of(app, endpoint, "GET", world.ids))
    if answer.mimetype != "text/csv":
        return None
    return next(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_every_table_has_the_columns_that_are_listed_for_its_reader(tables: dict[str, list[str]]) -> None:
    assert tables == {endpoint: listed["columns"] for endpoint, listed in LISTED.items()}


def test_every_table_says_who_reads_it() -> None:
    assert {listed["for"] for listed in LISTED.values()} <= {"everybody", "the fund", "a panel member"}
