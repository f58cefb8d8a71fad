"""Where a part of a call is used by other parts, so that nothing in use is taken away unnoticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.edit import find, key_of, lists_of
from fundapp.call_file.problems import Path
from fundapp.call_file.ring_fences import Fact

_OF_FACT = {ReferenceKind.STRAND.value: Fact.STRAND, "theme": Fact.THEME}


class UseKind(StrEnum):
    """What the other part does with it."""

    ASK_IF = "ask_if"  # a question is asked only if …
    OUTCOME = "outcome"  # of the eligibility check
    BY_AND_FOR = "by_and_for"
    COPIED_FROM = "copied_from"
    CRITERIA = "criteria"  # a question gives answers for this criterion
    TIE_BREAK = "tie_break"
    RING_FENCE = "ring_fence"
    PAYMENT_PLAN = "payment_plan"
    READERS = "readers"
    POINT = "point"  # of the co-design record


@dataclass(frozen=True)
class Use:
    """`by` is the key of the part that uses it, "" where that has none; `path` is where it says so."""

    kind: UseKind
    by: str
    path: Path


def uses_of(content: Mapping[str, object], reference: str) -> list[Use]:
    """Every place that refers to the part, in the order of the pages."""
    kind, _colon, key = reference.partition(":")
    found = [*_in_conditions(content, kind, key), *_by_name(content, kind, key)]
    for index, point in _numbered(content, ("codesign", "points")):
        if reference in (_list_in(point, "changed")):
            found.append(Use(UseKind.POINT, key_of(point) or "", ("codesign", "points", index, "changed")))
    return found


def _in_conditions(content: Mapping[str, object], kind: str, key: str) -> Iterator[Use]:
    if kind == ReferenceKind.QUESTION:
        for use, condition in _conditions_on_questions(content):
            if _asks_about(condition, key):
                yield use
    elif kind in _OF_FACT:
        for index, fence in _numbered(content, ("ring_fences",)):
            if _asks_about(fence.get("who"), _OF_FACT[kind].value, key):
                yield Use(UseKind.RING_FENCE, key_of(fence) or "", ("ring_fences", index, "who"))


def _conditions_on_questions(content: Mapping[str, object]) -> Iterator[tuple[Use, object]]:
    for place in lists_of(content, ReferenceKind.QUESTION):
        for index, item in _numbered(content, place):
            inner: Path = ("question",) if isinstance(item.get("question"), Mapping) else ()
            path = (*place, index, *inner, "ask_if")
            yield Use(UseKind.ASK_IF, key_of(item) or "", path), find(content, path)
            for number, rule in _numbered(item, ("outcomes",)):
                rule_path = (*place, index, "outcomes", number, "when")
                yield Use(UseKind.OUTCOME, key_of(item) or "", rule_path), rule.get("when")
    for name in ("confirmable_if", "talk_if"):
        yield Use(UseKind.BY_AND_FOR, "", ("by_and_for", name)), find(content, ("by_and_for", name))


def _by_name(content: Mapping[str, object], kind: str, key: str) -> Iterator[Use]:
    match kind:
        case ReferenceKind.QUESTION | ReferenceKind.CRITERION:
            yield from _by_questions(content, kind, key)
        case ReferenceKind.SEAT:
            if key in _list_in(find(content, ("assessment",)), "readers_from"):
                yield Use(UseKind.READERS, "", ("assessment", "readers_from"))
        case ReferenceKind.STRAND:
            for index, plan in _numbered(content, ("awards", "payment_plans")):
                if key in _list_in(plan, "strands"):
                    path: Path = ("awards", "payment_plans", index, "strands")
                    yield Use(UseKind.PAYMENT_PLAN, key_of(plan) or "", path)
        case ReferenceKind.RING_FENCE | ReferenceKind.ROUND:
            yield from _by_ring_fences(content, kind, key)
    if kind == ReferenceKind.CRITERION:
        for index, tie_break in _numbered(content, ("assessment", "tie_breaks")):
            if tie_break.get("criterion") == key:
                yield Use(UseKind.TIE_BREAK, "", ("assessment", "tie_breaks", index, "criterion"))


def _by_questions(content: Mapping[str, object], kind: str, key: str) -> Iterator[Use]:
    for place in lists_of(content, ReferenceKind.QUESTION):
        for index, item in _numbered(content, place):
            by = key_of(item) or ""
            if kind == ReferenceKind.QUESTION and item.get("copied_from") == key:
                yield Use(UseKind.COPIED_FROM, by, (*place, index, "copied_from"))
            if kind == ReferenceKind.CRITERION and key in _list_in(item, "criteria"):
                yield Use(UseKind.CRITERIA, by, (*place, index, "criteria"))


def _by_ring_fences(content: Mapping[str, object], kind: str, key: str) -> Iterator[Use]:
    for index, fence in _numbered(content, ("ring_fences",)):
        path: Path = ("ring_fences", index)
        by, release = key_of(fence) or "", find(fence, ("release",)) or {}
        if kind == ReferenceKind.RING_FENCE:
            if fence.get("part_of") == key:
                yield Use(UseKind.RING_FENCE, by, (*path, "part_of"))
            if find(release, ("moves_to",)) == key:
                yield Use(UseKind.RING_FENCE, by, (*path, "release", "moves_to"))
            continue
        if find(release, ("after_round",)) == key:
            yield Use(UseKind.RING_FENCE, by, (*path, "release", "after_round"))
        for number, least in _numbered(fence, ("minimum_by_round",)):
            if least.get("round") == key:
                yield Use(UseKind.RING_FENCE, by, (*path, "minimum_by_round", number, "round"))


def _asks_about(condition: object, fact: str, value: str | None = None) -> bool:
    """Whether a condition, as plain data, looks at this fact (and compares it with this value)."""
    if isinstance(condition, list):
        return any(_asks_about(part, fact, value) for part in condition)
    if not isinstance(condition, Mapping):
        return False
    for operator, inner in condition.items():
        if operator in ("all", "any", "not"):
            if _asks_about(inner, fact, value):
                return True
        elif operator == "answered":
            if inner == fact and value is None:
                return True
        elif isinstance(inner, list) and inner[:1] == [fact] and (value is None or value in inner[1:]):
            return True
    return False


def _numbered(content: object, place: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The items of a list that are groups, each with its position."""
    items = find(content, place)
    if isinstance(items, list):
        yield from ((index, item) for index, item in enumerate(items) if isinstance(item, Mapping))


def _list_in(item: object, name: str) -> list[object]:
    value = item.get(name) if isinstance(item, Mapping) else None
    return value if isinstance(value, list) else []
