"""From a dataclass and plain data to the fields of a page. The name of a field is its path in the call."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from forms.conditions import Condition
from forms.languages import LANGUAGES
from forms.localized import LocalizedText
from fundapp.call_file.edit import Content, find
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.schema import fields_of
from fundapp.web.fund.building import words_after, words_call, words_form
from fundapp.web.fund.building.conditions import ConditionView, FactToAsk, facts_for, view_of
from fundapp.web.fund.building.options import options_of
from fundapp.web.fund.building.places import OWN_PAGES, Listed, listed_at

WORDS = words_call.WORDS | words_form.WORDS | words_after.WORDS
NOT_TYPED = {"key", "code", "codesign"}
MORE_ROWS = 1  # empty ones at the end of a list
LEVELS = "level"


@dataclass(frozen=True)
class OneText:
    name: str
    language: str
    own_name: str
    value: str


@dataclass(frozen=True)
class RowShape:
    """One item of a list that is filled in on the page itself; `is_new` for the empty one at the end."""

    number: int
    name: str
    fields: list[FieldShape]
    key: str
    is_new: bool


@dataclass(frozen=True)
class FieldShape:
    """What the template draws. `control` says which of the other things it uses."""

    control: str
    name: str
    label: str
    help: str
    errors: list[str] = field(default_factory=list)
    value: Any = ""
    options: Sequence[tuple[str, str]] = ()
    texts: Sequence[OneText] = ()
    fields: Sequence[FieldShape] = ()
    rows: Sequence[RowShape] = ()
    listed: Listed | None = None
    condition: ConditionView | None = None
    facts: Sequence[FactToAsk] = ()

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """(id, label, message) of this field and of those inside it, in the order of the page."""
        yield from ((self.id, self.label, message) for message in self.errors)
        for inner in (*self.fields, *(each for row in self.rows for each in row.fields)):
            yield from inner.faults()


@dataclass(frozen=True)
class Around:
    """What all fields of a page need to know."""

    content: Content
    problems: Sequence[Problem]
    language: str

    @property
    def languages(self) -> list[str]:
        named = self.content.get("languages")
        return [code for code in named if code in LANGUAGES] if isinstance(named, list) else ["en"]

    def messages_at(self, path: Path) -> list[str]:
        return [problem.words for problem in self.problems if problem.path == path]

    def messages_below(self, path: Path) -> list[str]:
        return [problem.words for problem in self.problems if problem.path[: len(path)] == path]


def inner_type(hint: object) -> object:
    """The type without "or nothing"."""
    if get_origin(hint) in (Union, UnionType):
        return next(each for each in get_args(hint) if each is not NoneType)
    return hint


def is_optional(hint: object) -> bool:
    return get_origin(hint) in (Union, UnionType)


def name_of(path: Path) -> str:
    return ".".join(str(step) for step in path)


def field_names(part: type, without: Iterable[str] = ()) -> list[str]:
    return [name for name in fields_of(part) if name not in NOT_TYPED and name not in set(without)]


def shapes_of(
    part: type, path: Path, around: Around, only: Sequence[str] = (), *, shows_usual: bool = True
) -> Iterator[FieldShape]:
    for name in only or field_names(part):
        yield shape_of(part, name, (*path, name), around, shows_usual=shows_usual)


def shape_of(part: type, name: str, path: Path, around: Around, *, shows_usual: bool = True) -> FieldShape:
    """`shows_usual`: what has its usual value is written nowhere; a part that is not there has no values."""
    hint = fields_of(part)[name].hint
    label, help_text = WORDS.get(f"{part.__name__}.{name}", (name, ""))
    data = find(around.content, path)
    wanted = inner_type(hint)
    shape: dict[str, Any] = {"name": name_of(path), "label": label, "help": help_text}
    options = options_of(part, name, wanted, around.content, around.language)
    if wanted is Condition:
        shape |= {
            "control": "condition",
            "condition": view_of(data),
            "facts": [fact for fact in facts_for(around.content, path, around.language) if fact.key],
            "errors": around.messages_below(path),
        }
    elif wanted is LocalizedText:
        shape |= _texts(data, path, around)
    elif get_origin(wanted) is tuple:
        shape |= _several(get_args(wanted)[0], data, path, around, options)
    elif dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        shape |= {
            "control": "group",
            "fields": list(
                shapes_of(wanted, path, around, shows_usual=data is not None or not is_optional(hint))
            ),
        }
    else:
        shape |= {
            "control": _control(wanted, options),
            "options": options,
            "value": _shown(data, part, name) if shows_usual else data or "",
        }
    shape.setdefault("errors", around.messages_at(path))
    return FieldShape(**shape)


def _texts(data: object, path: Path, around: Around) -> dict[str, Any]:
    texts = data if isinstance(data, Mapping) else {}
    each = [
        OneText(name_of((*path, code)), code, LANGUAGES[code].own_name, str(texts.get(code, "")))
        for code in around.languages
    ]
    return {"control": "texts", "texts": each, "errors": around.messages_below(path)}


def _several(
    item: Any, data: object, path: Path, around: Around, options: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    items = data if isinstance(data, list) else []
    if item in OWN_PAGES:
        return {"control": "listed", "listed": listed_at(around.content, path, item, around.language)}
    if item is LocalizedText or dataclasses.is_dataclass(item):
        return {"control": "rows", "rows": list(_rows(item, items, path, around))}
    chosen = [str(each) for each in items]
    if options or (isinstance(item, type) and issubclass(item, StrEnum)):
        errors = around.messages_below(path)
        return {"control": "checks", "options": options, "value": chosen, "errors": errors}
    return {"control": "lines", "value": "\n".join(chosen), "errors": around.messages_below(path)}


def _rows(item: Any, items: Sequence[object], path: Path, around: Around) -> Iterator[RowShape]:
    for number in range(len(items) + MORE_ROWS):
        here, is_new = (*path, number), number >= len(items)
        if item is LocalizedText:
            label, help_text = WORDS["Choice.label"]
            texts = _texts(find(around.content, here), here, around)
            fields = [FieldShape(name=name_of(here), label=label, help=help_text, **texts)]
        else:
            names = [name for name in fields_of(item) if name != "key" or item.__name__ == "Choice"]
            fields = list(shapes_of(item, here, around, names, shows_usual=not is_new))
        key = find(around.content, (*here, "key"))
        yield RowShape(number, name_of(here), fields, key if isinstance(key, str) else "", is_new)


def _control(wanted: object, options: Sequence[tuple[str, str]]) -> str:
    if options or (isinstance(wanted, type) and issubclass(wanted, StrEnum)):
        return "select"
    if wanted is bool:
        return "tick"
    if wanted in (int, Decimal):
        return "number"
    return {date: "day", time: "time"}.get(wanted, "text")  # type: ignore[call-overload, no-any-return]


def _shown(data: object, part: type, name: str) -> object:
    """What is there, or the usual value where nothing is written."""
    if data is not None:
        return data
    usual = next(each.default for each in dataclasses.fields(part) if each.name == name)
    if usual is dataclasses.MISSING or usual is None:
        return ""
    return usual.value if isinstance(usual, StrEnum) else usual
