"""Requests for data from outside, breaches, and holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, DateField, TextArea, TextField, TickField, YesNoField
from forms.i18n import _
from forms.validators import Required

LONGEST = 600  # words
RISKS = (
    ("unlikely", _("A risk for people is unlikely")),
    ("likely", _("There is a risk for people")),
    ("high", _("There is a high risk for people")),
)
ICO = (("told", _("Yes, they were told")), ("not_told", _("No, they need not be told")))


class RequestForm(BaseForm):
    asked_by = TextField(
        _("Who asks?"), [Required(_("Write who asks, with office and name."))], max_length=200
    )
    asked = TextArea(_("What do they ask for?"), [Required(_("Write what they ask for."))], max_words=LONGEST)
    basis = TextArea(
        _("Which law or order do they name?"),
        [Required(_("Copy the law or the order they name. Write “none” if they name none."))],
        max_words=LONGEST,
    )
    is_order = YesNoField(
        _("Is it an order of a court, or a law that leaves us no choice?"), [Required(_("Choose yes or no."))]
    )
    for_immigration = YesNoField(
        _("Is it for the Home Office, or for border control?"),
        [Required(_("Choose yes or no."))],
        help_text=_("Without an order we give nothing for this."),
    )
    received_on = DateField(_("When did it come?"), [Required(_("Write the day it came."))])
    due_on = DateField(
        _("By when do they want an answer?"), [Required(_("Write the day by which they want an answer."))]
    )
    receipt = TextField(
        _("Number on the group's receipt"),
        max_length=40,
        help_text=_("If it is about one group. Then nothing of it is erased while this is open."),
    )


class ProposeForm(BaseForm):
    given = TextArea(
        _("What exactly is given?"),
        [Required(_("Write what is given, word for word."))],
        max_words=LONGEST,
        help_text=_("Word for word, and no more than the law wants. Another person has to agree to it."),
    )


class TellForm(BaseForm):
    told_words = TextArea(
        _("What do you tell the group?"),
        [Required(_("Write what you tell the group."))],
        max_words=LONGEST,
        help_text=_("They read it on the page of their own data. The mail to them says nothing about it."),
    )


class ForbiddenForm(BaseForm):
    forbidden_reason = TextArea(
        _("Why may the group not be told?"),
        [Required(_("Write why, with the law or the order."))],
        max_words=LONGEST,
    )


class RefuseForm(BaseForm):
    refusal_reason = TextArea(
        _("Why is nothing given?"), [Required(_("Write why nothing is given."))], max_words=LONGEST
    )


class BreachForm(BaseForm):
    what = TextArea(
        _("What happened?"),
        [Required(_("Write what happened."))],
        max_words=LONGEST,
        help_text=_("Which data, of how many people, and what was done at once. Without names."),
    )
    found_on = DateField(_("On which day was it found?"), [Required(_("Write the day it was found."))])
    found_at = TextField(
        _("At what time, in London?"),
        [Required(_("Write the time like this: 16:05."))],
        max_length=5,
        help_text=_("The clock of 72 hours runs from this minute."),
    )
    receipt = TextField(
        _("Number on the group's receipt"), max_length=40, help_text=_("If it is about one group.")
    )


class DecideForm(BaseForm):
    risk = ChoiceField(
        _("What can happen to people?"), [Required(_("Choose how much risk there is."))], choices=RISKS
    )
    ico = ChoiceField(
        _("Is the Information Commissioner told?"),
        [Required(_("Choose whether the Commissioner is told."))],
        choices=ICO,
    )
    reason = TextArea(_("Why?"), [Required(_("Write why you decide so."))], max_words=LONGEST)
    late_reason = TextArea(
        _("Why did it take longer than 72 hours?"),
        max_words=LONGEST,
        help_text=_("Only if it did. The Commissioner asks this."),
    )


class PeopleForm(BaseForm):
    told = TickField(_("The people whose data it is were told"))
    words = TextArea(
        _("Who was told, and how? Or why nobody?"),
        [Required(_("Write who was told, or why nobody."))],
        max_words=LONGEST,
    )


class HoldForm(BaseForm):
    receipt = TextField(
        _("Number on the group's receipt"), [Required(_("Write the number on the receipt."))], max_length=40
    )
    reason = TextArea(
        _("Why must it be kept?"), [Required(_("Write why it must be kept."))], max_words=LONGEST
    )


def keepers_form(people: Sequence[tuple[str, str]]) -> type[BaseForm]:
    choose = [Required(_("Choose a person."))]
    fields: dict[str, Any] = {
        "lead": ChoiceField(_("Who looks after data?"), choose, choices=list(people)),
        "deputy": ChoiceField(_("Who is the second person?"), choose, choices=list(people)),
    }
    return type("KeepersForm", (BaseForm,), fields)
