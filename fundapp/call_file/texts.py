"""Every text that a person wrote in a call, as a unit with an id that survives reordering.

Works on plain data, so that a call that is not whole yet has units too. What was said in co-design and the
reasons that a named person publishes are left out: they are written in each language where they are given.
"""

from __future__ import annotations

import copy
import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from forms.languages import is_language_code

Content = Mapping[str, object]
Path = tuple[str | int, ...]

LEFT_OUT = (("codesign", "sessions"), ("codesign", "points"), ("asked_anyway",))
# Lists whose items are known everywhere by their key, with the name that references use.
ROOTS: Mapping[tuple[str, ...], str] = {
    ("eligibility",): "question",
    ("form", "sections", "questions"): "question",
    ("ring_fences",): "ring_fence",
    ("assessment", "criteria"): "criterion",
    ("strands",): "strand",
    ("rounds",): "round",
    ("panel", "seats"): "seat",
    ("awards", "checks"): "check",
    ("awards", "payment_plans"): "payment_plan",
    ("monitoring", "check_ins"): "check_in",
    ("support",): "support",
}
WITHOUT_KEY = "~"
ALIKE = 0.5  # from so much on a text is an edited one, and not another
MOST_LEFT_OVER = 200  # so many are compared with the texts of the call, which waits meanwhile


class TextPart(StrEnum):
    """What a text is about, where that decides who may write it."""

    ELIGIBILITY = "eligibility"
    SAFETY = "safety"  # safety, consent and declarations
    OTHER = "other"


@dataclass(frozen=True)
class Unit:
    """`path` leads to the mapping of languages in the data; `stem` is the id without what tells items of a
    list without keys apart."""

    id: str
    path: Path
    texts: Mapping[str, str]
    source_language: str
    part: TextPart
    stem: str

    @property
    def source(self) -> str:
        return self.texts.get(self.source_language) or next(iter(self.texts.values()), "")

    @property
    def is_sensitive(self) -> bool:
        return self.part is not TextPart.OTHER


def units_of(content: Content) -> list[Unit]:
    """In the order of the content; the first of its languages is the source."""
    languages = languages_of(content)
    source = languages[0] if languages else "en"
    found: dict[str, Unit] = {}
    for place in _walk(content, _Place()):
        number, unit_id = 1, place.id
        while unit_id in found:
            number += 1
            unit_id = f"{place.id}{WITHOUT_KEY}{number}"
        texts = _texts_in(content, place.path)
        found[unit_id] = Unit(unit_id, place.path, texts, source, _part_of(content, place.path), place.stem)
    return list(found.values())


def languages_of(content: Content) -> tuple[str, ...]:
    named = content.get("languages")
    return tuple(each for each in named if is_language_code(each)) if isinstance(named, list) else ()


def with_texts(content: Content, language: str, texts: Mapping[str, str]) -> dict[str, object]:
    """A copy in which these units (by id) have these texts, and the language is one of the call's."""
    changed = copy.deepcopy(dict(content))
    languages = list(languages_of(content))
    if language not in languages:
        languages.append(language)
        changed["languages"] = languages
    for unit in units_of(content):
        if unit.id in texts:
            written = _texts_in(changed, unit.path) | {language: texts[unit.id]}
            ordered = {code: written[code] for code in languages if code in written}
            _put(changed, unit.path, ordered | written)
    return changed


def source_digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]


class Kept(Protocol):
    """Something that was made for a unit, and from which words."""

    @property
    def unit(self) -> str: ...
    @property
    def source(self) -> str: ...


K = TypeVar("K", bound=Kept)


def attached(units: Sequence[Unit], kept: Iterable[K]) -> dict[str, K]:
    """What belongs to which unit: by its id; in lists without keys, where an edit gives another id, what is
    left over belongs to the unit whose words are most like those it was made from."""
    by_id = {each.unit: each for each in kept}
    found = {unit.id: by_id.pop(unit.id) for unit in units if unit.id in by_id}
    waiting = [unit for unit in units if unit.id not in found and WITHOUT_KEY in unit.stem]
    if not waiting or not by_id:
        return found
    stems = {unit.stem for unit in waiting}
    left = [each for each in by_id.values() if stem_of(each.unit) in stems]
    for _likeness, _place, kept_id, unit_id in sorted(_alike(waiting, left[:MOST_LEFT_OVER])):
        if kept_id in by_id and unit_id not in found:
            found[unit_id] = by_id.pop(kept_id)
    return found


