"""A question of a form definition as a WTForms class, made for one request and one language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import Field

from forms.answers import JsonAnswer, to_json
from forms.base import BaseForm
from forms.definition import ONE_LINE_WORDS, Question, QuestionKind
from forms.fields import (
    BudgetField,
    ChoiceField,
    ChoicesField,
    DateField,
    EntriesField,
    FilesField,
    MoneyField,
    SharesField,
    TextArea,
    TextField,
    WholeNumberField,
    YesNoField,
)
from forms.row_fields import AmountRowsField
from forms.text_fields import CHARACTERS_PER_WORD, SHORT_TEXT
from forms.validators import WordLimit


def question_form(question: Question, language: str) -> type[BaseForm]:
    """One field named after the question's key. An empty answer is always valid: people may come back."""
    return questions_form((question,), language)


def questions_form(questions: Iterable[Question], language: str) -> type[BaseForm]:
    """Several questions on one page. `data` is typed; store it with `forms.answers.to_json`."""
    fields = {question.key: _field(question, language) for question in questions}
    return type("QuestionsForm", (BaseForm,), fields)


def _field(question: Question, language: str) -> Any:
    texts: dict[str, Any] = {
        "label": question.label.in_language(language),
        "help_text": question.help_text.in_language(language) if question.help_text else "",
        "why_we_ask": question.why_we_ask.in_language(language),
        "question": question,
    }
    choices = [(choice.key, choice.label.in_language(language)) for choice in question.choices]
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.VOICE:
            if question.max_words is not None and question.max_words <= ONE_LINE_WORDS:
                return TextField(
                    max_length=ONE_LINE_WORDS * CHARACTERS_PER_WORD,
                    validators=[WordLimit(question.max_words)],
                    **texts,
                )
            return TextArea(max_words=question.max_words, **texts)
        case QuestionKind.CHOICE:
            return ChoiceField(choices=choices, **texts)
        case QuestionKind.CHOICES:
            return ChoicesField(choices=choices, **texts)
        case QuestionKind.YES_NO:
            return YesNoField(**texts)
        case QuestionKind.NUMBER:
            return WholeNumberField(**texts)
        case QuestionKind.MONEY:
            return MoneyField(**texts)
        case QuestionKind.DATE:
            return DateField(**texts)
        case QuestionKind.BUDGET:
            return BudgetField(max_rows=question.max_rows, **texts)
        case QuestionKind.SHARES:
            return SharesField(max_rows=question.max_rows, **texts)
        case QuestionKind.ENTRIES:
            row_form = questions_form((part.as_question() for part in question.parts), language)
            return EntriesField(row_form=row_form, **texts)
        case QuestionKind.FILE:
            return FilesField(**texts)


def answers_to_keep(form: BaseForm) -> dict[str, JsonAnswer]:
    """After `validate()`: what may be saved although the form has errors, so that no writing is lost.

    Every valid answer, and texts that only have too many words; completeness is checked at submission.
    """
    return {field.name: to_json(field.data) for field in form if _can_be_kept(field)}


def _can_be_kept(field: Field) -> bool:
    if isinstance(field, EntriesField):
        parts = (part for row in field.rows for part in row.form)
        return not field.errors and not any(
            isinstance(part, TextArea | TextField) and len(part.data) > part.max_length for part in parts
        )
    if isinstance(field, AmountRowsField):
        texts = [row[field.text_name] for row in field.rows]
        return not field.errors and all(len(text.data) <= SHORT_TEXT for text in texts)
    return not field.errors or _is_only_wordy(field)


def _is_only_wordy(field: Field) -> bool:
    return isinstance(field, TextArea | TextField) and len(field.data) <= field.max_length
