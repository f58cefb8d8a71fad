"""Starting a call: what has to be known to begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms.validators import StopValidation

from forms.base import BaseForm
from forms.fields import ChoicesField, DateField, MoneyField, SelectField, TextArea, TextField
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.validators import Required

CODE_HELP = _(
    "It stands in addresses and cannot be changed later. Letters a–z, digits and -, for example DGF-2028."
)


_GOOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)


class _Code:
    def __call__(self, form: Any, field: Any) -> None:
        if not _GOOD.fullmatch(field.data or ""):
            raise StopValidation(
                _("Use letters a–z, digits, - and _ only, at most 40, for example DGF-2028.")
            )


class CodeAndDay(BaseForm):
    call_code = TextField(
        _("Code of the call"),
        [Required(_("Write a code, for example DGF-2028.")), _Code()],
        help_text=CODE_HELP,
    )
    opens = DateField(
        _("First day on which groups can apply"),
        [Required(_("Write the day on which the call opens."))],
        help_text=_("All other days are worked out from it. You can change each of them."),
    )


def new_call_form(first_languages: Sequence[str]) -> Any:
    """`first_languages`: those that have the standard texts."""

    class NewCallForm(CodeAndDay):
        title = TextField(_("Title of the call"), [Required(_("Write a title."))])
        purpose = TextArea(
            _("What is the money for?"),
            [Required(_("Write one or two sentences about what the money is for."))],
            max_length=1000,
        )
        area = TextField(
            _("Area"),
            [Required(_("Write where the groups work."))],
            help_text=_("For example a city or a region."),
        )
        boroughs = TextArea(
            _("Boroughs or districts"),
            max_length=3000,
            help_text=_("One on each line. Leave it empty if the area has no parts."),
        )
        total = MoneyField(
            _("How much money is there for grants?"),
            [Required(_("Write the amount in pounds, for example 250000."))],
            smallest=Decimal(100),
        )
        first_language = SelectField(
            _("Language in which you write first"),
            [Required(_("Choose a language."))],
            choices=[(code, LANGUAGES[code].own_name) for code in first_languages],
        )
        languages = ChoicesField(
            _("Other languages of the call"),
            choices=[(code, language.own_name) for code, language in LANGUAGES.items()],
            help_text=_("Everything has to be there in each of them before the call is published."),
        )

    return NewCallForm
