"""What a group tells about itself once, and the papers it sends once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, MoneyField, SelectField, TextArea, TextField
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.money import latin_digits
from forms.pages.apply import LEGAL_FORMS
from forms.validators import Required

KINDS_OF_DOCUMENTS = (
    ("governing", _("Your rules, for example a constitution")),
    ("safeguarding", _("Safeguarding policy")),
    ("accounts", _("Accounts of last year, or a forecast")),
    ("bank", _("Bank statement")),
    ("other", _("Another document")),
)
LANGUAGE_CHOICES = tuple((language.code, language.own_name) for language in LANGUAGES.values())
LANGUAGE_NAMES = dict(LANGUAGE_CHOICES)
LEGAL_FORM_WORDS = dict(LEGAL_FORMS)
# England and Wales; Scotland; Northern Ireland
CHARITY_NUMBER = re.compile(r"\d{6,7}(-\d{1,3})?|SC\d{6}|(NIC|NI)?\d{6}")
COMPANY_NUMBER = re.compile(r"\d{7,8}|[A-Z]{2}\d{6}")


class RegisterNumberField(TextField):
    """Capitals and digits without spaces, whatever script the digits were typed in."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = latin_digits("".join(valuelist[0].split())).upper() if valuelist else ""


class LooksLike:
    """Only the form of a number: whether it exists is for people to check."""

    def __init__(self, pattern: re.Pattern[str], message: str) -> None:
        self.pattern, self.message = pattern, message

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and not self.pattern.fullmatch(field.data):
            raise ValidationError(self.message)


class ProfileForm(BaseForm):
    """Drawn up by `profile_form`."""


def profile_form(boroughs: Sequence[str], *, is_held: bool) -> type[ProfileForm]:
    """`is_held`: income and borough count in a decision now, so they are not asked."""
    fields: dict[str, Any] = {
        "name": TextField(
            _("What is your group called?"),
            [Required(_("Write the name of your group."))],
            help_text=_("As you write it yourselves, in any script."),
        ),
        "legal_form": SelectField(
            _("What kind of group is it?"),
            choices=LEGAL_FORMS,
            help_text=_("A group without registration is welcome."),
        ),
        "charity_number": RegisterNumberField(
            _("Charity number, if you have one"),
            [LooksLike(CHARITY_NUMBER, _("A charity number looks like 1234567 or SC012345."))],
            max_length=20,
            help_text=_("You do not need one. Leave it empty if you have none."),
        ),
        "company_number": RegisterNumberField(
            _("Company number, if you have one"),
            [LooksLike(COMPANY_NUMBER, _("A company number looks like 01234567 or CE012345."))],
            max_length=20,
            help_text=_("You do not need one. Leave it empty if you have none."),
        ),
    }
    if not is_held:
        fields["annual_income"] = MoneyField(
            _("About how much money did your group receive last year?"),
            help_text=_("A rough amount is fine. Write 0 for nothing yet."),
            why_we_ask=_("Part of the money is kept for small groups."),
        )
        fields["borough"] = SelectField(
            _("In which borough do you mostly work?"),
            choices=[(name, name) for name in boroughs],
            help_text=_("The borough is enough. We never need a street address."),
        )
    fields["languages"] = ChoicesField(
        _("Which languages does your group work in?"),
        choices=LANGUAGE_CHOICES,
        help_text=_("Choose as many as you like."),
    )
    fields["umbrellas"] = TextArea(
        _("Which umbrella organisations or networks do you belong to?"),
        max_length=1_000,
        help_text=_("Only names of organisations, please. You may leave this out."),
        why_we_ask=_("Whoever supports your group does not judge your application."),
    )
    return type("ProfileForm", (ProfileForm,), fields)


class DocumentForm(BaseForm):
    kind = ChoiceField(_("What is it?"), [Required(_("Choose what it is."))], choices=KINDS_OF_DOCUMENTS)
