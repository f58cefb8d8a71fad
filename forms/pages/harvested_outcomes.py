"""The forms of harvested outcomes: the fund writes what changed, the group says whether it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, LanguageField, TextArea, TickField
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.validators import Required

MOST_WORDS = 120
YES, OTHER_WORDS, NO = "yes", "other_words", "no"
CHANGED, FOR_WHOM = _("What changed?"), _("For whom?")
NO_NAMES = _("Without names, for example: women of the group, neighbours, the school.")
Choices = Sequence[tuple[str, str]]


class OutcomeForm(BaseForm):
    page_order = ("passages", "theme")

    changed = TextArea(
        CHANGED,
        [Required(_("Write what changed."))],
        max_words=MOST_WORDS,
        help_text=_("A change in what somebody does, in how people stand to each other, or in a rule."),
    )
    for_whom = TextArea(
        FOR_WHOM, [Required(_("Write for whom it changed."))], max_words=MOST_WORDS, help_text=NO_NAMES
    )
    contribution = TextArea(
        _("What did the group do for it?"),
        [Required(_("Write what the group did for it."))],
        max_words=MOST_WORDS,
        help_text=_("Others may have helped too. Write only what stands in the passages."),
    )
    language = LanguageField(
        _("Which language did you write it in?"),
        choices=[(language.code, language.own_name) for language in LANGUAGES.values()],
        help_text=_("Write in the language of the group if you can: the group has to read every word."),
    )


def outcome_form(themes: Choices, passages: Choices) -> type[OutcomeForm]:
    return type(
        "OutcomeForm",
        (OutcomeForm,),
        {
            "theme": ChoiceField(
                _("Which theme is it about?"), [Required(_("Choose one theme."))], choices=themes
            ),
            "passages": ChoicesField(
                _("Which passages does it rest on?"),
                [Required(_("Choose one passage or more."))],
                choices=passages,
                help_text=_("The group sees these words of its own beside the outcome."),
            ),
        },
    )


class AnswerForm(BaseForm):
    """The three texts are asked for only where the group wants other words."""

    answer = ChoiceField(
        _("Is it right?"),
        [Required(_("Choose one answer."))],
        choices=(
            (YES, _("Yes, this is right")),
            (OTHER_WORDS, _("It is right with the words below")),
            (NO, _("No, it is not right, or do not use it")),
        ),
    )
    changed = TextArea(CHANGED, max_words=MOST_WORDS)
    for_whom = TextArea(FOR_WHOM, max_words=MOST_WORDS, help_text=NO_NAMES)
    contribution = TextArea(_("What did your group do for it?"), max_words=MOST_WORDS)
    names_group = TickField(
        _("You may write the name of our group beside it."),
        help_text=_("Without this, nobody outside the fund reads whose change it is."),
    )
    objection = TextArea(_("What is not right?"), max_words=MOST_WORDS, help_text=_("You need not say why."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.answer.data == OTHER_WORDS:
            for name in ("changed", "for_whom", "contribution"):
                if not (self[name].data or "").strip():
                    self.add_error(name, _("Write this part too, or choose that it is right as it stands."))
                    is_valid = False
        return is_valid
