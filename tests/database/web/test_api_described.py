"""The API against its own description, with the key of every role: what schemathesis thinks of asking."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth

from tests.conftest import rolled_back
from tests.guards.world import ROLES, World, build_world
from tests.sign_in import client_with_key

EXAMPLES = int(os.environ.get("FUNDAPP_TEST_RUNS", "200")) // 20  # for each route and role


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """One for all roles: the API only reads."""
    with rolled_back(app) as session:
        yield build_world(session)


@pytest.fixture(scope="module")
def described(app: Flask, world: World) -> schemathesis.BaseSchema:
    """With known ids beside unknown ones, so that not every address is of nothing."""
    found = app.test_client().get("/api/v1/openapi.json").get_json()
    for path in found["paths"].values():
        for each in path["get"]["parameters"]:
            if each["in"] == "path":
                each["schema"]["enum"] = [str(world.ids[each["name"]]), str(uuid4())]
    schema = schemathesis.openapi.from_dict(found)
    schema.app = app
    return schema


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_in_the_description(
    app: Flask, world: World, described: schemathesis.BaseSchema, role: str
) -> None:
    """No 500, no unnamed status, no field that the schema does not have."""
    key = client_with_key(app, world.people.get(role)).environ_base.get("HTTP_AUTHORIZATION", "")
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": key} if key else {})
    statuses: set[int] = set()

    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def every_answer_fits(case: Any) -> None:
            response = contextvars.Context().run(case.call, headers=headers)
            statuses.add(response.status_code)
            case.validate_response(response, excluded_checks=[ignored_auth])  # it takes our key for a guess

        every_answer_fits()

    assert 200 in statuses, "nothing was found, so nothing was compared"
