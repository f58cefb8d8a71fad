"""The shape of a call file follows from the dataclasses: names, types, what may be left out.

Reading collects every problem and goes on. What could not be read is UNREAD, so that the checks between the
parts still run as far as they can.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

from forms.conditions import Condition
from forms.conditions import load as load_condition
from forms.i18n import _
from forms.languages import find_language
from forms.localized import LocalizedText
from forms.wrong_data import WrongData
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import UNREAD
from fundapp.call_file.values import READERS, WrongValue, read_text

MOST_ITEMS = 500
# What was said in co-design and what we answered is kept in at least one language, of the call or not.
SAID_IN_ANY_LANGUAGE = (("codesign", "sessions"), ("codesign", "points"))
GOOD_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)


@dataclass
class Reading:
    """What is known while one file is read."""

    languages: tuple[str, ...] | None  # None: the file does not say, so texts are not compared with it
    needs_all_languages: bool = True  # False while a call is built: the first language is enough
    of_pages: bool = (
        False  # a thing that is missing is told at its own place, where a page has a field for it
    )
    problems: list[Problem] = field(default_factory=list)

    def fail(self, path: Path, message: str, on_page: str = "") -> None:
        self.problems.append(Problem(path, str(message), str(on_page)))


def read(hint: object, data: object, path: Path, reading: Reading) -> object:
    """The value a type hint asks for, or UNREAD with the problem noted."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (each for each in get_args(hint) if each is not NoneType)
        return None if data is None else read(inner, data, path, reading)
    if get_origin(hint) is tuple:
        return _read_list(get_args(hint)[0], data, path, reading)
    if hint is LocalizedText:
        return _read_localized(data, path, reading)
    if hint is Condition:
        return _read_condition(data, path, reading)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _read_part(hint, data, path, reading)
    return _read_value(hint, data, path, reading)


def read_fields(fields: Mapping[str, Field], data: object, path: Path, reading: Reading) -> dict[str, object]:
    """Every field that is there, some perhaps UNREAD; names that nobody knows are noted."""
    if not isinstance(data, Mapping):
        example = next(iter(fields))
        reading.fail(
            path, _("Write a group of names and values here, for example “%(name)s: …”.", name=example)
        )
        return dict.fromkeys(fields, UNREAD)
    misspelt = _note_unknown_names(fields, data, path, reading)
    values: dict[str, object] = {}
    for name, wanted in fields.items():
        if name in data:
            values[name] = read(wanted.hint, data[name], (*path, name), reading)
        elif name in misspelt:
            values[name] = UNREAD
        elif wanted.is_required:
            values[name] = _missing(name, wanted, path, reading)
    return values


@dataclass(frozen=True)
class Field:
    hint: object
    is_required: bool


@lru_cache(maxsize=256)
def fields_of(part: type) -> Mapping[str, Field]:
    """The names of a part of the file, in the order in which they are written."""
    hints = get_type_hints(part)
    return {
        each.name: Field(
            hints[each.name],
            each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING,
        )
        for each in dataclasses.fields(part)
    }


def _missing(name: str, wanted: Field, path: Path, reading: Reading) -> object:
    message = _("“%(name)s” is missing. Add a line “%(name)s: …”.", name=name)
    reading.fail((*path, name) if reading.of_pages else path, message, _("Please fill this in."))
    return LocalizedText(()) if wanted.hint is LocalizedText else UNREAD


def _note_unknown_names(
    fields: Mapping[str, Field], data: Mapping[object, object], path: Path, reading: Reading
) -> set[str]:
    """Returns the names that are probably meant by misspelt ones; they need no second message."""
    meant = set()
    left = [name for name in fields if name not in data]
    for name in data:
        if name in fields:
            continue
        here = (*path, str(name))
        similar = get_close_matches(str(name), left, n=1)
        if similar:
            meant.add(similar[0])
            message = _(
                "“%(name)s” is not a name we know. Did you mean “%(other)s”?",
                name=str(name)[:60],
                other=similar[0],
            )
        else:
            message = _(
                "“%(name)s” is not a name we know. Names that can stand here: %(known)s.",
                name=str(name)[:60],
                known=", ".join(fields),
            )
        reading.fail(here, message)
    return meant


def _read_part(part: type, data: object, path: Path, reading: Reading) -> object:
    values = read_fields(fields_of(part), data, path, reading)
    if not is_good_key(values.get("key")):
        reading.fail((*path, "key"), _("Use letters a–z, digits, - and _ only, at most 40, for example Q5."))
    return part(**values)


