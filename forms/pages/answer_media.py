"""The fixed forms around answers that are not typed by the group: pasted, or said on the phone."""

from __future__ import annotations

from forms.base import BaseForm
from forms.definition import Question
from forms.fields import ChoiceField, LanguageField, TextArea, TextField
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.validators import Required

LANGUAGE_CHOICES = tuple((language.code, language.own_name) for language in LANGUAGES.values())


def may_be_spoken(question: Question) -> bool:
    """Whether the answer may also be given in another way than by typing."""
    return question.is_in_words and question.max_minutes is not None


class PastedForm(BaseForm):
    """A text that was written for somebody else."""

    text = TextArea(_("The text"), [Required(_("Paste the text here."))])
    pasted_from = TextField(
        _("Where is it from?"),
        help_text=_("For example the name of the other fund. We ask nothing else about it."),
    )
    answer_language = LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES)


class PhoneForm(BaseForm):
    """What somebody of the group said on the phone."""

    text = TextArea(
        _("What did they say?"),
        [Required(_("Type what they said."))],
        help_text=_("In their own words, in any language. Read it back to them before you save."),
    )
    answer_language = LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES)


class RecordingForm(BaseForm):
    """What kind of recording a file is; the file itself is no field of the form."""

    kind = ChoiceField(
        _("What do you want to send?"),
        [Required(_("Choose what you want to send."))],
        choices=(
            ("voice", _("A voice recording")),
            ("video", _("A video")),
            ("sign_language", _("A video in sign language")),
        ),
    )


class TranscriptForm(BaseForm):
    """What is said in a recording."""

    text = TextArea(_("What is said"), [Required(_("Write what is said."))])
    answer_language = LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES)
