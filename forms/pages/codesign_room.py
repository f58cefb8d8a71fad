"""The fund's form for the room for influence in one part of a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.fields import ChoiceField
from forms.i18n import _
from forms.pages.codesign import GroupedForm, TextGroup, grouped_form
from forms.validators import Required

REACHES = (
    ("inform", _("You are told")),
    ("consult", _("You are asked")),
    ("co_decide", _("We decide together")),
    ("decide", _("You decide")),
)


class RoomForm(GroupedForm):
    reach: Any

    def validate(self, extra_validators: Any = None) -> bool:
        """Groups read it in their language before they speak: a text stands in all languages or in none."""
        is_valid = super().validate(extra_validators)
        for group in self.groups:
            text = self.text(group.name)
            for code in sorted(set(self.languages) - text.languages) if text else ():
                self.add_error(
                    f"{group.name}_{code}",
                    _("Write it in this language too: groups read it before they say anything."),
                )
                is_valid = False
        return is_valid


def room_form(languages: Sequence[str]) -> type[RoomForm]:
    found: type[RoomForm] = grouped_form(
        RoomForm,
        languages,
        (
            (
                "reach",
                lambda: ChoiceField(
                    _("How far does the voice of groups reach here?"),
                    [Required(_("Choose how far it reaches."))],
                    choices=REACHES,
                ),
            ),
            TextGroup(
                "decided",
                _("How will it be decided?"),
                _("Who decides, by consent or by vote, and what happens when people do not agree."),
                is_long=True,
                needed=_("Write how it will be decided, in every language of the call."),
            ),
            TextGroup(
                "fixed",
                _("What can nobody here change?"),
                _("Leave it empty if everything is open."),
                is_long=True,
            ),
            TextGroup("fixed_by", _("Who fixed that?"), _("For example the funder or the law.")),
        ),
    )
    return found
