"""Conditions as rows to choose from: a question or fact, a comparison, and values; never typed code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.conditions import Operator
from forms.definition import Choice, Question, QuestionKind
from forms.i18n import _
from fundapp.call_file.edit import EACH, Content, find
from fundapp.call_file.problems import Path
from fundapp.call_file.ring_fences import Fact
from fundapp.call_file.schema import Reading, read
from fundapp.call_file.unread import is_read
from fundapp.web.fund.building.words_choices import FACTS

LONG_NUMBER = 5  # no page has so many rows
NOT_IN = "not_in"
NEEDS_NUMBER = (Operator.BELOW.value, Operator.AT_LEAST.value)


@dataclass(frozen=True)
class FactToAsk:
    """Something a condition can look at. `values` are empty for numbers and texts."""

    key: str
    label: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ConditionRow:
    fact: str = ""
    operator: str = Operator.IN.value
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConditionView:
    """`rows` is None for a condition with groups inside groups; it stays until another one is chosen."""

    mode: str
    rows: tuple[ConditionRow, ...] | None


def view_of(data: object) -> ConditionView:
    if not isinstance(data, Mapping):
        return ConditionView(Operator.ALL.value, ())
    for mode in (Operator.ALL.value, Operator.ANY.value):
        if mode in data:
            parts = data[mode] if isinstance(data[mode], list) else []
            rows = [_row_of(part) for part in parts]
            known = tuple(row for row in rows if row is not None)
            return ConditionView(mode, known if len(known) == len(rows) else None)
    row = _row_of(data)
    return ConditionView(Operator.ALL.value, (row,) if row else None)


def _row_of(data: object) -> ConditionRow | None:
    if not isinstance(data, Mapping) or len(data) != 1:
        return None
    ((operator, inner),) = data.items()
    if operator == Operator.NOT:
        row = _row_of(inner)
        return ConditionRow(row.fact, NOT_IN, row.values) if row and row.operator == Operator.IN else None
    if operator == Operator.ANSWERED:
        return ConditionRow(str(inner), operator)
    if not isinstance(inner, list) or not inner:
        return None
    fact, *values = (str(each) for each in inner)
    if operator in (Operator.EQUALS, Operator.IN):
        return ConditionRow(fact, Operator.IN.value, tuple(values))
    return ConditionRow(fact, operator, tuple(values)) if operator in NEEDS_NUMBER else None


def posted_condition(name: str, posted: MultiDict[str, str], before: object) -> object:
    """As plain data; None where no row is filled."""
    if posted.get(f"{name}.keep") and not posted.get(f"{name}.0.fact"):
        return before
    rows = []
    for row in _rows_on(name, posted):
        fact = posted.get(f"{row}.fact", "")
        if fact and not posted.get(f"{row}.remove"):
            values = [value.strip() for value in posted.getlist(f"{row}.values") if value.strip()]
            rows.append(_data_of(fact, posted.get(f"{row}.operator", ""), values))
    if len(rows) < 2:
        return rows[0] if rows else None
    mode = Operator.ANY if posted.get(f"{name}.mode") == Operator.ANY else Operator.ALL
    return {mode.value: rows}


def _rows_on(name: str, posted: MultiDict[str, str]) -> list[str]:
    """The names of all rows, in the order of the page."""
    numbers = [
        key.removeprefix(f"{name}.").removesuffix(".fact")
        for key in posted
        if key.startswith(f"{name}.") and key.endswith(".fact")
    ]
    return [f"{name}.{n}" for n in sorted(int(n) for n in numbers if n.isdecimal() and len(n) < LONG_NUMBER)]


def _data_of(fact: str, operator: str, values: Sequence[str]) -> dict[str, Any]:
    if operator == Operator.ANSWERED:
        return {operator: fact}
    if operator in NEEDS_NUMBER:
        return {operator: [fact, *values[:1]]}
    simple = {Operator.IN.value if len(values) != 1 else Operator.EQUALS.value: [fact, *values]}
    return {Operator.NOT.value: simple} if operator == NOT_IN else simple


def facts_for(content: Content, path: Path, language: str) -> list[FactToAsk]:
    """What the condition at this path may look at: for a question those before it, for a ring-fence facts."""
    if path[:1] == ("ring_fences",):
        return _facts_of_groups(content, language)
    check = [*_placed(content, ("eligibility", EACH, "question"))]
    everything = [*check, *_placed(content, ("form", "sections", EACH, "questions", EACH))]
    if path[-1] == "ask_if":
        before = [place for place, _question in everything].index(path[:-1])
        return [_fact_of(question, language) for _place, question in everything[:before]]
    return [_fact_of(question, language) for _place, question in check]


def _placed(content: Content, place: Path) -> list[tuple[Path, Question | None]]:
    reading = Reading(None)
    return [(path, _question_of(find(content, path), reading)) for path in spelt_out(content, place)]


def _question_of(data: object, reading: Reading) -> Question | None:
    question = read(Question, data, (), reading)
    parts = (getattr(question, name, None) for name in ("key", "kind", "label", "choices"))
    return question if isinstance(question, Question) and all(is_read(part) for part in parts) else None


def _fact_of(question: Question | None, language: str) -> FactToAsk:
    if question is None:
        return FactToAsk("", "")
    values = tuple((choice.key, choice.label.in_language(language)) for choice in _whole(question.choices))
    if question.kind is QuestionKind.YES_NO:
        values = (("yes", str(_("Yes"))), ("no", str(_("No"))))
    label = f"{question.key} · {question.label.in_language(language)}"
    if question.kind is QuestionKind.ENTRIES:
        label = f"{label} · {_('number of entries')}"
    return FactToAsk(question.key, label, values)


def _whole(choices: Sequence[Choice]) -> list[Choice]:
    return [each for each in choices if is_read(each) and is_read(each.key) and is_read(each.label)]


def _facts_of_groups(content: Content, language: str) -> list[FactToAsk]:
    yes_no = (("yes", str(_("Yes"))), ("no", str(_("No"))))
    values: dict[str, tuple[tuple[str, str], ...]] = {
        Fact.STRAND: _named(content.get("strands"), "title", language),
        Fact.THEME: _named(content.get("themes"), "label", language),
        Fact.BOROUGH: tuple((name, name) for name in content.get("boroughs", ()) if isinstance(name, str)),
        Fact.INCOME_PENCE: (),
    }
    return [FactToAsk(key, str(words), values.get(key, yes_no)) for key, words in FACTS.items()]


def _named(items: object, name: str, language: str) -> tuple[tuple[str, str], ...]:
    found = []
    for item in items if isinstance(items, list) else []:
        texts = find(item, (name,))
        texts = texts if isinstance(texts, Mapping) else {}
        key = find(item, ("key",))
        found.append((str(key), f"{key} · {texts.get(language) or next(iter(texts.values()), '')}"))
    return tuple(found)


def spelt_out(content: object, place: Path, so_far: Path = ()) -> list[Path]:
    """The paths behind a place in which EACH stands for every item of a list."""
    if not place:
        return [so_far]
    step, rest = place[0], place[1:]
    here = find(content, so_far)
    if step == EACH:
        items = here if isinstance(here, list) else []
        return [path for n in range(len(items)) for path in spelt_out(content, rest, (*so_far, n))]
    return spelt_out(content, rest, (*so_far, step)) if isinstance(here, Mapping) and step in here else []
