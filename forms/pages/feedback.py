"""What groups say about the fund, and what the fund says about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from forms.base import BaseForm
from forms.builder import questions_form
from forms.definition import Question
from forms.fields import ChoiceField, LanguageField, TextArea
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.validators import Required

MOST_WORDS = 300


def feedback_form(questions: Iterable[Question], language: str) -> type[BaseForm]:
    """The call's own questions, and the language of the answers."""
    fields: dict[str, Any] = {
        "answer_language": LanguageField(
            _("Which language do you answer in?"),
            choices=[(each.code, each.own_name) for each in LANGUAGES.values()],
            help_text=_("Any language is welcome. If few groups write it, it may show who you are."),
        )
    }
    return type("FeedbackForm", (questions_form(questions, language),), fields)


def year_form(years: Sequence[int], languages: Sequence[str]) -> type[BaseForm]:
    fields: dict[str, Any] = {
        "year": ChoiceField(
            _("About which year?"),
            [Required(_("Choose a year."))],
            choices=[(str(year), str(year)) for year in years],
        ),
        "heard": TextArea(
            _("What did we hear?"),
            [Required(_("Write what groups told the fund."))],
            max_words=MOST_WORDS,
            help_text=_("In your own words. Quote nothing that could show who said it."),
        ),
        "changed": TextArea(
            _("What did we change?"),
            [Required(_("Write what the fund changed, or why it did not."))],
            max_words=MOST_WORDS,
            help_text=_("Everybody reads it. If nothing changed, say so and say why."),
        ),
        "text_language": LanguageField(
            _("Which language is it in?"), choices=[(each, LANGUAGES[each].own_name) for each in languages]
        ),
    }
    return type("YearForm", (BaseForm,), fields)


class HideForm(BaseForm):
    why = TextArea(
        _("Why does nobody read this answer?"),
        [Required(_("Write why. Everybody reads the reason."))],
        max_words=60,
        help_text=_("Only for words that name somebody or bring somebody into danger. Never for criticism."),
    )


def take_form(calls: Sequence[tuple[str, str]]) -> type[BaseForm]:
    field = ChoiceField(
        _("Into which call?"), [Required(_("Choose a call that is being shaped."))], choices=list(calls)
    )
    return type("TakeForm", (BaseForm,), {"call": field})
