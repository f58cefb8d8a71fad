"""docs/call-file.md names every part, every name and every word of the format, and nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

from forms.conditions import Condition, Operator
from forms.localized import LocalizedText
from fundapp.call_file import CallDefinition
from fundapp.call_file.checks.one_question import CARRIED
from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.ring_fences import Fact
from fundapp.call_file.schema import fields_of
from fundapp.call_file.timetable import StepKind

DOCUMENT = (Path(__file__).parents[2] / "docs" / "call-file.md").read_text(encoding="utf-8")


def parts_of_the_format() -> dict[str, type]:
    """Each dataclass at the place where it is first used, such as `money.lines[]`."""
    found: dict[type, str] = {}

    def visit(part: type, path: str) -> None:
        found[part] = path
        for name, wanted in fields_of(part).items():
            for inner, is_list in types_in(wanted.hint):
                if dataclasses.is_dataclass(inner) and inner not in (LocalizedText, Condition, *found):
                    visit(inner, f"{path}.{name}".lstrip(".") + "[]" * is_list)

    visit(CallDefinition, "")
    return {path: part for part, path in found.items()}


def types_in(hint: object, is_list: bool = False) -> Iterator[tuple[type, bool]]:
    if isinstance(hint, type):
        yield hint, is_list
    for inner in get_args(hint):
        yield from types_in(inner, is_list or getattr(hint, "__origin__", None) is tuple)


def documented_rows() -> dict[str, dict[str, list[str]]]:
    """path → name → the other cells of its row."""
    rows: dict[str, dict[str, list[str]]] = {}
    path: str | None = None
    for line in DOCUMENT.splitlines():
        if line == "## The call":
            path = ""
        elif line.startswith("### `"):
            path = line.removeprefix("### `").removesuffix("`")
        elif line.startswith("## "):
            path = None
        elif path is not None and line.startswith("| `"):
            name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            rows.setdefault(path, {})[name.strip("`")] = cells
    return rows


def test_every_part_and_every_name_is_documented_in_order():
    assert {path: list(names) for path, names in documented_rows().items()} == {
        path: list(fields_of(part)) for path, part in parts_of_the_format().items()
    }


def test_what_must_be_there_is_documented_as_it_is():
    documented = {
        (path, name): cells[0] for path, names in documented_rows().items() for name, cells in names.items()
    }
    assert documented == {
        (path, name): "yes" if wanted.is_required else "no"
        for path, part in parts_of_the_format().items()
        for name, wanted in fields_of(part).items()
    }


def test_every_word_that_can_stand_somewhere_is_documented_there():
    rows = documented_rows()
    missing = [
        (path, name, word.value)
        for path, part in parts_of_the_format().items()
        for name, wanted in fields_of(part).items()
        for words, _is_list in types_in(wanted.hint)
        if issubclass(words, StrEnum)
        for word in words
        if f"`{word}`" not in " ".join(rows[path][name])
    ]

    assert missing == []


def test_words_of_conditions_references_and_carried_values_are_documented():
    rows = documented_rows()

    assert [word for word in Operator if not re.search(rf"^\| `{word}:", DOCUMENT, re.MULTILINE)] == []
    assert [fact for fact in Fact if f"`{fact}`" not in rows["ring_fences[]"]["who"][1]] == []
    assert [
        kind for kind in ReferenceKind if f"`{kind}`" not in rows["codesign.points[]"]["changed"][1]
    ] == []
    assert [name for name in CARRIED if f"`{name}`" not in rows["eligibility[].question"]["carries"][1]] == []


def test_the_steps_of_a_round_are_documented_in_the_order_of_time():
    row = documented_rows()["rounds[].timetable[]"]["kind"][1]

    assert re.findall(r"`(\w+)`", row) == list(StepKind)