def is_good_key(key: object) -> bool:
    """Keys stand in addresses, files and references."""
    return not isinstance(key, str) or GOOD_KEY.fullmatch(key) is not None


def _read_list(item: object, data: object, path: Path, reading: Reading) -> object:
    if not isinstance(data, list):
        reading.fail(
            path, _("Write a list here: each item on its own line, starting with a dash and a space.")
        )
        return UNREAD
    if len(data) > MOST_ITEMS:
        reading.fail(path, _("This list is too long. The most is %(n)s items.", n=MOST_ITEMS))
        return UNREAD
    _note_repeated_keys(data, path, reading)
    return tuple(read(item, each, (*path, index), reading) for index, each in enumerate(data))


def _note_repeated_keys(items: list[object], path: Path, reading: Reading) -> None:
    keys = [item.get("key") if isinstance(item, Mapping) else None for item in items]
    for index, key in enumerate(keys):
        if isinstance(key, str) and key in keys[:index]:
            reading.fail(
                (*path, index, "key"),
                _("“%(key)s” is there twice in this list. Give each item its own key.", key=key[:60]),
            )


def _read_localized(data: object, path: Path, reading: Reading) -> LocalizedText:
    if not isinstance(data, Mapping):
        example = reading.languages[0] if reading.languages else "en"
        reading.fail(
            path,
            _(
                "Write this text once in each language, each on its own line, for example “%(code)s: …”.",
                code=example,
            ),
        )
        return LocalizedText(())
    texts: dict[str, str] = {}
    for language, text in data.items():
        here = (*path, str(language))
        if not _may_stand(language, path, reading):
            reading.fail(here, _unknown_language(str(language), reading.languages or ()))
            continue
        try:
            texts[language] = read_text(text)
        except WrongValue as wrong:
            reading.fail(here, wrong.message)
    for language in _needed_languages(reading, path, texts):
        if language not in data:
            message = _("The text in the language “%(code)s” is missing.", code=language)
            reading.fail(path, message, _("Write this text in the first language of the call."))
    known = reading.languages or tuple(texts)
    order = (*known, *sorted(set(texts) - set(known)))
    ordered = {language: texts[language] for language in order if language in texts}
    return LocalizedText.of(ordered)


def _needed_languages(reading: Reading, path: Path, texts: Mapping[str, str]) -> tuple[str, ...]:
    if reading.languages is None or (texts and path[:2] in SAID_IN_ANY_LANGUAGE):
        return ()
    return reading.languages if reading.needs_all_languages else reading.languages[:1]


def _may_stand(language: object, path: Path, reading: Reading) -> bool:
    """Whether a text of this place can be in this language. People say things in every language."""
    if reading.languages is None or language in reading.languages:
        return True
    return path[:2] in SAID_IN_ANY_LANGUAGE and find_language(str(language)) is not None


def _unknown_language(name: str, languages: tuple[str, ...]) -> str:
    return _(
        "“%(name)s” is not a language of this call. Use %(known)s, or add it to “languages” at the top.",
        name=name[:60],
        known=", ".join(languages),
    )


def _read_condition(data: object, path: Path, reading: Reading) -> object:
    try:
        return load_condition(data, path)
    except WrongData as wrong:
        for place, message in wrong.errors:
            reading.fail(place, message, "" if place[-1:] == (1,) else _SAY_WHAT)
        return UNREAD


_SAY_WHAT = _("Choose what it looks at, how it is compared, and at least one answer.")


def _read_value(hint: object, data: object, path: Path, reading: Reading) -> object:
    if isinstance(data, Mapping | list):
        reading.fail(path, _("Write one value here, not a list or a group."))
        return UNREAD
    if data is None:
        message = _("There is nothing here. Write a value after the colon.")
        reading.fail(path, message, _("Please fill this in."))
        return UNREAD
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _read_choice(hint, str(data), path, reading)
    reader: Callable[[object], object] = READERS[hint]
    try:
        return reader(data)
    except WrongValue as wrong:
        reading.fail(path, wrong.message)
        return UNREAD


def _read_choice(choices: type[StrEnum], text: str, path: Path, reading: Reading) -> object:
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        reading.fail(
            path, _("“%(text)s” cannot stand here. Use one of: %(known)s.", text=text[:60], known=known)
        )
        return UNREAD
