"""Everything that is wrong with a piece of authored data, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

DataPath = tuple[str | int, ...]
Problem = tuple[DataPath, str]


class WrongData(ValueError):
    """`errors` holds (path, what to write instead), all at once, in the order of the data."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        self.errors: list[Problem] = list(errors)
        super().__init__("; ".join(f"{readable_path(path)}: {message}" for path, message in self.errors))


def readable_path(path: DataPath) -> str:
    """`("sections", 0, "title")` becomes `sections → 1 → title`: people count from one."""
    return " → ".join(str(part + 1) if isinstance(part, int) else part for part in path) or "·"
