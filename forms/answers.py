"""Answers as Python values and as JSON; which are asked, missing or too long."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from forms.conditions import evaluate, is_answered
from forms.definition import FormDefinition, Question, QuestionKind, Stage
from forms.words import within_limit, word_count

JsonRow = dict[str, str | int | bool]
JsonAnswer = str | int | bool | list[str] | list[JsonRow] | None


@dataclass(frozen=True)
class BudgetLine:
    what: str
    amount: Decimal | None


@dataclass(frozen=True)
class PartnerAmount:
    partner: str
    amount: Decimal | None


@dataclass(frozen=True)
class AnswerEntry:
    """One entry of a list: what was answered, by the keys of its parts. The rest is left out."""

    values: Mapping[str, str | bool | int | Decimal | date]


AnswerRows = tuple[str, ...] | tuple[BudgetLine, ...] | tuple[PartnerAmount, ...] | tuple[AnswerEntry, ...]
AnswerValue = str | bool | int | Decimal | date | AnswerRows | None


class NotAnAnswer(ValueError):
    """Stored or imported JSON that cannot be an answer to its question."""


def to_json(value: AnswerValue) -> JsonAnswer:
    """None when nothing was answered."""
    match value:
        case bool() | int():
            return value
        case str():
            return value or None
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
        case tuple():
            return _rows_to_json(value)
    return None


def from_json(question: Question, data: object) -> AnswerValue:
    """The typed answer; None when not answered. Raises NotAnAnswer."""
    if data is None or data == "" or data == []:
        return None
    match question.kind, data:
        case ((QuestionKind.TEXT | QuestionKind.VOICE | QuestionKind.CHOICE), str()):
            return data
        case QuestionKind.CHOICES, list() if all(isinstance(key, str) for key in data):
            return tuple(data)
        case QuestionKind.YES_NO, bool():
            return data
        case QuestionKind.NUMBER, int() if not isinstance(data, bool):
            return data
        case QuestionKind.MONEY, str():
            return _amount(data)
        case QuestionKind.DATE, str():
            try:
                return date.fromisoformat(data)
            except ValueError as error:
                raise NotAnAnswer(question.key) from error
        case QuestionKind.BUDGET, list():
            return tuple(BudgetLine(*row) for row in _rows(data, "what"))
        case QuestionKind.SHARES, list():
            return tuple(PartnerAmount(*row) for row in _rows(data, "partner"))
        case QuestionKind.ENTRIES, list():
            return tuple(_entry(question, row) for row in data)
    raise NotAnAnswer(question.key)


def digest_of(answer: JsonAnswer) -> str:
    """Eight letters by which a text is known again."""
    written = json.dumps(answer, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:8]


def stored_values(questions: Iterable[Question], answers: Mapping[str, JsonAnswer]) -> dict[str, AnswerValue]:
    """What a form over these questions starts with: `form_class(data=stored_values(...))`."""
    return {question.key: from_json(question, answers.get(question.key)) for question in questions}


def budget_total(lines: Iterable[BudgetLine | PartnerAmount]) -> Decimal:
    return sum((line.amount or Decimal(0) for line in lines), start=Decimal(0)).quantize(Decimal("0.01"))


def asked_questions(
    definition: FormDefinition,
    stage: Stage | None,
    answers: Mapping[str, JsonAnswer],
    other_facts: Mapping[str, object] | None = None,
) -> list[Question]:
    """The questions whose condition holds, in order. An answer to a hidden question counts as not given."""
    return [question for question, _value in _asked(definition, stage, answers, other_facts)]


def answer_facts(
    definition: FormDefinition,
    answers: Mapping[str, JsonAnswer],
    other_facts: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Everything conditions may look at: the answers to questions that are asked, and other facts."""
    asked = {question.key: value for question, value in _asked(definition, None, answers, other_facts)}
    return {**(other_facts or {}), **asked}


def missing_answers(
    definition: FormDefinition,
    stage: Stage,
    answers: Mapping[str, JsonAnswer],
    other_facts: Mapping[str, object] | None = None,
) -> list[Question]:
    """The required questions of this stage that are asked and not fully answered.

    A question that `other_facts` knows an answer to (a recording, say) needs no text.
    """
    known = other_facts or {}
    return [
        question
        for question, value in _asked(definition, stage, answers, other_facts)
        if question.required and not is_complete(question, value) and not is_answered(known.get(question.key))
    ]


