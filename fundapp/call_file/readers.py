"""Who reads an answer and what for: which decision uses each question of a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from forms.conditions import Condition, facts_used
from forms.definition import Question, UsedFor
from fundapp.call_file.definition import CallDefinition


class SetBy(StrEnum):
    """What an answer sets by itself, without anybody reading it."""

    CRITERION = "criterion"
    AMOUNT = "amount_requested"
    STRAND = "strand"
    THEME = "theme"
    INCOME = "income_band"


@dataclass(frozen=True)
class Reader:
    """One decision that uses an answer; `criterion` is the key of the criterion it is scored under."""

    use: UsedFor | SetBy
    criterion: str = ""


_OF_CARRIES: dict[str, UsedFor | SetBy] = {
    "amount_requested": SetBy.AMOUNT,
    "strand": SetBy.STRAND,
    "theme": SetBy.THEME,
    "income_band": SetBy.INCOME,
    "group_summary": UsedFor.PANEL_LIST,
}


def readers_of(definition: CallDefinition, question: Question) -> tuple[Reader, ...]:
    """Each once: criteria, what the answer sets, rules that look at it, and what the call says besides."""
    return tuple(dict.fromkeys(_readers(definition, question)))


def asked_questions(definition: CallDefinition) -> Iterator[Question]:
    """Of the check before applying and of both stages."""
    yield from (item.question for item in definition.eligibility)
    yield from definition.form.questions()


def without_reader(definition: CallDefinition) -> tuple[Question, ...]:
    """Questions whose answers no decision uses, and for which nobody has said publicly why they are asked."""
    return tuple(
        question
        for question in asked_questions(definition)
        if not readers_of(definition, question) and definition.asked_anyway_because(question.key) is None
    )


def _readers(definition: CallDefinition, question: Question) -> Iterator[Reader]:
    for key in question.criteria:
        yield Reader(SetBy.CRITERION, key)
    if question.carries in _OF_CARRIES:
        yield Reader(_OF_CARRIES[question.carries])
    if question.key in set(_facts_of_check(definition)):
        yield Reader(UsedFor.ELIGIBILITY)
    if question.key in set(_facts(definition.by_and_for.confirmable_if, definition.by_and_for.talk_if)):
        yield Reader(UsedFor.RING_FENCE)
    yield from (Reader(use) for use in question.used_for)


def _facts_of_check(definition: CallDefinition) -> Iterator[str]:
    for item in definition.eligibility:
        yield from _facts(*(rule.when for rule in item.outcomes))


def _facts(*conditions: Condition | None) -> Iterator[str]:
    for condition in conditions:
        if condition is not None:
            yield from facts_used(condition)
