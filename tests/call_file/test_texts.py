"""Every text of a call is a unit, and its id stays when other things move."""

from __future__ import annotations

import copy
import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from forms.localized import LocalizedText
from fundapp.call_file import from_data, read_call, reference_call, to_data
from fundapp.call_file.texts import MOST_LEFT_OVER, TextPart, attached, units_of, with_texts


def reference() -> dict[str, Any]:
    return to_data(reference_call())


def all_texts(value: object) -> Iterator[LocalizedText]:
    if isinstance(value, LocalizedText):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from all_texts(item)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from all_texts(getattr(value, each.name))


def test_every_text_but_the_record_of_co_design_is_a_unit() -> None:
    call = reference_call()
    apart = dataclasses.replace(call.codesign, sessions=(), points=())

    units = units_of(to_data(call))

    known = sorted(text.in_language("en") for text in all_texts(dataclasses.replace(call, codesign=apart)))
    assert sorted(unit.source for unit in units) == known
    assert len({unit.id for unit in units}) == len(units)


def test_ids_name_the_part_and_not_its_place() -> None:
    ids = {unit.id for unit in units_of(reference())}

    assert {
        *("question:Q5/label", "question:E9/label", "question:S3/choices/A/label", "criterion:C3/title"),
        *("criterion:C3/anchors/level_2/text", "round:1/timetable/opens/label", "check_in:welcome/what"),
        *("title", "money/lines/grants/label", "ring_fence:BYFOR/rule"),
    } <= ids


def test_parts_of_a_list_and_their_choices_are_units() -> None:
    text = (Path(__file__).parent / "small-call.yaml").read_text(encoding="utf-8")

    ids = [unit.id for unit in units_of(to_data(read_call(text))) if unit.id.startswith("question:Q3/")]

    assert ids[:5] == [
        "question:Q3/label",
        "question:Q3/why_we_ask",
        "question:Q3/parts/name/label",
        "question:Q3/parts/role/label",
        "question:Q3/parts/role/choices/chair/label",
    ]


def shuffled(value: object, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: shuffled(inner, chance) for name, inner in value.items()}
    if isinstance(value, list):
        items = [shuffled(item, chance) for item in value]
        if items and isinstance(items[0], dict):
            chance.shuffle(items)
        return items
    return value


def test_ids_survive_any_order() -> None:
    content = reference()
    texts = {unit.id: unit.source for unit in units_of(content)}

    for seed in range(5):
        again = {unit.id: unit.source for unit in units_of(shuffled(content, random.Random(seed)))}
        assert again == texts


def test_a_question_keeps_its_units_in_another_section() -> None:
    content = reference()
    sections = content["form"]["sections"]
    before = {unit.id for unit in units_of(content)}

    sections[-1]["questions"].append(sections[1]["questions"].pop(0))

    assert {unit.id for unit in units_of(content)} == before


@dataclasses.dataclass(frozen=True)
class Row:
    unit: str
    source: str


def test_an_edited_text_of_a_list_without_keys_keeps_its_translation() -> None:
    content = reference()
    kept = {unit.id: unit for unit in units_of(content)}
    changed = copy.deepcopy(content)
    lines = changed["costs"]["not_funded"]
    lines.reverse()
    lines[0]["en"] = lines[0]["en"] + " of others"

    found = attached(units_of(changed), [Row(unit.id, unit.source) for unit in kept.values()])

    edited = next(unit for unit in units_of(changed) if unit.source.endswith(" of others"))
    assert edited.id not in kept
    assert found[edited.id].source + " of others" == edited.source
    assert len(found) == len(kept)


def test_a_file_full_of_unknown_texts_is_compared_with_few_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    units = units_of(reference())
    listed = next(unit for unit in units if unit.stem == "costs/not_funded/~")
    compared = count_calls(monkeypatch)

    edited = Row(f"{listed.stem}0", listed.source + " of others")
    short = [Row(f"{listed.stem}{number}", "a") for number in range(1, 100)]
    other = [Row(f"{listed.stem}{number}", "\u0416" * len(listed.source)) for number in range(100, 5000)]
    found = attached(units, [edited, *short, *other])

    assert found == {listed.id: edited}
    waiting = [unit for unit in units if unit.stem == listed.stem]
    assert compared["ratio"] <= len(waiting)
    assert compared["quick_ratio"] <= len(waiting) * MOST_LEFT_OVER


def count_calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    calls: Counter[str] = Counter()

    def count(name: str, original: Callable[[Any], float]) -> None:
        def counted(matcher: Any) -> float:
            calls[name] += 1
            return original(matcher)

        monkeypatch.setattr(SequenceMatcher, name, counted)

    count("ratio", SequenceMatcher.ratio)
    count("quick_ratio", SequenceMatcher.quick_ratio)
    return calls


def test_what_is_sensitive_is_known_from_the_call() -> None:
    parts = {unit.id: unit.part for unit in units_of(reference())}

    assert parts["question:E1/label"] is parts["strand:A/who"] is TextPart.ELIGIBILITY
    assert parts["question:Q7/label"] is parts["check:safeguarding_policy/label"] is TextPart.SAFETY
    assert parts["question:Q1/label"] is parts["criterion:C3/title"] is TextPart.OTHER


def test_texts_of_a_new_language_go_into_the_call() -> None:
    content = reference()
    texts = {unit.id: f"so: {unit.source}" for unit in units_of(content)}

    call = from_data(with_texts(content, "so", texts))

    assert call.languages == ("en", "es", "ar", "uk", "so")
    assert call.form.question("Q5").label.find("so") == f"so: {call.form.question('Q5').label.find('en')}"
    assert "so" not in content["languages"]


def test_content_that_is_not_whole_has_units_too() -> None:
    assert units_of({}) == []
    broken = {
        "languages": ["en"],
        "title": {"en": "A"},
        "rounds": "?",
        "form": {"sections": [None, {"key": 3}]},
    }
    assert [unit.id for unit in units_of(broken)] == ["title"]
