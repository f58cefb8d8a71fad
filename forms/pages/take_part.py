"""What people without an account are asked in co-design. No name, no address, no status."""

from __future__ import annotations

from typing import Any

from forms.base import BaseForm
from forms.fields import (
    ChoiceField,
    LanguageField,
    MoneyField,
    TextArea,
    TextField,
    TickField,
    WholeNumberField,
)
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.pages.codesign import LONGEST, TOPICS
from forms.validators import Required

SHORT = 300
LANGUAGE_CHOICES = [(code, language.own_name) for code, language in LANGUAGES.items()]
SHOWINGS = (
    ("own_words", _("In my words, as I wrote them")),
    ("our_words", _("Not in my words: the fund writes it in its own words first")),
)


def _language() -> LanguageField:
    return LanguageField(
        _("Which language do you write in?"),
        [Required(_("Choose a language."))],
        choices=LANGUAGE_CHOICES,
        help_text=_("Any of these is fine. The fund has it translated."),
    )


def _said_by() -> TextField:
    return TextField(
        _("Who are you, in a few words?"),
        help_text=_(
            "A role such as “a volunteer who leads a group”. Please do not write your name or the name of "
            "your group. You can leave this empty."
        ),
    )


def _showing() -> ChoiceField:
    return ChoiceField(
        _("How may others see it?"),
        [Required(_("Choose how others may see it."))],
        choices=SHOWINGS,
    )


def _unnamed() -> TickField:
    return TickField(
        _("Do not keep who I am, also not the role."),
        help_text=_("Then we only write that it was somebody who took part."),
    )


class SayForm(BaseForm):
    said = TextArea(
        _("What do you want to say?"),
        [Required(_("Write what you want to say."))],
        max_length=LONGEST,
        help_text=_("One thing at a time. Please write no names of people."),
    )
    language = _language()
    topic = ChoiceField(_("What is it about?"), [Required(_("Choose what it is about."))], choices=TOPICS)
    said_by = _said_by()
    showing = _showing()
    unnamed = _unnamed()


class AloudForm(BaseForm):
    """What goes with a recording. Nothing in it has to be filled in, so that no recording is lost for it."""

    language = LanguageField(
        _("Which language do you speak in it?"),
        [Required(_("Choose a language."))],
        choices=LANGUAGE_CHOICES,
        help_text=_("Any of these is fine. The fund has it translated."),
    )
    said_by = _said_by()
    showing = ChoiceField(
        _("How may others see what you said?"),
        [Required(_("Choose how others may see it."))],
        choices=(
            ("own_words", _("In my words, as the fund writes them down")),
            ("our_words", _("Not in my words: the fund writes it in its own words first")),
        ),
    )
    unnamed = _unnamed()


class ProposeForm(BaseForm):
    page_order = ("value",)
    value: Any
    said = TextArea(
        _("Why would you change it?"),
        [Required(_("Write why you would change it."))],
        max_length=LONGEST,
        help_text=_("What does it change for your group? Please write no names of people."),
    )
    language = _language()
    said_by = _said_by()
    showing = _showing()
    unnamed = _unnamed()


def propose_form(kind: str) -> type[ProposeForm]:
    """`kind`: "text", "number" or "money"."""
    if kind == "text":
        field: Any = TextArea(
            _("Your wording"), [Required(_("Write how it should read."))], max_length=LONGEST
        )
    elif kind == "money":
        field = MoneyField(_("Your amount"), [Required(_("Write an amount, for example 2500."))])
    else:
        field = WholeNumberField(
            _("Your number"), [Required(_("Write a number, for example 12."))], largest=1_000_000
        )
    return type("ProposeForm", (ProposeForm,), {"value": field})


class ReplyForm(BaseForm):
    """Support, doubt or a comment on what somebody said; the button says which."""

    text = TextArea(
        _("What do you think of it?"),
        max_length=SHORT,
        help_text=_("One or two sentences. Please write no names of people."),
    )


def ballot_form(choices: Any) -> type[BaseForm]:
    """`choices`: what this rule lets people say, as keys and words."""

    class BallotForm(BaseForm):
        choice = ChoiceField(
            _("What do you say?"), [Required(_("Choose what you say."))], choices=list(choices)
        )
        reason = TextArea(
            _("Why?"),
            max_length=SHORT,
            help_text=_("Needed if you object. Others read the reason, without your name."),
        )

    return BallotForm


class ReturnForm(BaseForm):
    mine = TextField(_("The code you wrote down"), [Required(_("Write the code."))], max_length=20)
