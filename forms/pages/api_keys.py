"""The form for a key of a tool that reads for somebody."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, TextField
from forms.i18n import _
from forms.validators import Required

WHAT_IT_READS = (
    ("calls", _("Calls and their dates")),
    ("applications", _("Lists of applications, without answers")),
    ("awards", _("Awards")),
    ("payments", _("Planned and made payments")),
    ("check_ins", _("Conversations that are near or wait for a reply")),
)
HOW_LONG = (("30", _("For a month")), ("90", _("For three months")), ("366", _("For a year")))


class NewKeyForm(BaseForm):
    name = TextField(
        _("Which tool is it for?"),
        [Required(_("Write the name of the tool, so that you know the key again."))],
        max_length=80,
    )
    scopes = ChoicesField(
        _("What may it read?"),
        [Required(_("Choose at least one thing."))],
        choices=WHAT_IT_READS,
        help_text=_("It never sees more than you see yourself. It cannot change anything."),
    )
    days = ChoiceField(_("For how long?"), [Required(_("Choose how long the key works."))], choices=HOW_LONG)
