"""The forms around the bank account of a grant. A number is typed by three people and shown to nobody."""

from __future__ import annotations

import re
import unicodedata

from wtforms import Field, Form
from wtforms.validators import StopValidation

from forms.base import BaseForm
from forms.fields import ChoiceField, TextArea, TextField, TickField
from forms.i18n import _
from forms.money import latin_digits
from forms.validators import Required

LONGEST_NAME = 70  # of a party in a payment file
_GAPS = re.compile(r"[\s\-‐-―.]+")
_IN_PAYMENT_FILES = re.compile(r"[A-Za-z0-9 /\-?:().,'+&]+")
PLACE_OF_SORT_CODE = _("Six digits, for example 12-34-56.")
PLACE_OF_NUMBER = _("Eight digits. If yours has six or seven, put zeros in front.")


class DigitsField(TextField):
    """Digits of any script; spaces, dots and hyphens between them are dropped."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = _GAPS.sub("", latin_digits(valuelist[0])) if valuelist else ""


class Digits:
    """So many of them, and not only zeros."""

    def __init__(self, number: int, message: str) -> None:
        self.number, self.message = number, message

    def __call__(self, form: Form, field: Field) -> None:
        text = field.data
        if not (text.isascii() and text.isdigit() and len(text) == self.number and text.strip("0")):
            raise StopValidation(self.message)


class NameOfAccount:
    """What a payment file can carry; accents are dropped there."""

    def __call__(self, form: Form, field: Field) -> None:
        if not any(map(str.isalpha, plain_name(field.data))) or not _IN_PAYMENT_FILES.fullmatch(
            plain_name(field.data)
        ):
            raise StopValidation(
                _("Write the name in Latin letters, as it stands on the bank statement. No other signs.")
            )


def plain_name(name: str) -> str:
    """Without accents."""
    parts = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return "".join(part for part in parts if not unicodedata.combining(part))


class NumbersForm(BaseForm):
    sort_code = DigitsField(
        _("Sort code"),
        [
            Required(_("Write the sort code. It has six digits and stands on the bank statement.")),
            Digits(6, _("A sort code has six digits, for example 12-34-56. Look at the bank statement.")),
        ],
        help_text=PLACE_OF_SORT_CODE,
    )
    number = DigitsField(
        _("Account number"),
        [
            Required(_("Write the account number. It has eight digits and stands on the bank statement.")),
            Digits(
                8, _("An account number has eight digits. If yours has six or seven, put zeros in front.")
            ),
        ],
        help_text=PLACE_OF_NUMBER,
    )


class AccountForm(NumbersForm):
    """What a group says of its account."""

    page_order = ("name",)

    name = TextField(
        _("Name on the account"),
        [Required(_("Write the name as it stands on the bank statement.")), NameOfAccount()],
        max_length=LONGEST_NAME,
        help_text=_(
            "As it stands on the bank statement. If a host holds the money: the account of the host."
        ),
    )


class CheckAccountForm(NumbersForm):
    """What somebody of the fund has done before money goes there."""

    saw_statement = TickField(
        _("I have looked at a bank statement with this name. I typed the numbers from it."),
        [Required(_("Look at a bank statement first, then tick the box."))],
    )
    reached_by = ChoiceField(
        _("How did the group tell you itself that this is right?"),
        [Required(_("Choose how you reached the group. Do not use a number from the same message."))],
        choices=(
            ("phone", _("I called a number that we had before")),
            ("in_person", _("We met in person")),
        ),
    )
    name_check = ChoiceField(
        _("What did our bank say to the name?"),
        [Required(_("Choose what our bank said to the name."))],
        choices=(
            ("match", _("It is the name of this account")),
            ("close", _("It is nearly the same name, and I asked the group why")),
            ("not_answered", _("The bank could not say")),
        ),
    )


class StopAccountForm(BaseForm):
    reason = TextArea(
        _("Why?"), [Required(_("Write the reason. The group and the fund read it."))], max_words=200
    )
