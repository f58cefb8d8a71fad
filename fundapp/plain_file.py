"""What all plain files in JSON have in common: their names, and one line for each thing to mend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from fundapp.errors import FundError


class PlainFileError(FundError):
    """What is wrong with the file, a line for each place."""

    code = "plain_file"

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


LONGEST_NAME = 80


class Name(fields.Field[str]):
    """A short text or a whole number; both become a text."""

    default_error_messages = {"invalid": "Write a short text or a whole number."}  # noqa: RUF012

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        if not is_name(value):
            raise self.make_error("invalid")
        return str(value)


def is_name(value: Any) -> bool:
    return (
        isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) <= LONGEST_NAME
    )


class Strict(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "This name is not known here.", "type": "Write names and values here."}  # noqa: RUF012


def load(schema: Schema, text: str) -> dict[str, Any]:
    """Raises PlainFileError with everything that has the wrong form."""
    data, lines = load_what_is_right(schema, text)
    if lines:
        raise PlainFileError(lines)
    return data


def load_what_is_right(schema: Schema, text: str) -> tuple[dict[str, Any], list[str]]:
    """What has the right form, so that it can be checked further, and a line for all that has not.

    Raises PlainFileError for a text that is no JSON.
    """
    try:
        raw = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise PlainFileError([f"This is not a file in JSON: {error}"]) from error
    try:
        data: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        lines = sorted(_lines(error.messages))
        wrong = set(error.messages_dict)
        if not isinstance(raw, dict):
            return {}, lines
        rest = {name: value for name, value in raw.items() if name not in wrong}
        return schema.load(rest, partial=wrong), lines
    return data, []


def _lines(messages: Any, path: str = "") -> list[str]:
    if isinstance(messages, Mapping):
        return [
            line
            for part, inner in messages.items()
            for line in _lines(inner, path if part == "_schema" else f"{path}.{part}".lstrip("."))
        ]
    return [f"{path or 'file'}: {message}" for message in messages]
