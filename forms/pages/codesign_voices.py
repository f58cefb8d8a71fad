"""The fund's forms around what people say by a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, DateField, TextField, WholeNumberField
from forms.i18n import _
from forms.pages.codesign import GroupedForm, TextGroup, grouped_form
from forms.validators import Required

MOST_PEOPLE = 2_000
# Minutes, by key.
TIMES = {"10": 10, "60": 60, "1440": 1_440, "4320": 4_320, "10080": 10_080}
TIME_CHOICES = (
    ("10", _("Ten minutes, here in the room")),
    ("60", _("One hour")),
    ("1440", _("One day")),
    ("4320", _("Three days")),
    ("10080", _("One week")),
)


class LinkForm(BaseForm):
    people = WholeNumberField(
        _("For how many people is the link?"),
        [Required(_("Write a number, for example 12."))],
        smallest=1,
        largest=MOST_PEOPLE,
        help_text=_("So many voices count at most, so that nobody can vote a hundred times."),
    )
    ends_on = DateField(_("On which day does it end?"), [Required(_("Write the last day of the link."))])


class DecisionForm(BaseForm):
    time = ChoiceField(
        _("How long can people say something?"), [Required(_("Choose how long."))], choices=TIME_CHOICES
    )


class HideForm(BaseForm):
    why = TextField(
        _("Why is it not shown?"),
        help_text=_("People read the reason in its place. Leave it empty to show it again."),
    )


class RetellForm(GroupedForm):
    pass


def retell_form(languages: Sequence[str]) -> type[RetellForm]:
    found: type[RetellForm] = grouped_form(
        RetellForm,
        languages,
        (
            TextGroup(
                "retold",
                _("In the words of the fund"),
                _("Others read this instead of what the person wrote."),
                is_long=True,
                needed=_("Write it in at least one language."),
            ),
        ),
    )
    return found


class ApplyForm(GroupedForm):
    pass


def apply_form(languages: Sequence[str]) -> Any:
    """The answer that goes with the change: why, what is different, who decided."""
    return grouped_form(
        ApplyForm,
        languages,
        (
            TextGroup(
                "reason", _("Why?"), is_long=True, needed=_("Write the reason, in at least one language.")
            ),
            TextGroup(
                "what_changed",
                _("What is different now?"),
                is_long=True,
                needed=_("Write what is different now, in at least one language."),
            ),
            TextGroup(
                "decided_by", _("Who decided?"), needed=_("Write who decided, in at least one language.")
            ),
        ),
    )


class LeftOpenForm(GroupedForm):
    pass


def left_open_form(languages: Sequence[str]) -> type[LeftOpenForm]:
    """Why the call is published although something has no answer, and who says so."""
    found: type[LeftOpenForm] = grouped_form(
        LeftOpenForm,
        languages,
        (
            TextGroup(
                "reason",
                _("Why do these points get no answer before the call is published?"),
                _("Everybody reads it on the page “You said, we did”."),
                is_long=True,
                needed=_("Write the reason, in at least one language."),
            ),
            TextGroup(
                "role",
                _("In which role do you decide this?"),
                _("For example “the director of the fund”. It is published, and your name is kept with it."),
                needed=_("Write your role, in at least one language."),
            ),
        ),
    )
    return found
