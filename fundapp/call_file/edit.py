"""Changing a call while it is still plain data, perhaps with problems. Nothing here changes what it is given.

A part with a key is named by a reference such as "question:Q5"; every part has a path such as
("assessment", "criteria", 0).
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.problems import Path

Content = dict[str, Any]
EACH = "*"

# Where the parts of each kind stand; EACH is every item of a list.
PLACES: Mapping[str, tuple[Path, ...]] = {
    ReferenceKind.QUESTION: (("form", "sections", EACH, "questions"), ("eligibility",)),
    ReferenceKind.RING_FENCE: (("ring_fences",),),
    ReferenceKind.CRITERION: (("assessment", "criteria"),),
    ReferenceKind.STRAND: (("strands",),),
    ReferenceKind.ROUND: (("rounds",),),
    ReferenceKind.CHECK: (("awards", "checks"),),
    ReferenceKind.PAYMENT_PLAN: (("awards", "payment_plans"),),
    ReferenceKind.SEAT: (("panel", "seats"),),
    ReferenceKind.CHECK_IN: (("monitoring", "check_ins"),),
    ReferenceKind.SUPPORT: (("support",),),
    "section": (("form", "sections"),),
    "clause": (("awards", "clauses"),),
    "theme": (("themes",),),
    "money_line": (("money", "lines"),),
    "check_in_question": (("monitoring", "questions"),),
    "feedback_question": (("monitoring", "funder_feedback", "questions"),),
}


def digest_of_data(content: object) -> str:
    """The same for the same content, in whatever order its names stand."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def key_of(item: object) -> str | None:
    """The key of a part; that of its question for a question of the eligibility check."""
    if not isinstance(item, Mapping):
        return None
    question = item.get("question")
    key = item.get("key", question.get("key") if isinstance(question, Mapping) else None)
    return key if isinstance(key, str) else None


def lists_of(content: object, kind: str) -> Iterator[Path]:
    """The paths of the lists in which parts of this kind stand."""
    for place in PLACES.get(kind, ()):
        yield from _spelt_out(content, place, ())


def path_of(content: object, reference: str) -> Path | None:
    """Where the part stands; None when there is none. An eligibility question is found with its outcomes
    around it: its own fields stand below "question"."""
    kind, _colon, key = reference.partition(":")
    for place in lists_of(content, kind):
        for index, item in enumerate(at(content, place)):
            if key_of(item) == key:
                return (*place, index)
    return None


def fields_path_of(content: object, reference: str) -> Path | None:
    """Like `path_of`, but where the fields of the part itself stand."""
    path = path_of(content, reference)
    if path is None:
        return None
    part = at(content, path)
    return (*path, "question") if "key" not in part and "question" in part else path


def references_in(content: object) -> Iterator[str]:
    """Every part with a key, as references."""
    for kind in PLACES:
        for place in lists_of(content, kind):
            for item in at(content, place):
                key = key_of(item)
                if key is not None:
                    yield f"{kind}:{key}"


def at(content: object, path: Path) -> Any:
    """What stands at a path. Raises LookupError."""
    here: Any = content
    for step in path:
        if isinstance(step, str) and not isinstance(here, Mapping):
            raise LookupError(step)
        if isinstance(step, int) and not isinstance(here, list):
            raise LookupError(step)
        here = here[step]
    return here


def find(content: object, path: Path) -> Any:
    """What stands at a path, or None."""
    try:
        return at(content, path)
    except LookupError:
        return None


def replaced(content: Content, path: Path, value: object) -> Content:
    """With another value at a path; None takes away a field of a group. Raises LookupError."""
    changed = copy.deepcopy(content)
    around = _around(changed, path)
    if value is None and isinstance(around, dict):
        around.pop(path[-1], None)
    else:
        around[path[-1]] = copy.deepcopy(value)
    return changed


def added(content: Content, place: Path, item: object, position: int | None = None) -> Content:
    """With one more item in a list, at the end where no position is given. Raises LookupError."""
    changed = copy.deepcopy(content)
    items = find(changed, place)
    if items is None:
        items = _around(changed, place)[place[-1]] = []
    if not isinstance(items, list):
        raise LookupError(place)
    items.insert(len(items) if position is None else position, copy.deepcopy(item))
    return changed


def removed(content: Content, path: Path) -> Content:
    """Without the item of a list or the field of a group at this path. Raises LookupError."""
    changed = copy.deepcopy(content)
    at(changed, path)
    del _around(changed, path)[path[-1]]
    return changed


def moved(content: Content, path: Path, steps: int) -> Content:
    """With an item of a list so many places further on; never beyond the ends. Raises LookupError."""
    changed = copy.deepcopy(content)
    place, index = path[:-1], path[-1]
    items = at(changed, place)
    if not isinstance(index, int) or not isinstance(items, list):
        raise LookupError(index)
    item = items.pop(index)
    items.insert(max(0, min(len(items), index + steps)), item)
    return changed


def next_key(content: object, kind: str, letters: str) -> str:
    """Q13 where the last one is Q12; never the key of another part of this kind."""
    taken = {key for place in lists_of(content, kind) for item in at(content, place) if (key := key_of(item))}
    return next(key for number in count(1) if (key := f"{letters}{number}") not in taken)


def _around(content: Content, path: Path) -> Any:
    around = at(content, path[:-1])
    if not isinstance(around, dict | list):
        raise LookupError(path[-1])
    return around


def _spelt_out(here: object, place: Path, so_far: Path) -> Iterator[Path]:
    if not place:
        if isinstance(here, list):
            yield so_far
        return
    step, rest = place[0], place[1:]
    if step == EACH:
        if isinstance(here, list):
            for index, item in enumerate(here):
                yield from _spelt_out(item, rest, (*so_far, index))
    elif isinstance(here, Mapping) and step in here:
        yield from _spelt_out(here[step], rest, (*so_far, step))
