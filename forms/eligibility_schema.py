"""The eligibility check and the by-and-for rule from and to plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from forms.conditions import facts_used, load
from forms.definition import Question
from forms.definition_check import form_problems
from forms.definition_schema import QuestionSchema, load_with, mappings_in, placed_question
from forms.eligibility import ByAndForRule, EligibilityFlag, EligibilityQuestion, EligibilityRule, Outcome
from forms.i18n import _
from forms.schema_fields import ConditionField, OneOf, Text
from forms.strict_schema import Items, Part, StrictSchema
from forms.wrong_data import DataPath, Problem, WrongData


class RuleSchema(StrictSchema):
    when = ConditionField(required=True, data_key="if")
    outcome = OneOf(Outcome, required=True)
    reason = Text(required=True)
    next_step = Text()
    flags = Items(OneOf(EligibilityFlag))


class EligibilityQuestionSchema(QuestionSchema):
    """A question as in the form, with what its answers lead to."""

    outcomes = Items(Part(RuleSchema(), EligibilityRule))


class EligibilitySchema(StrictSchema):
    questions = Items(
        Part(EligibilityQuestionSchema(), lambda **parts: _eligibility_question(**parts)), required=True
    )


class ByAndForSchema(StrictSchema):
    confirmable_if = ConditionField(required=True)
    talk_if = ConditionField()


def load_eligibility(data: object, other_facts: Collection[str] = ()) -> tuple[EligibilityQuestion, ...]:
    """From a list of questions with `outcomes`. Raises WrongData with every error."""
    together = _problems_together(data, other_facts)
    try:
        loaded = load_with(EligibilitySchema(), {"questions": data})
    except WrongData as error:
        raise WrongData([*((path[1:], message) for path, message in error.errors), *together]) from error
    if together:
        raise WrongData(together)
    questions: tuple[EligibilityQuestion, ...] = loaded["questions"]
    return questions


def dump_eligibility(questions: Sequence[EligibilityQuestion]) -> list[dict[str, Any]]:
    rules = RuleSchema()
    return [
        {
            **QuestionSchema().dump(item.question),
            **({"outcomes": [rules.dump(rule) for rule in item.outcomes]} if item.outcomes else {}),
        }
        for item in questions
    ]


def load_by_and_for(data: object) -> ByAndForRule:
    """Raises WrongData with every error."""
    return ByAndForRule(**load_with(ByAndForSchema(), data))


def dump_by_and_for(rule: ByAndForRule) -> dict[str, Any]:
    dumped: dict[str, Any] = ByAndForSchema().dump(rule)
    return dumped


def _eligibility_question(outcomes: tuple[EligibilityRule, ...] = (), **parts: Any) -> EligibilityQuestion:
    return EligibilityQuestion(Question(**parts), outcomes)


def _problems_together(data: object, other_facts: Collection[str]) -> list[Problem]:
    placed = [
        placed_question({key: value for key, value in raw.items() if key != "outcomes"}, (number,), None)
        for number, raw in mappings_in(data)
    ]
    return [*form_problems(placed, other_facts), *_rule_problems(data, other_facts)]


def _rule_problems(data: object, other_facts: Collection[str]) -> Iterator[Problem]:
    """An outcome may look at its own question and those before it."""
    known = set(other_facts)
    for number, raw in mappings_in(data):
        key = raw.get("key")
        if isinstance(key, str):
            known.add(key)
        for place, rule in mappings_in(raw.get("outcomes")):
            path: DataPath = (number, "outcomes", place, "if")
            try:
                condition = load(rule.get("if"))
            except WrongData:
                continue
            for fact in sorted(facts_used(condition).difference(known)):
                message = _("“%(fact)s” is not this question or one before it. Use one of those.", fact=fact)
                yield path, message
