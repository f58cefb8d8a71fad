"""The forms of help besides money: in which topics, and what a group says itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, EmailField, TextArea, TextField, TickField
from forms.i18n import _
from forms.validators import Required

Choices = Sequence[tuple[str, str]]
TOPICS = (
    ("money", _("Money and accounts")),
    ("fundraising", _("Finding more money")),
    ("governance", _("Running the group: committee, rules, policies")),
    ("safeguarding", _("Keeping people safe")),
    ("wellbeing", _("Well-being of staff and volunteers")),
    ("premises", _("Rooms and places")),
    ("digital", _("Computers, data and the internet")),
    ("languages", _("Languages: translating and interpreting")),
    ("evidence", _("Showing what changes: numbers and stories")),
    ("partnerships", _("Working with others")),
    ("law", _("Law and immigration rules for organisations")),
    ("other", _("Something else")),
)


class NoteForm(BaseForm):
    topics = ChoicesField(
        _("What would help this group?"),
        choices=TOPICS,
        help_text=_("The group sees what you tick, and can change it. Tick nothing if it asks for nothing."),
    )


class OwnTopicsForm(BaseForm):
    wants = ChoiceField(
        _("Would you like help besides money?"),
        [Required(_("Choose yes or no."))],
        choices=(("yes", _("Yes")), ("no", _("No, thank you. Do not offer us anything"))),
    )
    topics = ChoicesField(
        _("What would help you?"),
        choices=TOPICS,
        help_text=_("Choose as many as you like."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if is_valid and self.wants.data == "yes" and not self.topics.data:
            self.add_error("topics", _("Choose what would help you."))
            return False
        return is_valid


PAYERS = (
    ("free", _("It costs nothing")),
    ("fund", _("The fund pays")),
    ("group", _("The group pays")),
)


class OfferForm(BaseForm):
    page_order = ("organisation_name", "topics", "what", "languages", "boroughs")

    organisation_name = TextField(
        _("Which organisation offers this?"), [Required(_("Write the name of the organisation."))]
    )
    what = TextArea(
        _("What does it offer?"),
        [Required(_("Write what it offers."))],
        max_words=150,
        help_text=_("Groups read this as you write it. Use short sentences."),
    )
    is_online = TickField(_("Also online"))
    payer = ChoiceField(_("Who pays?"), [Required(_("Choose who pays."))], choices=PAYERS)
    reach = EmailField(
        _("E-mail address of its office"),
        [Required(_("Write the address of its office."))],
        help_text=_("The address of a role, for example advice@example.org. Never of one person."),
    )


def offer_form(languages: Choices, boroughs: Choices) -> type[OfferForm]:
    return type(
        "OfferForm",
        (OfferForm,),
        {
            "topics": ChoicesField(_("In which topics?"), [Required(_("Choose a topic."))], choices=TOPICS),
            "languages": ChoicesField(
                _("In which languages?"), [Required(_("Choose a language."))], choices=languages
            ),
            "boroughs": ChoicesField(
                _("In which boroughs?"),
                choices=boroughs,
                help_text=_("Choose none if it is for all of London."),
            ),
        },
    )


class ShareForm(BaseForm):
    topics = ChoicesField(
        _("In which topics would you share what you know?"),
        choices=TOPICS,
        help_text=_("Choose none to stop. Nobody sees your group here any more then."),
    )
