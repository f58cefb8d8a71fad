"""Messages between a group and the fund, and new dates for what was promised."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import ChoiceField, DateField, TextArea
from forms.i18n import _
from forms.validators import Required


class MessageForm(BaseForm):
    text = TextArea(_("Your message"), [Required(_("Write your message."))])


class NewDateForm(BaseForm):
    """For one answer."""

    day = DateField(_("New date"), [Required(_("Choose a day."))])
    reason = TextArea(_("Why? The group reads this."), [Required(_("Write why."))], max_words=100)


class StepDateForm(NewDateForm):
    """For a step of the timetable, for every group that waits."""

    page_order = ("kind", "day")

    kind = ChoiceField(
        _("Which date cannot be kept?"),
        [Required(_("Choose a date of the timetable."))],
        choices=(
            ("eoi_answered", _("First stage answered")),
            ("everybody_told", _("Everybody is told")),
            ("feedback", _("Written feedback")),
        ),
    )