def too_long_answers(
    definition: FormDefinition,
    stage: Stage,
    answers: Mapping[str, JsonAnswer],
    other_facts: Mapping[str, object] | None = None,
) -> list[Question]:
    """The texts that are over their word limit by more than the tenth we let through."""
    return [
        question
        for question, value in _asked(definition, stage, answers, other_facts)
        if _is_too_long(question, value)
    ]


def _is_too_long(question: Question, value: AnswerValue) -> bool:
    if question.kind is QuestionKind.ENTRIES and isinstance(value, tuple):
        limits = {part.key: part.as_question().max_words for part in question.parts}
        texts = [pair for row in value if isinstance(row, AnswerEntry) for pair in row.values.items()]
        return any(
            isinstance(text, str) and not within_limit(word_count(text), limits[key]) for key, text in texts
        )
    return isinstance(value, str) and not within_limit(word_count(value), question.max_words)


def is_complete(question: Question, value: AnswerValue) -> bool:
    """A table with half a row is not finished, nor is a list with too few entries."""
    if isinstance(value, tuple):
        enough = len(value) >= (question.min_rows or 1)
        return enough and not any(_is_half(question, row) for row in value)
    return is_answered(value)


def carried_over(definition: FormDefinition, answers: Mapping[str, JsonAnswer]) -> dict[str, JsonAnswer]:
    """All answers, with those of the first stage copied where the second stage has none yet."""
    copies = {
        question.key: answers.get(question.copied_from)
        for question in definition.questions(Stage.FULL)
        if question.copied_from is not None and answers.get(question.key) is None
    }
    return {**answers, **copies}


def _asked(
    definition: FormDefinition,
    stage: Stage | None,
    answers: Mapping[str, JsonAnswer],
    other_facts: Mapping[str, object] | None,
) -> Iterator[tuple[Question, AnswerValue]]:
    facts: dict[str, object] = dict(other_facts or {})
    elsewhere = {question.key: facts.pop(question.key, None) for question in definition.questions()}
    for section in definition.sections:
        for question in section.questions:
            if question.ask_if is None or evaluate(question.ask_if, facts):
                value = from_json(question, answers.get(question.key))
                facts[question.key] = elsewhere[question.key] if value is None else _fact(value)
                if stage is None or section.stage is stage:
                    yield question, value


def _fact(value: AnswerValue) -> object:
    """What a condition looks at: of a list of entries, how many there are."""
    is_list = isinstance(value, tuple) and any(isinstance(row, AnswerEntry) for row in value)
    return len(value) if is_list and isinstance(value, tuple) else value


def _is_half(question: Question, row: str | BudgetLine | PartnerAmount | AnswerEntry) -> bool:
    match row:
        case AnswerEntry(values):
            return any(not part.optional and part.key not in values for part in question.parts)
        case BudgetLine(text, amount) | PartnerAmount(text, amount):
            return not text.strip() or amount is None
    return False


def _rows_to_json(rows: AnswerRows) -> list[str] | list[JsonRow] | None:
    if not rows:
        return None
    texts = [row for row in rows if isinstance(row, str)]
    if texts:
        return texts
    return [_row_to_json(row) for row in rows if not isinstance(row, str)]


def _row_to_json(row: BudgetLine | PartnerAmount | AnswerEntry) -> JsonRow:
    match row:
        case BudgetLine(what, amount):
            return {"what": what, "amount": _amount_text(amount)}
        case PartnerAmount(partner, amount):
            return {"partner": partner, "amount": _amount_text(amount)}
    found = {key: to_json(value) for key, value in row.values.items()}
    return {key: value for key, value in found.items() if isinstance(value, str | int)}


def _entry(question: Question, row: object) -> AnswerEntry:
    """What a part does not know any more is left out."""
    if not isinstance(row, dict):
        raise NotAnAnswer(question.key)
    values = {part.key: from_json(part.as_question(), row.get(part.key)) for part in question.parts}
    return AnswerEntry(
        {
            key: value
            for key, value in values.items()
            if value is not None and not isinstance(value, tuple) and is_answered(value)
        }
    )


def _amount_text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _rows(data: list[object], text_name: str) -> Iterator[tuple[str, Decimal | None]]:
    for row in data:
        if not isinstance(row, dict):
            raise NotAnAnswer(text_name)
        text, amount = row.get(text_name), row.get("amount")
        if not isinstance(text, str) or not isinstance(amount, str):
            raise NotAnAnswer(text_name)
        yield text, _amount(amount) if amount else None


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise NotAnAnswer(text) from error
    if not amount.is_finite():
        raise NotAnAnswer(text)
    return amount
