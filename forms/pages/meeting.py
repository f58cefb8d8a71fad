"""Forms of the panel's meeting: who is here, what was agreed, votes, another place on the agenda."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm, Explained
from forms.fields import ChoiceField, ChoicesField, SelectField, TextArea, TextField, WholeNumberField
from forms.i18n import _
from forms.pages.awards import OUTCOMES
from forms.validators import Required

NOTES_LENGTH = 5_000
REASON_LENGTH = 1_000
MOST_ITEMS = 10_000
MOST_VOTES = 500


def here_form(members: Sequence[tuple[str, str]]) -> type[BaseForm]:
    class HereForm(BaseForm):
        here = ChoicesField(_("Who is here now?"), choices=members)

    return HereForm


def item_form(criteria: Sequence[tuple[str, str]], levels: Sequence[int]) -> type[BaseForm]:
    """`level_<key>` for each criterion. Reason and notes; the view asks for the reason where it is needed."""
    choices = [(str(level), str(level)) for level in levels]
    fields: dict[str, Explained] = {
        f"level_{key}": SelectField(title, choices=choices) for key, title in criteria
    }
    fields["outcome"] = ChoiceField(
        _("What did the panel decide?"),
        choices=OUTCOMES,
        help_text=_("Without a decision the awards list stays as it is."),
    )
    fields["reason"] = TextArea(
        _("Why? One sentence."),
        max_length=REASON_LENGTH,
        help_text=_("It stands in the minutes and in the record."),
    )
    fields["notes"] = TextArea(
        _("Notes"),
        max_length=NOTES_LENGTH,
        help_text=_("They stand in the minutes. The group can ask for them by law."),
    )
    return type("ItemForm", (BaseForm,), fields)


class MoveForm(BaseForm):
    """Another place on the agenda."""

    position = WholeNumberField(
        _("New place"),
        [Required(_("Write the new place, for example 1."))],
        smallest=1,
        largest=MOST_ITEMS,
    )
    moved_reason = TextField(
        _("Why another place?"),
        [Required(_("Write why it moves. It stands in the minutes."))],
        max_length=500,
    )


def votes_form(items: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """Votes for each of several equal applications: `votes_<key>`."""
    fields: dict[str, Explained] = {
        f"votes_{key}": WholeNumberField(_("Votes for %(group)s", group=name), largest=MOST_VOTES)
        for key, name in items
    }
    return type("VotesForm", (BaseForm,), fields)
