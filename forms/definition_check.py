"""What is wrong with the questions of a form once they are seen together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from forms.base import BaseForm
from forms.conditions import Condition, facts_used
from forms.definition import Question, QuestionKind, Stage
from forms.i18n import _
from forms.wrong_data import DataPath, Problem

CARRIED = ("amount_requested", "strand", "theme", "group_summary")

_CHOOSING = (QuestionKind.CHOICE, QuestionKind.CHOICES)
_TABLES = (QuestionKind.BUDGET, QuestionKind.SHARES)


@dataclass(frozen=True)
class PlacedQuestion:
    """A question where it stands in the data; parts that could not be read are None."""

    path: DataPath
    stage: Stage | None
    key: str | None
    question: Question | None


def form_problems(placed: Sequence[PlacedQuestion], other_facts: Collection[str] = ()) -> list[Problem]:
    """Keys used twice, conditions that look ahead, copies from nowhere, parts that do not fit a kind."""
    first_stage = {each.key for each in placed if each.stage is not Stage.FULL}
    problems = repeated_keys([(each.path, each.key) for each in placed])
    seen = set(other_facts)
    for each in placed:
        if each.question is not None:
            problems += question_problems(each.question, each.path)
            problems += condition_problems(each.question.ask_if, (*each.path, "ask_if"), seen)
            if each.question.copied_from is not None and (
                each.stage is Stage.EOI or each.question.copied_from not in first_stage
            ):
                message = _("Write the key of a question of the first stage, and only in the second stage.")
                problems.append(((*each.path, "copied_from"), message))
        if each.key is not None:
            seen.add(each.key)
    return problems


def question_problems(question: Question, path: DataPath) -> list[Problem]:
    """Whether the parts of one question fit its kind."""
    problems: list[Problem] = []
    is_text = question.kind is QuestionKind.TEXT
    if hasattr(BaseForm, question.key):
        message = _("“%(key)s” cannot be used as a key. Write another one.", key=question.key)
        problems.append(((*path, "key"), message))
    if question.max_words is not None and not is_text:
        message = _("Only questions of the kind text have a word limit. Leave this out.")
        problems.append(((*path, "max_words"), message))
    if question.max_minutes is not None and not is_text:
        message = _("Only questions of the kind text have a limit in minutes. Leave this out.")
        problems.append(((*path, "max_minutes"), message))
    if question.max_rows is not None and question.kind not in _TABLES:
        message = _("Only questions of the kind budget or shares have rows. Leave this out.")
        problems.append(((*path, "max_rows"), message))
    if question.carries is not None and question.carries not in CARRIED:
        message = _("Write one of these words: %(known)s.", known=", ".join(CARRIED))
        problems.append(((*path, "carries"), message))
    return problems + _choice_problems(question, (*path, "choices"))


def condition_problems(condition: Condition | None, path: DataPath, known: Collection[str]) -> list[Problem]:
    """A condition may only look at what is asked before, so that it never goes round in a circle."""
    if condition is None:
        return []
    return [
        (path, _("“%(fact)s” is not a question asked before this one. Use an earlier question.", fact=fact))
        for fact in sorted(facts_used(condition).difference(known))
    ]


def repeated_keys(placed: Sequence[tuple[DataPath, str | None]]) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for path, key in placed:
        if key is None:
            continue
        if key in seen:
            message = _("The key “%(key)s” is used twice. Write another one.", key=key)
            problems.append(((*path, "key"), message))
        seen.add(key)
    return problems


def _choice_problems(question: Question, path: DataPath) -> list[Problem]:
    if question.kind not in _CHOOSING:
        if not question.choices:
            return []
        return [(path, _("Only questions of the kind choice or choices have choices. Leave this out."))]
    if len(question.choices) < 2:
        return [(path, _("Write at least two choices for this kind of question."))]
    return repeated_keys([((*path, number), choice.key) for number, choice in enumerate(question.choices)])
