"""Reading what groups say for themes: the code book, marks in a text, and what two readers settle."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, TextArea, TextField
from forms.i18n import _
from forms.validators import Required

MOST_WORDS = 120
LONGEST_NAME = 80


class ThemeCodeForm(BaseForm):
    name = TextField(
        _("What is it called?"),
        [Required(_("Write a short name, for example “Sleeping better”."))],
        max_length=LONGEST_NAME,
        help_text=_("In the words of groups, not in ours."),
    )
    meaning = TextArea(
        _("What does it mean?"),
        [Required(_("Write one sentence, so that another reader marks the same words."))],
        max_words=MOST_WORDS,
    )
    example = TextArea(
        _("An example"),
        max_words=MOST_WORDS,
        help_text=_("Write it so that nobody can tell which group said it."),
    )


class EndReasonForm(BaseForm):
    reason = TextArea(
        _("Why?"), [Required(_("Write why, for whoever reads the code book later."))], max_words=MOST_WORDS
    )


class MergeForm(EndReasonForm):
    page_order = ("into",)
    into: ChoiceField


class MarkForm(BaseForm):
    """With a box for each code in use."""

    codes: ChoicesField
    quote = TextArea(
        _("Which words?"),
        max_words=2000,
        help_text=_("Copy them from the text. Leave this empty to mark the whole text."),
    )


class SettleForm(BaseForm):
    codes: ChoicesField


def merge_form(others: Sequence[tuple[str, str]]) -> type[MergeForm]:
    into = ChoiceField(
        _("Into which theme code?"), [Required(_("Choose a theme code that is in use."))], choices=others
    )
    return type("MergeForm", (MergeForm,), {"into": into})


def mark_form(codes: Sequence[tuple[str, str]]) -> type[MarkForm]:
    field = ChoicesField(
        _("Which theme codes fit?"), [Required(_("Choose at least one theme code."))], choices=codes
    )
    return type("MarkForm", (MarkForm,), {"codes": field})


def settle_form(codes: Sequence[tuple[str, str]]) -> type[SettleForm]:
    field = ChoicesField(_("Which theme codes count for this text?"), choices=codes)
    return type("SettleForm", (SettleForm,), {"codes": field})


class YearForm(BaseForm):
    """Which year is told to everybody."""


def year_form(years: Sequence[int]) -> type[YearForm]:
    field = ChoiceField(
        _("Themes of which year?"),
        [Required(_("Choose a year."))],
        choices=[(str(year), str(year)) for year in years],
        help_text=_("Of what groups told in that year. What is read later does not join it."),
    )
    return type("YearForm", (YearForm,), {"year": field})
