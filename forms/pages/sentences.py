"""The form for one reader's sentence on its way into a letter."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import TextArea
from forms.i18n import _
from forms.pages.panel import SENTENCE_LENGTH


class SentenceForm(BaseForm):
    text = TextArea(_("In which words does the group read it?"), max_length=SENTENCE_LENGTH)
