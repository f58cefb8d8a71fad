"""Forms of the open seats of a panel."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm, Explained
from forms.fields import ChoiceField, ChoicesField, EmailField, TextArea, TextField, WholeNumberField
from forms.i18n import _
from forms.validators import Required

Choices = Sequence[tuple[str, str]]
RATHER_NOT = "rather_not"


def offer_form(
    kinds: Choices, languages: Choices, groups: Sequence[tuple[str, str, Choices]]
) -> type[BaseForm]:
    """`groups`: key, question and choices of each; their fields are called `group_<key>`."""
    fields: dict[str, Explained] = {
        "kind": ChoiceField(_("Which seat?"), [Required(_("Choose a seat."))], choices=kinds),
        "name": TextField(
            _("What shall we call you?"),
            [Required(_("Write a name. It need not be the one in your papers."))],
            max_length=120,
        ),
        "email": EmailField(_("E-mail address"), help_text=_("We need an e-mail address or a phone number.")),
        "phone": TextField(_("Phone number"), max_length=40),
        "reads_in": ChoicesField(_("In which languages do you read well?"), choices=languages),
    }
    for key, question, choices in groups:
        fields[f"group_{key}"] = ChoiceField(
            question,
            [
                Required(
                    _("%(question)s Choose an answer. “I would rather not say” is one.", question=question)
                )
            ],
            choices=[*choices, (RATHER_NOT, _("I would rather not say"))],
        )
    return type("OfferForm", (BaseForm,), fields)


class AnnounceForm(BaseForm):
    mixed_with = TextField(
        _("A public number that will be mixed in"),
        help_text=_(
            "One that nobody can know today, for example “the six main numbers of the National Lottery on "
            "Saturday 8 May 2027”. Leave it empty if you do not want one."
        ),
        max_length=300,
    )


class DrawForm(BaseForm):
    announced_value = TextField(_("The public number that was announced"), max_length=300)


class SeatGivenForm(BaseForm):
    email = EmailField(_("E-mail address"), [Required(_("Write the member's e-mail address."))])
    capacity = WholeNumberField(
        _("Can read how many"),
        [Required(_("Write how many applications the member can read."))],
        largest=500,
    )


class LeftForm(BaseForm):
    reason = TextField(
        _("Why is somebody else drawn?"),
        help_text=_("Everybody can read this on the page of the draw, so write no names."),
        max_length=500,
    )


def quotas_form(quotas: Sequence[tuple[str, str, str]]) -> type[BaseForm]:
    """For each answer (key, words for the fewest, words for the most) `least_<key>` and `most_<key>`."""
    message = _("Write a whole number.")
    fields: dict[str, Explained] = {}
    for key, least, most in quotas:
        fields[f"least_{key}"] = WholeNumberField(least, [Required(message)], largest=100)
        fields[f"most_{key}"] = WholeNumberField(most, [Required(message)], largest=100)
    fields["reason"] = TextArea(
        _("Why are the quotas changed? Everybody can read this."),
        [Required(_("Please write a reason."))],
        max_length=600,
    )
    return type("QuotasForm", (BaseForm,), fields)
