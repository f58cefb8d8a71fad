"""After sending: how long it took, and who runs the group. Apart from the application, and never needed."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoiceField, WholeNumberField
from forms.i18n import _

MOST_MINUTES = 60_000
MOST_PEOPLE = 1_000
RATHER_NOT = "rather_not"
SHARE_CHOICES = (
    ("none", _("Nobody")),
    ("some", _("Fewer than half")),
    ("half", _("About half")),
    ("most", _("More than half")),
    ("all", _("Everybody")),
    (RATHER_NOT, _("We prefer not to say")),
)


class TimeForm(BaseForm):
    minutes = WholeNumberField(
        _("About how many minutes did it take, all people together?"),
        largest=MOST_MINUTES,
        help_text=_("A guess is fine. One hour is 60 minutes, one working day is about 420."),
    )
    people = WholeNumberField(_("How many people worked on it?"), largest=MOST_PEOPLE)


class EqualityForm(BaseForm):
    """Shares of the people who run the group; nobody is counted one by one, and nobody is named."""

    women = ChoiceField(_("Women"), choices=SHARE_CHOICES)
    racially_minoritised = ChoiceField(
        _("People from racially minoritised communities"), choices=SHARE_CHOICES
    )
    migrants = ChoiceField(_("People who have moved here from another country"), choices=SHARE_CHOICES)
    disabled = ChoiceField(_("Disabled or Deaf people"), choices=SHARE_CHOICES)
    lgbt = ChoiceField(_("Lesbian, gay, bisexual, trans or queer people"), choices=SHARE_CHOICES)
    under_25 = ChoiceField(_("People under 25"), choices=SHARE_CHOICES)
    over_60 = ChoiceField(_("People over 60"), choices=SHARE_CHOICES)
