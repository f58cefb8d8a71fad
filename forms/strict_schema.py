"""How authored data is read: every error at once, in our words, with its place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_dump, validates_schema

from forms.i18n import _
from forms.wrong_data import DataPath, Problem

MOST_ITEMS = 300
T = TypeVar("T")


class StrictSchema(Schema):
    """Refuses keys it does not know, naming the nearest one it does; leaves out empty values when dumping."""

    class Meta:
        unknown = EXCLUDE  # our own check below says more than marshmallow's

    error_messages = {"type": _("Write the parts of this one by one, as “name: value”.")}  # noqa: RUF012

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown_keys(self, _data: object, original: object, **_options: object) -> None:
        if not isinstance(original, Mapping):
            return
        known = [field.data_key or name for name, field in self.fields.items()]
        if errors := {str(key): [_unknown_key(str(key), known)] for key in original if key not in known}:
            raise ValidationError(errors)

    @post_dump
    def leave_out_empty(self, data: dict[str, Any], **_options: object) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value is not None and value != []}


def _unknown_key(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return _("“%(key)s” is not known here. Did you mean “%(near)s”?", key=key[:60], near=near[0])
    return _("“%(key)s” is not known here. Use: %(known)s.", key=key[:60], known=", ".join(known))


class OurField(fields.Field[T]):
    """marshmallow takes only `str` for a message; in a list our lazy texts pass."""

    def make_error(self, key: str, **values: Any) -> ValidationError:
        return ValidationError([self.error_messages[key]])


class Items(OurField[tuple[T, ...]]):
    """A list of one kind of thing."""

    default_error_messages = {  # noqa: RUF012
        "required": _("Write a list with one or more items here."),
        "null": _("Write a list with one or more items here."),
        "invalid": _("Write a list with one or more items here."),
    }

    def __init__(self, item: fields.Field[T], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.item = item

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> list[Any]:
        return [self.item._serialize(each, attr, obj, **kwargs) for each in value or ()]

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> tuple[T, ...]:
        if not isinstance(value, list | tuple) or (self.required and not value):
            raise self.make_error("invalid")
        if len(value) > MOST_ITEMS:
            raise ValidationError([_("Write at most %(limit)s items here.", limit=MOST_ITEMS)])
        loaded: list[T] = []
        errors: dict[int, Any] = {}
        for number, each in enumerate(value):
            try:
                loaded.append(self.item.deserialize(each))
            except ValidationError as error:
                errors[number] = error.messages
        if errors:
            raise ValidationError(errors)
        return tuple(loaded)


class Part(OurField[T]):
    """One thing with its own schema; `make` builds it from the loaded parts."""

    def __init__(self, schema: StrictSchema, make: Callable[..., T], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema_of_part = schema
        self.make = make

    def _serialize(self, value: T | None, *_args: Any, **_kwargs: Any) -> Any:
        return None if value is None else self.schema_of_part.dump(value)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> T:
        return self.make(**self.schema_of_part.load(value))


def problems_of(messages: object, path: DataPath = ()) -> list[Problem]:
    """marshmallow's tree of messages as a flat list of (path, message)."""
    if isinstance(messages, Mapping):
        return [
            problem
            for part, inner in messages.items()
            for problem in problems_of(inner, path if part == "_schema" else (*path, part))
        ]
    if isinstance(messages, list):
        return [problem for inner in messages for problem in problems_of(inner, path)]
    return [(path, messages)]  # type: ignore[list-item]


def tree_of(problems: list[Problem]) -> Any:
    """The other way round, for errors found without marshmallow."""
    tree: dict[str | int, Any] = {}
    for path, message in problems:
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
        branch.setdefault("_schema", []).append(message)
    return tree
