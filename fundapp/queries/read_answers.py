"""What a group has answered, as its readers see it, with what was asked about it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from forms.answers import AnswerValue, asked_questions, from_json
from forms.definition import Question, Stage
from forms.i18n import current_language
from fundapp.models.application import Answer
from fundapp.models.panel import ReaderQuestion
from fundapp.models.redaction import RedactedCopy
from fundapp.models.translation import AnswerTranslation
from fundapp.queries.applications import answers_of, facts_for
from fundapp.queries.read_copies import CopiedAnswer, copied, copy_for_readers, value_in
from fundapp.queries.readings import Asked, Sheet
from fundapp.queries.translations import Translations, list_translations, of_answer


@dataclass(frozen=True)
class ReadAnswer:
    """`kept` is none where the group has not answered."""

    question: Question
    value: AnswerValue
    kept: Answer | None
    doubt: ReaderQuestion | None  # what this reader asked because the meaning was not clear
    clarifications: Sequence[Asked]  # what was asked about it by anybody, and the group's words
    translations: Mapping[UUID | None, Sequence[AnswerTranslation]]  # by recording; none: of the text
    copy: CopiedAnswer | None = None  # in place of `kept` where readers get no names

    @property
    def is_given(self) -> bool:
        if self.copy is not None:
            return bool(self.value or self.copy.said or self.copy.has_files)
        return self.kept is not None and bool(self.kept.value or self.kept.recordings)


def answers_about(sheet: Sheet, criterion_key: str | None) -> list[ReadAnswer]:
    """The answers a criterion is about; without one, what was said that no criterion uses."""
    return [
        each
        for each in all_answers(sheet)
        if (
            criterion_key in each.question.criteria
            if criterion_key
            else not each.question.criteria and each.is_given
        )
    ]


def all_answers(sheet: Sheet) -> list[ReadAnswer]:
    application = sheet.application
    answers = answers_of(application)
    asked = asked_questions(sheet.definition.form, Stage.FULL, answers, facts_for(application))
    translations = list_translations(application, current_language().code)
    kept = {answer.question_key: answer for answer in application.answers}
    copy = copy_for_readers(sheet.assignment)
    return [_read(sheet, question, kept.get(question.key), translations, copy) for question in asked]


def _read(
    sheet: Sheet,
    question: Question,
    kept: Answer | None,
    translations: Translations,
    copy: RedactedCopy | None,
) -> ReadAnswer:
    is_named = copy is None
    return ReadAnswer(
        question=question,
        value=from_json(question, kept.value if kept else None)
        if copy is None
        else value_in(copy, question, kept),
        kept=kept if is_named else None,
        doubt=sheet.doubts.get(question.key),
        clarifications=sheet.asked_about_answer(question.key),
        translations=of_answer(kept, translations) if is_named else {},
        copy=None if copy is None else copied(copy, kept, translations),
    )
