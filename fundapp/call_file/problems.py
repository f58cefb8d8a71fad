"""What can be wrong in a call file, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """Found at a place inside the data; the words are shown to the person who wrote the file.

    `on_page` says it to somebody who fills in pages, where the message speaks of lines and names of the file.
    """

    path: Path
    message: str
    on_page: str = ""

    @property
    def words(self) -> str:
        return self.on_page or self.message


@dataclass(frozen=True)
class CallFileError:
    """`line` and `column` start at 1; both are 0 when there is no text to point into."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class CallFileErrors(Exception):
    """Everything that is wrong with the file, in the order of the file."""

    def __init__(self, errors: Iterable[CallFileError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass
class Places:
    """Where each part of the data stands in the text."""

    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def find(self, path: Path) -> tuple[int, int]:
        """The place of the nearest part that is written down."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (0, 0))


def readable_path(path: Path, data: object) -> str:
    """`assessment → criteria → C3 → weight`: items of a list are called by their own key."""
    names: list[str] = []
    here: object = data
    for step in path:
        here = _step_into(here, step)
        names.append(_name_of_item(here, step) if isinstance(step, int) else step)
    return " → ".join(names)


def _step_into(data: object, step: str | int) -> object:
    if isinstance(step, str) and isinstance(data, Mapping):
        return data.get(step)
    if (
        isinstance(step, int)
        and isinstance(data, Sequence)
        and not isinstance(data, str)
        and step < len(data)
    ):
        return data[step]
    return None


def _name_of_item(item: object, position: int) -> str:
    if isinstance(item, Mapping):
        question = item.get("question")
        named = question if isinstance(question, Mapping) else item
        for name in ("key", "kind", "level", "month"):
            if isinstance(named.get(name), str | int):
                return str(named[name])
    return f"number {position + 1}"


def errors_of(
    problems: Iterable[Problem],
    data: object,
    places: Places | None = None,
    *,
    also: Iterable[CallFileError] = (),
) -> CallFileErrors:
    """With lines where there is a text, sorted as in the file, each said once."""
    found = list(also)
    for problem in problems:
        line, column = places.find(problem.path) if places else (0, 0)
        found.append(CallFileError(line, column, readable_path(problem.path, data), problem.message))
    unique = dict.fromkeys(found)
    return CallFileErrors(sorted(unique, key=lambda error: (error.line, error.column)))
