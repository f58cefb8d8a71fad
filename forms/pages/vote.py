"""A panel member's ballot."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forms.base import BaseForm, Explained
from forms.fields import ChoicesField, MoneyField
from forms.i18n import _
from forms.money import money_in_text


def approvals_form(groups: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """Yes to any number of these (key, name); none is a ballot too."""

    class ApprovalsForm(BaseForm):
        chosen = ChoicesField(
            _("Which of these should get a grant?"),
            choices=groups,
            help_text=_("Choose as many as you want. You can also choose none."),
        )

    return ApprovalsForm


def pounds_form(groups: Sequence[tuple[str, str, Decimal]]) -> type[BaseForm]:
    """`pounds_<key>` for each group, at most what it asks for."""
    fields: dict[str, Explained] = {
        f"pounds_{key}": MoneyField(
            name, largest=asked, help_text=_("Asks for %(amount)s", amount=money_in_text(asked))
        )
        for key, name, asked in groups
    }
    return type("PoundsForm", (BaseForm,), fields)
