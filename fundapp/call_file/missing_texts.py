"""Which texts of a call are not there in one of its languages yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.problems import Path
from fundapp.call_file.schema import SAID_IN_ANY_LANGUAGE


@dataclass(frozen=True)
class MissingText:
    path: Path
    language: str


def missing_texts(definition: CallDefinition) -> Iterator[MissingText]:
    """In the order of the file. What was said in co-design may be in one language only."""
    for path, text in texts_in(definition, ()):
        if path[:2] not in SAID_IN_ANY_LANGUAGE:
            for language in definition.languages:
                if language not in text.languages:
                    yield MissingText(path, language)


def texts_in(part: object, path: Path) -> Iterator[tuple[Path, LocalizedText]]:
    """Every text below a part of a call, with its place."""
    if isinstance(part, LocalizedText):
        yield path, part
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from texts_in(item, (*path, index))
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        for each in dataclasses.fields(part):
            yield from texts_in(getattr(part, each.name), (*path, each.name))
