"""The form of the payments that go to the bank together."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm
from forms.fields import ChoicesField, DateField
from forms.i18n import _
from forms.validators import Required


class BatchForm(BaseForm):
    """With one box for each payment that can go."""

    page_order = ("payments", "pay_on")

    payments: ChoicesField
    pay_on = DateField(
        _("On which day should the bank pay?"),
        [Required(_("Write the day, today or later."))],
    )


def batch_form(choices: Sequence[tuple[str, str]]) -> type[BatchForm]:
    payments = ChoicesField(
        _("Which payments?"), [Required(_("Choose at least one payment."))], choices=choices
    )
    return type("BatchForm", (BatchForm,), {"payments": payments})
