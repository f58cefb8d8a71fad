"""The fund's forms about calls, applications and claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, TextArea, TextField
from forms.i18n import _
from forms.validators import Required

MOST_WORDS = 150


LONGEST_NOTE = 300
EVIDENCE = (
    ("board_share", _("How much of the committee, and of the people who run things, is of the community")),
    ("people_share", _("How many of those who lead, help and come are of the community")),
    ("governing_document", _("The written rules of the group")),
    ("main_purpose", _("What the group is there for")),
    ("founders", _("Who set the group up")),
    ("own_words", _("What the group says in its answers")),
    ("conversation", _("A conversation with the group")),
    ("umbrella", _("An umbrella organisation knows the group")),
    ("public_record", _("A register or a public page")),
)


class ClaimForm(BaseForm):
    status = ChoiceField(
        _("What do you find?"),
        [Required(_("Choose what you find."))],
        choices=(
            ("checked", _("Checked, not decided yet")),
            ("confirmed", _("Confirmed")),
            ("not_met", _("Not met")),
        ),
    )
    reason = TextArea(
        _("Why?"),
        max_words=MOST_WORDS,
        help_text=_("Needed for “not met”. The group can read it."),
    )
    evidence = ChoicesField(
        _("What does it rest on?"),
        choices=EVIDENCE,
        help_text=_(
            "At least one before you decide. Counts are enough: never ask anybody for identity papers. The "
            "group can read it."
        ),
    )

    def notes(self) -> list[Any]:
        """The fields for a short note, one for each kind of evidence."""
        return [self[f"note_{kind}"] for kind, _words in EVIDENCE]

    def rests_on(self) -> Mapping[str, str]:
        """By kind, the note; a note without a tick counts as ticked."""
        notes = {kind: (self[f"note_{kind}"].data or "").strip() for kind, _words in EVIDENCE}
        return {kind: note for kind, note in notes.items() if note or kind in self.evidence.data}


for _kind, _words in EVIDENCE:
    setattr(ClaimForm, f"note_{_kind}", TextField(_words, max_length=LONGEST_NOTE))


class SayNoForm(BaseForm):
    """A "no" after the first stage."""

    reason = TextArea(
        _("What will you tell the group?"),
        [Required(_("Write at least one sentence for the group."))],
        max_words=MOST_WORDS,
        help_text=_("Start with what is strong. Say what would help next time, or who else may fund this."),
    )
