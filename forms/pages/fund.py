"""The fund's forms about calls, applications and claims."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoiceField, TextArea
from forms.i18n import _
from forms.validators import Required

MOST_WORDS = 150


class ClaimForm(BaseForm):
    status = ChoiceField(
        _("What do you find?"),
        [Required(_("Choose what you find."))],
        choices=(
            ("checked", _("Checked, not decided yet")),
            ("confirmed", _("Confirmed")),
            ("not_met", _("Not met")),
        ),
    )
    reason = TextArea(
        _("Why?"),
        max_words=MOST_WORDS,
        help_text=_("Needed for “not met”. The group can read it."),
    )


class SayNoForm(BaseForm):
    """A "no" after the first stage."""

    reason = TextArea(
        _("What will you tell the group?"),
        [Required(_("Write at least one sentence for the group."))],
        max_words=MOST_WORDS,
        help_text=_("Start with what is strong. Say what would help next time, or who else may fund this."),
    )
