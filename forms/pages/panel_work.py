"""Forms of a panel member's own space: pay and reading, fees, expenses; and what the fund answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forms.base import BaseForm
from forms.fields import ChoiceField, MoneyField, TextArea, TextField, WholeNumberField
from forms.i18n import _
from forms.validators import Required

FORMATS = (
    ("screen", _("On the screen")),
    ("print", _("On paper")),
    ("large_print", _("On paper in large print")),
    ("recorded", _("Recorded or read aloud")),
    ("by_phone", _("By phone with the secretary")),
)
EXPENSES = (
    ("care", _("Child care or other care")),
    ("travel", _("Travel")),
    ("data", _("Phone and internet")),
    ("interpreter", _("Interpreter")),
    ("other", _("Something else")),
)
KINDS = (("fee", _("Fee")), *EXPENSES)
LARGEST_SUM = Decimal(2_000)
MOST_HALF_DAYS = 120


def wishes_form(ways: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """With the ways of payment of this call (key, words)."""

    class WishesForm(BaseForm):
        pay_way = ChoiceField(
            _("How should we pay your fee?"),
            choices=ways,
            help_text=_(
                "You can change this until you are paid. "
                "We do not ask about your papers or your right to work."
            ),
        )
        pay_to = TextField(_("If to an organisation: which one?"), max_length=200)
        paper_format = ChoiceField(_("How do you want to read?"), choices=FORMATS)
        paper_note = TextArea(
            _("What else helps you to take part?"),
            help_text=_("For example a quiet room, breaks, an interpreter, or a language."),
            max_length=1_000,
        )

    return WishesForm


class FeeForm(BaseForm):
    half_days = WholeNumberField(
        _("For how many half days?"),
        [Required(_("Write how many half days."))],
        smallest=1,
        largest=MOST_HALF_DAYS,
    )
    why = TextField(
        _("If it is more than we counted: why?"),
        help_text=_("Reading takes some people longer. One sentence is enough."),
        max_length=500,
    )


class ExpenseForm(BaseForm):
    kind = ChoiceField(_("What was it for?"), [Required(_("Choose what it was for."))], choices=EXPENSES)
    amount = MoneyField(
        _("How much?"),
        [Required(_("Write the sum, for example 12.50."))],
        smallest=Decimal("0.01"),
        largest=LARGEST_SUM,
    )
    what_for = TextField(
        _("In your words, with the day"),
        [Required(_("Write what it was for and when."))],
        help_text=_("For example: child care during the meeting on 14 July."),
        max_length=500,
    )


class AgainForm(BaseForm):
    what_for = TextField(
        _("What should the fund know?"), [Required(_("Please write something first."))], max_length=500
    )


def settle_form(ways: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """The fund's side: a reason to send it back, or the way in which it was paid."""

    class SettleForm(BaseForm):
        reason = TextField(_("Why do you send it back? The member reads it."), max_length=500)
        way = ChoiceField(_("How was it paid?"), choices=ways)

    return SettleForm
