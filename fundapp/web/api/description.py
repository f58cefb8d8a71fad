"""The API in the OpenAPI format, made from the routes themselves."""

from __future__ import annotations

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from werkzeug.routing import Rule

from fundapp.web.access import public
from fundapp.web.api.blueprint import Operation, bp, operation_of
from fundapp.web.api.schemas import ErrorAnswer, NothingAsked, Pounds

KEY = "key"
ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
VERSION = "1"


@bp.get("/openapi.json")
@public("says to anybody what programs can ask for")
def openapi() -> ResponseReturnValue:
    return jsonify(describe().to_dict())


def describe() -> APISpec:
    plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
    spec = APISpec("fundapp", VERSION, "3.0.3", plugins=[plugin], info={"description": DESCRIPTION})
    plugin.map_to_openapi_type(Pounds, "string", "decimal")  # type: ignore[no-untyped-call]
    spec.components.security_scheme(KEY, {"type": "http", "scheme": "bearer"})
    for rule in current_app.url_map.iter_rules():
        operation = operation_of(current_app.view_functions[rule.endpoint])
        if operation is not None:
            spec.path(_path_of(rule), operations={"get": _operation(rule, operation)})
    return spec


DESCRIPTION = (
    "Read only. Public data needs nothing; the data of a fund needs a key that one of its people has made, "
    "and shows what this person may see. Lists come in pages of fifty. Money is pounds as text."
)


def _name_of(schema: Any) -> str:
    return schema.__name__ if isinstance(schema, type) else type(schema).__name__


def _path_of(rule: Rule) -> str:
    return ARGUMENT.sub(lambda found: f"{{{found['name']}}}", rule.rule)


def _operation(rule: Rule, operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": operation.summary,
        "parameters": [*_in_path(rule), *_in_query(operation.query)],
        "responses": {"200": _says("What was asked for", operation.answer)},
    }
    refusals = {"400": "The query is not right", "404": "There is no such thing for you"}
    if operation.scope is not None:
        found |= {"security": [{KEY: []}], "description": f"The key may read “{operation.scope}”."}
        refusals |= {"401": "No key, or one that is over", "403": "The key, or its person, may not read this"}
    found["responses"] |= {status: _says(text, ErrorAnswer) for status, text in refusals.items()}
    return found


def _in_path(rule: Rule) -> list[dict[str, Any]]:
    return [
        {
            "in": "path",
            "name": found["name"],
            "required": True,
            "schema": {"type": "string"} | ({"format": "uuid"} if found["kind"] == "uuid" else {}),
        }
        for found in ARGUMENT.finditer(rule.rule)
    ]


def _in_query(query: type[Schema]) -> list[dict[str, Any]]:
    return [] if query is NothingAsked else [{"in": "query", "schema": query}]


def _says(description: str, schema: type[Schema]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
