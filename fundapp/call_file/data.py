"""A call as plain data, ready for JSON, and back."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, cast

from forms.conditions import Condition
from forms.conditions import dump as dump_condition
from forms.definition import Question
from forms.i18n import _
from forms.localized import LocalizedText
from fundapp.call_file.check import problems_of
from fundapp.call_file.checks.identity import is_offered
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.edit import find
from fundapp.call_file.problems import Path, Problem, errors_of
from fundapp.call_file.schema import Reading, fields_of, read, read_fields
from fundapp.call_file.unread import UNREAD
from fundapp.call_file.values import plain_number

FORMAT = 1  # of the file; grows when old files can no longer be read as they are


class Plain(str):
    """A number or a day: text in JSON, written without quotation marks in YAML."""


def to_data(definition: CallDefinition) -> dict[str, object]:
    """Lists, dicts, texts, whole numbers and truth values; what has its usual value is left out."""
    return {"format": FORMAT, **_dump_part(definition)}


def from_data(data: object, *, needs_all_languages: bool = True) -> CallDefinition:
    """Raises CallFileErrors with everything that is wrong."""
    definition, problems = read_data(data, needs_all_languages=needs_all_languages)
    if problems:
        raise errors_of(problems, data)
    return definition


def read_data(data: object, *, needs_all_languages: bool = True) -> tuple[CallDefinition, list[Problem]]:
    """The definition is whole only when there are no problems."""
    reading = Reading(_languages_of(data), needs_all_languages, of_pages=not needs_all_languages)
    if not isinstance(data, Mapping):
        reading.fail((), _("This is not a call file. It starts with “format: 1”, then “code: …” and so on."))
        return UNREAD, reading.problems
    _check_format(data, reading)
    content = {name: value for name, value in data.items() if name != "format"}
    definition = CallDefinition(**read_fields(fields_of(CallDefinition), content, (), reading))  # type: ignore[arg-type]
    reading.problems.extend(problems_of(definition))
    return definition, reading.problems


def question_in(content: Mapping[str, object], path: Path) -> Question | None:
    """The question at this place, where it is whole by itself."""
    reading = Reading(_languages_of(content), needs_all_languages=False, of_pages=True)
    found = read(Question, find(content, path), path, reading)
    return found if isinstance(found, Question) and not reading.problems else None


def questions_in(content: Mapping[str, object]) -> Mapping[str, Any] | None:
    """The questions of a content and its languages, as fields of a call; None where they cannot be read."""
    reading = Reading(_languages_of(content), needs_all_languages=False, of_pages=True)
    known = fields_of(CallDefinition)
    fields = {name: known[name] for name in ("languages", "eligibility", "form")}
    found = read_fields(fields, {name: content[name] for name in fields if name in content}, (), reading)
    return None if reading.problems else found


def canonical_json(definition: CallDefinition) -> str:
    return json.dumps(to_data(definition), ensure_ascii=False, separators=(",", ":"))


def digest(definition: CallDefinition) -> str:
    """The same for the same content, whatever the file looked like."""
    return hashlib.sha256(canonical_json(definition).encode()).hexdigest()


def _languages_of(data: object) -> tuple[str, ...] | None:
    """Needed before anything else is read, because every text is compared with them."""
    named = data.get("languages") if isinstance(data, Mapping) else None
    if not isinstance(named, list):
        return None
    return tuple(dict.fromkeys(each for each in named if isinstance(each, str) and is_offered(each))) or None


def _check_format(data: Mapping[str, object], reading: Reading) -> None:
    if "format" not in data:
        reading.fail((), _("“format” is missing. Add a line “format: %(n)s” at the top.", n=FORMAT))
    elif str(data["format"]) != str(FORMAT):
        reading.fail(("format",), _("This file has a format we do not know. Write %(n)s.", n=FORMAT))


def _dump_part(part: object) -> dict[str, object]:
    result: dict[str, object] = {}
    for each in dataclasses.fields(cast("type", part)):
        value = getattr(part, each.name)
        if each.default is dataclasses.MISSING or value != each.default:
            result[each.name] = _dump(value)
    return result


def _dump(value: object) -> object:
    match value:
        case LocalizedText():
            return value.as_dict()
        case Condition():
            return dump_condition(value)
        case tuple():
            return [_dump(item) for item in value]
        case bool() | int():
            return value
        case Decimal():
            return Plain(plain_number(value))
        case date():
            return Plain(value.isoformat())
        case time():
            return value.strftime("%H:%M")
        case str():
            return str(value)
    return _dump_part(value)
