"""What a group has answered, as its readers see it, with what was asked about it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.answers import AnswerValue, asked_questions, from_json
from forms.definition import Question, Stage
from fundapp.models.application import Answer, Clarification
from fundapp.models.panel import ReaderQuestion
from fundapp.queries.applications import answers_of, facts_for
from fundapp.queries.readings import Sheet


@dataclass(frozen=True)
class ReadAnswer:
    """`kept` is none where the group has not answered."""

    question: Question
    value: AnswerValue
    kept: Answer | None
    doubt: ReaderQuestion | None  # what this reader asked because the meaning was not clear
    clarifications: Sequence[Clarification]  # what was asked about it by anybody, and the group's words


def answers_about(sheet: Sheet, criterion_key: str | None) -> list[ReadAnswer]:
    """The answers a criterion is about; without one, what was said that no criterion uses."""
    return [
        each
        for each in all_answers(sheet)
        if (
            criterion_key in each.question.criteria
            if criterion_key
            else not each.question.criteria and is_given(each)
        )
    ]


def all_answers(sheet: Sheet) -> list[ReadAnswer]:
    application = sheet.application
    answers = answers_of(application)
    kept = {answer.question_key: answer for answer in application.answers}
    return [
        ReadAnswer(
            question=question,
            value=from_json(question, answers.get(question.key)),
            kept=kept.get(question.key),
            doubt=sheet.doubts.get(question.key),
            clarifications=sheet.asked_about_answer(question.key),
        )
        for question in asked_questions(sheet.definition.form, Stage.FULL, answers, facts_for(application))
    ]


def is_given(answer: ReadAnswer) -> bool:
    return answer.kept is not None and bool(answer.kept.value or answer.kept.recordings)
