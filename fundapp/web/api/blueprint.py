"""The one blueprint of the API, and what its routes have in common: what they take and what they answer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError

from fundapp.models.api_key import ApiScope
from fundapp.web.api.schemas import NothingAsked

bp = Blueprint("api", __name__, url_prefix="/api/v1")

Asked = Mapping[str, Any]
Routed = TypeVar("Routed", bound=Callable[..., Any])
_NAME = "operation"


@dataclass(frozen=True)
class Operation:
    """What the description says of a route."""

    summary: str
    answer: type[Schema]
    query: type[Schema]
    scope: ApiScope | None = None


def answers(
    answer: type[Schema], summary: str, *, query: type[Schema] = NothingAsked
) -> Callable[[Callable[..., object]], Callable[..., ResponseReturnValue]]:
    """The view gets the checked query as `asked` and returns what the schema writes."""

    def declare(view: Callable[..., object]) -> Callable[..., ResponseReturnValue]:
        @functools.wraps(view)
        def answered(**things: Any) -> ResponseReturnValue:
            try:
                asked = cast(Asked, query().load(request.args.to_dict()))
            except ValidationError as error:
                return {"error": 400, "say": WRONG_QUERY, "fields": error.messages_dict}, 400
            return jsonify(answer().dump(view(asked=asked, **things)))

        setattr(answered, _NAME, Operation(summary, answer, query))
        return answered

    return declare


WRONG_QUERY = "Something in the address after “?” is not right. “fields” says what."


def with_scope(view: Routed, scope: ApiScope) -> Routed:
    """Written by the key's check, for the description."""
    operation = operation_of(view)
    assert operation is not None
    setattr(view, _NAME, replace(operation, scope=scope))
    return view


def operation_of(view: Callable[..., Any] | None) -> Operation | None:
    return getattr(view, _NAME, None)