def _alike(waiting: Sequence[Unit], left: Sequence[K]) -> Iterator[tuple[float, int, str, str]]:
    """Pairs of the same list, those most alike first once they are sorted; what is cheap is asked first."""
    for place, unit in enumerate(waiting):
        matcher = difflib.SequenceMatcher(None, "", unit.source)
        for each in left:
            if stem_of(each.unit) != unit.stem:
                continue
            if each.source == unit.source:
                yield -1.0, place, each.unit, unit.id
                continue
            matcher.set_seq1(each.source)
            if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
                continue
            if (likeness := matcher.ratio()) >= ALIKE:
                yield -likeness, place, each.unit, unit.id


def stem_of(unit_id: str) -> str:
    return "/".join(
        WITHOUT_KEY if step.startswith(WITHOUT_KEY) else step.partition(WITHOUT_KEY)[0]
        for step in unit_id.split("/")
    )


@dataclass(frozen=True)
class _Place:
    path: Path = ()
    names: tuple[str, ...] = ()  # the path without what tells items apart
    steps: tuple[str, ...] = ()  # of the id

    @property
    def id(self) -> str:
        return "/".join(self.steps)

    @property
    def stem(self) -> str:
        return stem_of(self.id)

    def into(self, name: str) -> _Place:
        names = (*self.names, name)
        steps = self.steps if names == ("eligibility", "question") else (*self.steps, name)
        return _Place((*self.path, name), names, steps)

    def at(self, index: int, mark: str) -> _Place:
        root = None if mark.startswith(WITHOUT_KEY) else ROOTS.get(self.names)
        steps = (f"{root}:{mark}",) if root else (*self.steps, mark)
        return _Place((*self.path, index), self.names, steps)


def _walk(value: object, place: _Place) -> Iterator[_Place]:
    if _is_text(value):
        yield place
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(name, str) and (*place.names, name) not in LEFT_OUT:
                yield from _walk(inner, place.into(name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, place.at(index, _mark(item)))


def _is_text(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(is_language_code(name) and isinstance(text, str) for name, text in value.items())
    )


def _mark(item: object) -> str:
    """What an item of a list is known by: its key, its level or its kind; else by what it says."""
    if isinstance(item, Mapping) and not _is_text(item):
        question = item.get("question")
        key = item.get("key") or (question.get("key") if isinstance(question, Mapping) else None)
        if isinstance(key, str):
            return _as_step(key)
        if isinstance(item.get("level"), str | int):
            return f"level_{_as_step(str(item['level']))}"
        if isinstance(item.get("starts"), str) and isinstance(item.get("kind"), str):
            return _as_step(str(item["kind"]))
    bare = _without_texts(item)
    said = json.dumps(item if bare is None else bare, sort_keys=True, ensure_ascii=True, default=str)
    if _is_text(item) and isinstance(item, Mapping):
        said = next(iter(item.values()))
    return f"{WITHOUT_KEY}{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _as_step(key: str) -> str:
    return key.replace("/", "_").replace(WITHOUT_KEY, "_")[:40]


def _without_texts(value: object) -> object:
    """What stays of an item when its texts are taken out; None for nothing."""
    if _is_text(value):
        return None
    if isinstance(value, Mapping):
        kept = {name: left for name, inner in value.items() if (left := _without_texts(inner)) is not None}
        return kept or None
    if isinstance(value, list):
        return [left for inner in value if (left := _without_texts(inner)) is not None] or None
    return value


def _part_of(content: Content, path: Path) -> TextPart:
    match path:
        case ("eligibility", *_) | ("strands", int(), "who"):
            return TextPart.ELIGIBILITY
        case ("awards", "checks", *_):
            return TextPart.SAFETY
        case ("form", "sections", int() as index, *_):
            section = _find(content, ("form", "sections", index))
            if isinstance(section, Mapping) and section.get("about_safety") in (True, "yes", "true"):
                return TextPart.SAFETY
    return TextPart.OTHER


def _find(content: object, path: Path) -> object:
    for step in path:
        content = content[step]  # type: ignore[index]
    return content


def _texts_in(content: object, path: Path) -> dict[str, str]:
    return dict(_find(content, path))  # type: ignore[call-overload, no-any-return]


def _put(content: dict[str, object], path: Path, texts: dict[str, str]) -> None:
    _find(content, path[:-1])[path[-1]] = texts  # type: ignore[index]
