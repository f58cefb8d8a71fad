"""Changing what a grant's money is for, asking for more time, and the fund's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from forms.base import BaseForm
from forms.fields import BudgetField, ChoiceField, DateField, LanguageField, MoneyField, TextArea
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.money import money_in_text
from forms.validators import Required

MOST_NEW_LINES = 2
MOST_WORDS = 200
LINE = "line_"


def _language_field() -> LanguageField:
    return LanguageField(
        _("Which language do you write in?"),
        choices=[(each.code, each.own_name) for each in LANGUAGES.values()],
    )


class LinesForm(BaseForm):
    """A sum for each line of the grant, new lines if any, and why."""

    def amounts(self) -> Mapping[int, Decimal]:
        """By the number of the line."""
        return {
            int(field.name.removeprefix(LINE)): field.data or Decimal(0)
            for field in self
            if field.name.startswith(LINE)
        }

    def does_not_add_up(self, missing: Decimal, total: Decimal) -> None:
        first = next(field.name for field in self if field.name.startswith(LINE))
        whole, rest = money_in_text(total), money_in_text(abs(missing))
        if missing > 0:
            message = _("Your grant is %(total)s. The lines are %(rest)s too little.", total=whole, rest=rest)
        else:
            message = _("Your grant is %(total)s. The lines are %(rest)s too much.", total=whole, rest=rest)
        self.add_error(first, message)


def lines_form(lines: Sequence[tuple[int, str, Decimal]]) -> type[LinesForm]:
    """`lines`: number, name and sum as they stand."""
    fields: dict[str, Any] = {
        f"{LINE}{number}": MoneyField(
            name or _("The whole grant"),
            [Required(_("Write an amount. Write 0 if you no longer need this line."))],
            default=amount,
        )
        for number, name, amount in lines
    }
    fields["new"] = BudgetField(
        _("New lines, if you need any"),
        max_rows=MOST_NEW_LINES,
        shows_total=False,
        help_text=_("The fund has to agree to a new line."),
    )
    fields["words"] = TextArea(
        _("Why do you change it?"),
        max_words=MOST_WORDS,
        help_text=_("One sentence is enough. Write in any language."),
    )
    fields["answer_language"] = _language_field()
    return type("LinesForm", (LinesForm,), fields)


class MoreTimeForm(BaseForm):
    ends_on = DateField(
        _("Until which day do you need the grant?"),
        [Required(_("Write the new last day, for example 31 12 2029."))],
    )
    moved_days = ChoiceField(
        _("What should move with the end?"),
        [Required(_("Choose what should move."))],
        choices=(
            ("all", _("All payments and conversations that are still to come")),
            ("closing", _("Only our last conversation. The payments stay on their days.")),
        ),
    )
    words = TextArea(
        _("Why do you need more time?"),
        [Required(_("Write one sentence or more. Write in any language."))],
        max_words=MOST_WORDS,
        help_text=_("One sentence is enough. Write in any language."),
    )
    answer_language = _language_field()


class VariationAnswerForm(BaseForm):
    choice = ChoiceField(
        _("What do you say to it?"),
        [Required(_("Choose yes or no."))],
        choices=(("agree", _("Yes, we agree")), ("refuse", _("No, all stays as it is"))),
    )
    answer = TextArea(
        _("Why?"), [Required(_("Write the reason. The group will read it."))], max_words=MOST_WORDS
    )
