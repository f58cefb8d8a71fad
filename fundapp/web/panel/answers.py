"""What a group has answered, as its readers see it, with what was asked about it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from forms.answers import AnswerValue, asked_questions, from_json
from forms.definition import Question, Stage
from forms.i18n import current_language
from fundapp.models.application import Answer, Clarification
from fundapp.models.panel import ReaderQuestion
from fundapp.models.translation import AnswerTranslation
from fundapp.queries.applications import answers_of, facts_for
from fundapp.queries.readings import Sheet
from fundapp.queries.translations import list_translations, of_answer


@dataclass(frozen=True)
class ReadAnswer:
    """`kept` is none where the group has not answered."""

    question: Question
    value: AnswerValue
    kept: Answer | None
    doubt: ReaderQuestion | None  # what this reader asked because the meaning was not clear
    clarifications: Sequence[Clarification]  # what was asked about it by anybody, and the group's words
    translations: Mapping[UUID | None, Sequence[AnswerTranslation]]  # by recording; none: of the text


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
    translations = list_translations(application, current_language().code)
    kept = {answer.question_key: answer for answer in application.answers}
    return [
        ReadAnswer(
            question=question,
            value=from_json(question, answers.get(question.key)),
            kept=kept.get(question.key),
            doubt=sheet.doubts.get(question.key),
            clarifications=sheet.asked_about_answer(question.key),
            translations=of_answer(kept.get(question.key), translations),
        )
        for question in asked_questions(sheet.definition.form, Stage.FULL, answers, facts_for(application))
    ]


def is_given(answer: ReadAnswer) -> bool:
    return answer.kept is not None and bool(answer.kept.value or answer.kept.recordings)
