"""The form with which the fund reads a grant before everybody can."""

from __future__ import annotations

from forms.fields import ChoiceField, DateField, TextArea, TickField
from forms.i18n import _
from forms.pages.grants import DescribeForm
from forms.validators import Required

PUBLISH, HOLD = "publish", "hold"


class PublicationForm(DescribeForm):
    decision = ChoiceField(
        _("May it go into open data?"),
        [Required(_("Choose yes or no."))],
        choices=[
            (PUBLISH, _("Yes. I have read every word, and nobody can be found by it.")),
            (HOLD, _("No. Keep it out, and count it with what is withheld for safety.")),
        ],
    )
    is_coarse = TickField(
        _("Say London instead of the borough."),
        help_text=_("For groups that could be found by where they are."),
    )
    not_before = DateField(
        _("Not before this day (you may leave it empty)"),
        help_text=_("For groups that are at risk while their work begins."),
    )
    shares_dei = TickField(
        _("The group has said that we may publish who leads it."),
        help_text=_("Only what was confirmed is said, as a code for a community, never about a person."),
    )
    reason = TextArea(
        _("Why less than everything is published"),
        max_words=60,
        help_text=_("Only people of the fund read it. Needed unless all of it is published now."),
    )
