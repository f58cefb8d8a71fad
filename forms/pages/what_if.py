"""A what-if of the awards board: everything may stay empty but the name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forms.base import BaseForm
from forms.fields import MoneyField, SelectField, TextField, WholeNumberField
from forms.i18n import _
from forms.validators import MaxLength, Required

CLAIMS = (
    ("as_they_are", _("As they are now")),
    ("all_confirmed", _("Everything declared is confirmed")),
    ("one_not_met", _("This group's claim is not met:")),
)


class WhatIfForm(BaseForm):
    name = TextField(
        _("Name of this what-if"),
        [Required(_("Write a short name, for example “10 % more money”.")), MaxLength(80)],
    )
    money = MoneyField(_("Money of this round"), help_text=_("Empty: as it is."))
    cut_line = WholeNumberField(
        _("Nobody below this total"), largest=100, help_text=_("From 0 to 100. Empty: no line.")
    )
    least_percent = WholeNumberField(
        _("Awards may be smaller than asked, at least this part"),
        smallest=10,
        largest=100,
        help_text=_("In percent of the request. Empty: the whole request or nothing."),
    )
    without_seat = SelectField(_("Without the marks of one reader"), choices=())
    claims = SelectField(_("Claims about who leads a group"), choices=CLAIMS)
    not_met = SelectField(_("Which group?"), choices=())

    def weights(self, keys: Sequence[str]) -> Mapping[str, int] | None:
        """None when nothing was typed."""
        typed = {key: self[f"weight_{key}"].data for key in keys}
        return (
            None if all(value is None for value in typed.values()) else {k: v or 0 for k, v in typed.items()}
        )

    def check_weights(self, keys: Sequence[str]) -> bool:
        """All or none, and 100 together."""
        weights = self.weights(keys)
        if weights is None or sum(weights.values()) == 100:
            return True
        self.add_error(
            f"weight_{keys[0]}",
            _("All weights together must be 100. They are %(sum)s.", sum=sum(weights.values())),
        )
        return False

    def check_group(self) -> bool:
        if self["claims"].data == "one_not_met" and not self["not_met"].data:
            self.add_error("not_met", _("Choose the group."))
            return False
        return True


def what_if_form(
    criteria: Mapping[str, str], readers: Sequence[tuple[str, str]], groups: Sequence[tuple[str, str]]
) -> type[WhatIfForm]:
    """`criteria`: title by key; `readers` and `groups`: key and words."""
    weights = {f"weight_{key}": WholeNumberField(title, largest=100) for key, title in criteria.items()}
    selects = {
        "without_seat": SelectField(_("Without the marks of one reader"), choices=tuple(readers)),
        "not_met": SelectField(_("Which group?"), choices=tuple(groups)),
    }
    return type("WhatIfFormOfRound", (WhatIfForm,), {**selects, **weights})
