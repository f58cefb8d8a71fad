"""The fund's forms around what somebody said aloud in co-design."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoiceField, LanguageField, TextArea, TextField
from forms.i18n import _
from forms.pages.codesign import LONGEST, TOPICS
from forms.pages.take_part import LANGUAGE_CHOICES
from forms.validators import Required


class HeardForm(BaseForm):
    """What is said in a recording, as a point."""

    text = TextArea(
        _("What is said"),
        [Required(_("Write what is said."))],
        max_length=LONGEST,
        help_text=_("In the words of the person, in the language they speak. Leave out names of people."),
    )
    language = LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES)
    topic = ChoiceField(_("What is it about?"), [Required(_("Choose what it is about."))], choices=TOPICS)


class AsideForm(BaseForm):
    why = TextField(
        _("Why can nothing be written down from it?"),
        [Required(_("Write the reason, for example “Nobody can be heard”."))],
        help_text=_("It stays with the record of co-design."),
    )
