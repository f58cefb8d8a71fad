"""What is different between two contents of calls, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fundapp.call_file.edit import find, key_of
from fundapp.call_file.problems import Path

NAMES = ("kind", "level", "month")


@dataclass(frozen=True)
class Difference:
    """`before` or `after` is None where a thing is only on one side. `path` leads into the newer content,
    or into the older one for what was taken away."""

    path: Path
    before: object
    after: object


def differences(before: object, after: object, path: Path = ()) -> Iterator[Difference]:
    """Items of lists with keys are compared with the item of the same key, wherever it stands."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*after, *before)):
            yield from differences(before.get(name), after.get(name), (*path, str(name)))
    elif _has_keys(before) and _has_keys(after):
        yield from _in_lists(before, after, path)
    else:
        yield Difference(path, before, after)


def _has_keys(items: object) -> bool:
    return isinstance(items, list) and all(_identity(item) is not None for item in items)


def _identity(item: object) -> object:
    """What tells an item of a list from the others, whatever else is changed in it."""
    return key_of(item) or next((find(item, (name,)) for name in NAMES if find(item, (name,))), None)


def _in_lists(before: object, after: object, path: Path) -> Iterator[Difference]:
    old = {_identity(item): item for item in before} if isinstance(before, list) else {}
    new = {_identity(item): item for item in after} if isinstance(after, list) else {}
    for index, (key, item) in enumerate(new.items()):
        yield from differences(old.get(key), item, (*path, index))
    for index, (key, item) in enumerate(old.items()):
        if key not in new:
            yield Difference((*path, index), item, None)
