"""The form with which a person signs an agreement."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import SelectField, TextField, TickField
from forms.i18n import _
from forms.validators import Required

ROLES = (
    ("chair", _("Chair")),
    ("treasurer", _("Treasurer")),
    ("secretary", _("Secretary")),
    ("committee", _("Member of the committee or a trustee")),
    ("director", _("Director")),
    ("worker", _("Works for the organisation")),
    ("other", _("May sign for the organisation")),
)


class SignForm(BaseForm):
    name = TextField(
        _("Your name, as a signature"),
        help_text=_("It stands in the agreement. Without it your e-mail address stands there."),
    )
    role = SelectField(_("What you are in your organisation"), choices=ROLES, default="other")


class AcceptForm(SignForm):
    """For the group and its host."""

    agree = TickField(
        _("I have read this agreement. I may sign for my organisation, and we accept it."),
        [Required(_("Tick the box to accept. If something is wrong, talk to us first."))],
    )
