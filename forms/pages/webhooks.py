"""The form for an address that is told when something happened."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoicesField, TextField
from forms.i18n import _
from forms.validators import Required

WHAT_HAPPENED = (
    ("application.sent", _("An application was sent")),
    ("application.withdrawn", _("An application was taken back")),
    ("decisions.released", _("The groups of a round were told")),
    ("award.accepted", _("A group has accepted its grant")),
    ("payment.due", _("A payment can be made")),
    ("payment.paid", _("A payment was made")),
    ("check_in.due", _("A conversation was offered to a group")),
    ("check_in.answered", _("A conversation took place")),
)


class NewAddressForm(BaseForm):
    url = TextField(
        _("Which link do we send it to?"),
        [Required(_("Paste the whole link. It begins with https://"))],
        max_length=500,
        help_text=_("The program behind it belongs to your fund, for example your accounts."),
    )
    kinds = ChoicesField(
        _("What should it be told?"),
        [Required(_("Choose at least one thing."))],
        choices=WHAT_HAPPENED,
        help_text=_("Only what you may see yourself is told, without names and without words of groups."),
    )
