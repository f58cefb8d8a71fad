"""The form for a translation of an answer."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoiceField, LanguageField, TextArea, TextField, TickField
from forms.i18n import _
from forms.pages.answer_media import LANGUAGE_CHOICES
from forms.validators import Required


class TranslationForm(BaseForm):
    """Readers see it beside the original, with who or what made it."""

    language = LanguageField(
        _("Which language do you translate into?"),
        [Required(_("Choose a language."))],
        choices=LANGUAGE_CHOICES,
    )
    text = TextArea(_("The translation"), [Required(_("Write the translation."))], max_length=20_000)
    made_by = ChoiceField(
        _("Who or what made it?"),
        [Required(_("Choose who or what made it."))],
        choices=(
            ("staff", _("Somebody of the fund")),
            ("translator", _("A translator")),
            ("group", _("The group itself")),
            ("machine", _("A program. A person has to check it.")),
        ),
    )
    made_by_name = TextField(
        _("Name of the translator or of the program"),
        help_text=_("Readers see it."),
        max_length=120,
    )
    is_checked = TickField(_("Somebody who reads both languages has checked it."))
