"""The checks of a grant, its conditions, and what somebody at the fund writes about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, DateField, SelectField, TextArea
from forms.i18n import _
from forms.validators import Required

MOST_WORDS = 200

EVIDENCE_WORDS = (
    ("governing", _("Written rules, for example a constitution")),
    ("safeguarding", _("Safeguarding policy")),
    ("accounts", _("Accounts of last year, or a forecast")),
    ("bank", _("Bank statement")),
    ("register", _("A public register")),
    ("conversation", _("A conversation that we wrote down")),
    ("host", _("The host of the group")),
    ("our_records", _("What we know from before")),
)
NOT_NEEDED_WORDS = {
    "grant_size": _("Not needed for a grant of this size."),
    "legal_form": _("Not needed for this kind of group."),
    "none_there": _("There is no number in a register, and none is needed."),
    "fund_decided": _("Not needed:"),
}
Choices = Sequence[tuple[str, str]]


class CheckForm(BaseForm):
    """Drawn up by `check_form`."""


def check_form(enough: Collection[str], people: Choices) -> type[CheckForm]:
    """`enough`: kinds of evidence that the call takes; none where it leaves that to whoever checks."""
    fields: dict[str, Any] = {
        "status": ChoiceField(
            _("Where does it stand?"),
            [Required(_("Choose where it stands."))],
            choices=(
                ("open", _("Still open")),
                ("help_offered", _("We help the group with it")),
                ("done", _("Done")),
                ("not_needed", _("Not needed for this group")),
            ),
        )
    }
    kinds = [(key, words) for key, words in EVIDENCE_WORDS if key in enough]
    if kinds:
        fields["evidence"] = SelectField(
            _("What did you see?"), choices=kinds, help_text=_("Any one of these is enough.")
        )
    fields["help"] = TextArea(
        _("Which help do you offer?"),
        max_words=MOST_WORDS,
        help_text=_("Who helps, and how to reach them. The group reads it and gets a mail."),
    )
    fields["note"] = TextArea(
        _("Note, or why it is not needed"), max_words=MOST_WORDS, help_text=_("The group reads it.")
    )
    fields["owner"] = SelectField(
        _("Who looks after it?"), choices=people, help_text=_("The group reads this name.")
    )
    fields["due_on"] = DateField(
        _("By which day?"), help_text=_("To plan with. Nothing happens to the group on this day.")
    )
    return type("CheckForm", (CheckForm,), fields)


class ConditionForm(BaseForm):
    """Drawn up by `condition_form`."""


def condition_form(people: Choices) -> type[ConditionForm]:
    fields: dict[str, Any] = {
        "words": TextArea(
            _("What has to be there later?"),
            [Required(_("Write what the group has to do."))],
            max_words=MOST_WORDS,
            help_text=_("It stands in the agreement. The group reads it."),
        ),
        "help": TextArea(
            _("How does the fund help with it?"),
            [Required(_("Write who helps, and how."))],
            max_words=MOST_WORDS,
        ),
        "due_on": DateField(_("By which day?"), [Required(_("Write the day by which it has to be there."))]),
        "owner": SelectField(
            _("Who looks after it?"), choices=people, help_text=_("The group reads this name.")
        ),
    }
    return type("ConditionForm", (ConditionForm,), fields)


class SettleConditionForm(BaseForm):
    outcome = ChoiceField(
        _("Where does it stand?"),
        [Required(_("Choose where it stands."))],
        choices=(
            ("met", _("The group has done it")),
            ("lifted", _("It is not asked any more")),
            ("more_time", _("The group gets more time")),
        ),
    )
    note = TextArea(_("Note, or why not"), max_words=MOST_WORDS, help_text=_("The group reads it."))
    until = DateField(_("More time until which day?"), help_text=_("Only when you give more time."))
