"""One question of the check before applying, as a page."""

from __future__ import annotations

from typing import Any

from forms.base import BaseForm
from forms.builder import question_form
from forms.conditions import is_answered
from forms.definition import Question, QuestionKind
from forms.i18n import _

_CHOSEN = (QuestionKind.YES_NO, QuestionKind.CHOICE, QuestionKind.CHOICES)


class CheckForm(BaseForm):
    """Without an answer the check cannot go on."""

    asked: Question

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        field = self[self.asked.key]
        if not field.errors and self.asked.required and not is_answered(field.data):
            choose = self.asked.kind in _CHOSEN
            message = _("Choose the answer that fits best.") if choose else _("Write an answer to go on.")
            self.add_error(self.asked.key, message)
            return False
        return is_valid


def check_form(question: Question, language: str) -> type[CheckForm]:
    """One required field named after the question's key."""
    return type("QuestionOfTheCheck", (CheckForm, question_form(question, language)), {"asked": question})
