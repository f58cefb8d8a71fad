"""The check before applying, and the by-and-for rule: both are data of the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.answers import AnswerValue
from forms.conditions import Condition, evaluate, is_answered
from forms.definition import Question
from forms.localized import LocalizedText


class Outcome(StrEnum):
    """From mild to grave."""

    PASS = "pass"  # noqa: S105  an outcome, not a password
    TALK_TO_US = "talk_to_us"
    NOT_THIS_FUND = "not_this_fund"


class EligibilityFlag(StrEnum):
    """What we must do or offer when somebody answers in this way."""

    HOST_ROUTE = "host_route"
    HELP_OFFERED = "help_offered"
    CONFIDENTIAL = "confidential"


class ByAndForStanding(StrEnum):
    MET = "met"
    TALK_TO_US = "talk_to_us"
    NOT_MET = "not_met"


@dataclass(frozen=True)
class EligibilityRule:
    """What one way of answering leads to."""

    when: Condition
    outcome: Outcome
    reason: LocalizedText
    next_step: LocalizedText | None = None
    flags: tuple[EligibilityFlag, ...] = ()


@dataclass(frozen=True)
class EligibilityQuestion:
    """`outcomes` are tried in order; the first that fits counts. None fits: the answer is fine."""

    question: Question
    outcomes: tuple[EligibilityRule, ...] = ()

    @property
    def key(self) -> str:
        return self.question.key


@dataclass(frozen=True)
class EligibilityReason:
    key: str
    outcome: Outcome
    text: LocalizedText
    next_step: LocalizedText | None


@dataclass(frozen=True)
class EligibilityResult:
    """`outcome` counts only once `unanswered` is empty."""

    outcome: Outcome
    reasons: tuple[EligibilityReason, ...]
    flags: frozenset[EligibilityFlag]
    unanswered: tuple[str, ...]


@dataclass(frozen=True)
class ByAndForRule:
    confirmable_if: Condition
    talk_if: Condition | None = None

    def standing(self, facts: Mapping[str, object]) -> ByAndForStanding:
        if evaluate(self.confirmable_if, facts):
            return ByAndForStanding.MET
        if self.talk_if is not None and evaluate(self.talk_if, facts):
            return ByAndForStanding.TALK_TO_US
        return ByAndForStanding.NOT_MET


def assess(questions: Sequence[EligibilityQuestion], answers: Mapping[str, AnswerValue]) -> EligibilityResult:
    """The gravest outcome of all answers, with the reasons that led to it and to anything to know."""
    asked = _asked(questions, answers)
    given = {item.key: answers.get(item.key) for item in asked}
    rules = [(item.key, rule) for item in asked if (rule := _first_rule(item, given)) is not None]
    return EligibilityResult(
        outcome=max((rule.outcome for _key, rule in rules), key=list(Outcome).index, default=Outcome.PASS),
        reasons=tuple(
            EligibilityReason(key, rule.outcome, rule.reason, rule.next_step) for key, rule in rules
        ),
        flags=frozenset(flag for _key, rule in rules for flag in rule.flags),
        unanswered=tuple(
            item.key for item in asked if item.question.required and not is_answered(given[item.key])
        ),
    )


def _asked(
    questions: Sequence[EligibilityQuestion], answers: Mapping[str, AnswerValue]
) -> list[EligibilityQuestion]:
    facts: dict[str, object] = {}
    asked = []
    for item in questions:
        if item.question.ask_if is None or evaluate(item.question.ask_if, facts):
            facts[item.key] = answers.get(item.key)
            asked.append(item)
    return asked


def _first_rule(item: EligibilityQuestion, answers: Mapping[str, AnswerValue]) -> EligibilityRule | None:
    return next((rule for rule in item.outcomes if evaluate(rule.when, answers)), None)
