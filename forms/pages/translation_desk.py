"""The forms of the translation desk."""

from __future__ import annotations

from typing import Any

from forms.base import BaseForm
from forms.fields import TextArea, TextField
from forms.i18n import _
from forms.validators import Required

LONGEST_NAME = 120
LONGEST_TEXT = 5_000


class TextForm(BaseForm):
    """One text, beside its source."""

    text: Any = TextArea(_("Translation"), max_length=LONGEST_TEXT)
    by: Any = TextField(_("Translated by"), max_length=LONGEST_NAME)


class ReadForm(BaseForm):
    by: Any = TextField(
        _("Who has read them?"),
        [Required(_("Write the name of the person or the organisation."))],
        max_length=LONGEST_NAME,
        help_text=_("Somebody who speaks both languages well, and who did not write these translations."),
    )


class FileForm(BaseForm):
    maker: Any = TextField(
        _("Who translated the texts in the file?"),
        max_length=LONGEST_NAME,
        help_text=_("It counts for rows that name nobody themselves."),
    )
