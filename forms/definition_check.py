"""What is wrong with the questions of a form once they are seen together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from forms.base import BaseForm
from forms.conditions import Condition, facts_used
from forms.definition import EntryPart, PartKind, Question, QuestionKind, Stage
from forms.i18n import _
from forms.wrong_data import DataPath, Problem

CARRIED = ("amount_requested", "strand", "theme", "group_summary")

_CHOOSING = (QuestionKind.CHOICE, QuestionKind.CHOICES)
_TABLES = (QuestionKind.BUDGET, QuestionKind.SHARES, QuestionKind.ENTRIES, QuestionKind.FILE)


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
    is_text = question.is_in_words
    if hasattr(BaseForm, question.key):
        message = _("“%(key)s” cannot be used as a key. Write another one.", key=question.key)
        problems.append(((*path, "key"), message))
    if question.max_words is not None and not is_text:
        message = _("Only questions of the kind text or voice have a word limit. Leave this out.")
        problems.append(((*path, "max_words"), message))
    if question.max_minutes is not None and not is_text:
        message = _("Only questions of the kind text or voice have a limit in minutes. Leave this out.")
        problems.append(((*path, "max_minutes"), message))
    if question.kind is QuestionKind.VOICE and question.max_minutes is None:
        message = _("Write how many minutes a recording can take for this kind of question.")
        problems.append(((*path, "max_minutes"), message))
    if question.max_rows is not None and question.kind not in _TABLES:
        message = _("Only questions of the kind budget, shares, entries or file have rows. Leave this out.")
        problems.append(((*path, "max_rows"), message))
    if question.carries is not None and question.carries not in CARRIED:
        message = _("Write one of these words: %(known)s.", known=", ".join(CARRIED))
        problems.append(((*path, "carries"), message))
    if question.kind is not QuestionKind.FILE and question.file_types:
        message = _("Only questions of the kind file have types of files. Leave this out.")
        problems.append(((*path, "file_types"), message))
    if question.kind is QuestionKind.FILE and not question.file_types:
        message = _("Write at least one type of files for this kind of question.")
        problems.append(((*path, "file_types"), message))
    problems += _entry_problems(question, path)
    return problems + _choice_problems(question, (*path, "choices"))


def _entry_problems(question: Question, path: DataPath) -> list[Problem]:
    """Of a list: it has parts, and not more entries at least than at most. Of other kinds: neither."""
    problems: list[Problem] = []
    if question.kind is not QuestionKind.ENTRIES:
        if question.parts:
            message = _("Only questions of the kind entries have parts. Leave this out.")
            problems.append(((*path, "parts"), message))
        if question.min_rows is not None:
            message = _("Only questions of the kind entries have a least number of rows. Leave this out.")
            problems.append(((*path, "min_rows"), message))
        return problems
    if not question.parts:
        problems.append(((*path, "parts"), _("Write at least one part for this kind of question.")))
    if question.min_rows is not None and question.min_rows > (question.max_rows or question.min_rows):
        message = _("This is more than “max_rows”. Write a smaller number.")
        problems.append(((*path, "min_rows"), message))
    parts = [((*path, "parts", number), part) for number, part in enumerate(question.parts)]
    problems += repeated_keys([(place, part.key) for place, part in parts])
    return problems + [problem for place, part in parts for problem in _part_problems(part, place)]


def _part_problems(part: EntryPart, path: DataPath) -> list[Problem]:
    problems: list[Problem] = []
    if hasattr(BaseForm, part.key):
        message = _("“%(key)s” cannot be used as a key. Write another one.", key=part.key)
        problems.append(((*path, "key"), message))
    if part.max_words is not None and part.kind is not PartKind.TEXT:
        message = _("Only parts of the kind text have a word limit. Leave this out.")
        problems.append(((*path, "max_words"), message))
    return problems + _choice_problems(part.as_question(), (*path, "choices"))


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
