"""YAML text to plain data with places. Values stay texts, so `no` is a word and 12:00 is a time.

Only the plain part of YAML is read: no aliases, anchors, tags or several documents, nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from forms.i18n import _
from fundapp.call_file.problems import CallFileError, CallFileErrors, Path, Places

LARGEST_FILE = 2_000_000  # characters
DEEPEST = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Parsed:
    """`errors` are those after which the shape of the rest is still clear."""

    data: object = None
    places: Places = field(default_factory=Places)
    errors: list[CallFileError] = field(default_factory=list)
    spoilt: set[Path] = field(default_factory=set)  # parts that are wrong already as YAML

    def is_spoilt(self, path: Path) -> bool:
        return any(path[:length] in self.spoilt for length in range(len(path) + 1))


def parse(text: str) -> Parsed:
    """Raises CallFileErrors when the text cannot be read to its end."""
    text = text.removeprefix("\ufeff")
    errors = list(_errors_of_characters(text))
    if errors:
        raise CallFileErrors(errors[:50])
    tree = _Tree()
    try:
        tree.parsed.data = tree.read(yaml.parse(text, Loader=_Loader))
    except _TooDeep as error:
        message = _("There are too many groups inside groups here.")
        tree.stop_at(CallFileError(error.line, error.column, "", str(message)))
    except yaml.YAMLError as error:
        tree.stop_at(_in_our_words(error))
    return tree.parsed


def _errors_of_characters(text: str) -> Iterator[CallFileError]:
    if len(text) > LARGEST_FILE:
        yield CallFileError(
            0, 0, "", str(_("This file is too large. The most we read is %(n)s characters.", n=LARGEST_FILE))
        )
        return
    for number, line in enumerate(text.split("\n"), start=1):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indent:
            message = _("This line starts with a tab. Use spaces instead, two for each step inwards.")
            yield CallFileError(number, indent.index("\t") + 1, "", str(message))
        column = next((at for at, sign in enumerate(line, start=1) if _is_unreadable(sign)), None)
        if column is not None:
            message = _("There is a character here that we cannot store. Write this line again.")
            yield CallFileError(number, column, "", str(message))


def _is_unreadable(sign: str) -> bool:
    """Control characters, halves of surrogate pairs, and signs that no text needs."""
    code = ord(sign)
    return (
        (code < 0x20 and sign not in "\t\r")
        or 0x7F <= code <= 0x9F
        or 0xD800 <= code <= 0xDFFF
        or code in {0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF}
    )


class _TooDeep(Exception):
    def __init__(self, line: int, column: int) -> None:
        super().__init__()
        self.line = line
        self.column = column


class _Tree:
    """Builds data from YAML events; keeps reading after an error that leaves the shape clear."""

    def __init__(self) -> None:
        self.parsed = Parsed()

    def read(self, events: Iterator[yaml.Event]) -> object:
        documents: list[object] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if documents:
                    self.fail(event, str(_("A second document starts here. Put one call in one file.")))
                    break
                documents.append(self.value(next(events), events, ()))
        if not documents:
            self.stop_at(CallFileError(1, 1, "", str(_("The file is empty."))))
        return documents[0]

    def stop_at(self, error: CallFileError) -> NoReturn:
        raise CallFileErrors([*self.parsed.errors, error])

    def fail(self, event: yaml.Event, message: str, spoilt: Path | None = None) -> None:
        line, column = _mark(event)
        self.parsed.errors.append(CallFileError(line, column, "", message))
        if spoilt is not None:
            self.parsed.spoilt.add(spoilt)

    def value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> object:
        self.parsed.places.marks.setdefault(path, _mark(event))
        if len(path) > DEEPEST:
            raise _TooDeep(*_mark(event))
        if isinstance(event, yaml.AliasEvent):
            self.fail(event, str(_("Do not use * to repeat a part. Write the part out again.")), path)
            return None
        self._refuse_extras(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return _scalar(event)

    def _refuse_extras(self, event: yaml.Event, path: Path) -> None:
        if getattr(event, "anchor", None):
            self.fail(
                event, str(_("Do not use & to name a part. Put texts that start with & in quotation marks."))
            )
        if getattr(event, "tag", None):
            self.fail(
                event, str(_("Do not use ! here. Put texts that start with ! in quotation marks.")), path
            )

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = _scalar(event) if isinstance(event, yaml.ScalarEvent) else None
            if key is None:
                self.fail(event, str(_("Write a name here, then a colon.")))
                self.value(event, events, (*path, "?"))
                self.value(next(events), events, (*path, "?"))
                continue
            if key in result:
                message = _(
                    "“%(name)s” is written twice in this group; first in line %(line)s. Remove one.",
                    name=key[:60],
                    line=self.parsed.places.marks[(*path, key)][0],
                )
                self.fail(event, str(message))
                self.value(next(events), events, (*path, key))
                continue
            self.parsed.places.marks[(*path, key)] = _mark(event)
            result[key] = self.value(next(events), events, (*path, key))
        return result

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> list[object]:
        result: list[object] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            result.append(self.value(event, events, (*path, len(result))))
        return result


def _scalar(event: yaml.Event) -> str | None:
    text = str(getattr(event, "value", ""))
    is_plain = not getattr(event, "style", None)
    return None if is_plain and text in {"", "~", "null"} else text


def _mark(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _in_our_words(error: yaml.YAMLError) -> CallFileError:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return CallFileError(line, column, "", _advice(f"{getattr(error, 'context', '')} {error}"))


def _advice(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return str(
            _(
                "There is a colon here where a value should be. Put a text with a colon in quotation marks, "
                "and check that names of one group start in the same column."
            )
        )
    if "escape" in problem:
        return str(_("Take the backslash (\\) away, or put the text in single quotation marks."))
    if "quoted scalar" in problem:
        return str(_("A quotation mark is opened before this place and never closed."))
    if "expected ':'" in problem:
        return str(_("A name in this line or the line before has no colon after it."))
    if "flow" in problem:
        return str(_("A bracket is opened before this place and never closed, or a comma is missing."))
    if "cannot start any token" in problem:
        return str(_("Put this text in quotation marks: it starts with a sign that has a special meaning."))
    return str(
        _(
            "The file cannot be read from here on. Check that the names of one group start in the same "
            "column, that each name has a colon and a space after it, that each item of a list starts "
            "with a dash, and that each quotation mark is closed."
        )
    )
