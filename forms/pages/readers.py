"""Which decision uses an answer; or why it is asked all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.fields import ChoicesField, TextField
from forms.i18n import _
from forms.pages.codesign import GroupedForm, TextGroup, grouped_form

LONGEST_NAME = 120


class ReadersForm(GroupedForm):
    used_for: Any
    by: Any

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        reason, first = self.text("reason"), self.languages[0]
        if reason is not None and first not in reason.languages:
            self.add_error(
                f"reason_{first}",
                _("Write it in the first language of the call too. Translations follow it."),
            )
            is_valid = False
        if reason is not None and not self.by.data.strip():
            self.add_error("by", _("Write the name of the person who says so. It is shown to everybody."))
            is_valid = False
        return is_valid


def readers_form(languages: Sequence[str], uses: Sequence[tuple[str, str]]) -> type[ReadersForm]:
    found: type[ReadersForm] = grouped_form(
        ReadersForm,
        languages,
        (
            (
                "used_for",
                lambda: ChoicesField(
                    _("What else is the answer used for?"),
                    choices=uses,
                    help_text=_("Choose only what really happens with it."),
                ),
            ),
            TextGroup(
                "reason",
                _("Why is it asked all the same?"),
                _("Only if no decision uses the answer. Everybody can read this beside the question."),
                is_long=True,
            ),
            ("by", lambda: TextField(_("Who says so?"), max_length=LONGEST_NAME)),
        ),
    )
    return found
