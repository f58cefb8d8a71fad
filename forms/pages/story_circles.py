"""The forms of story circles: inviting, choosing with a reason, and checking what was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, DateField, TextArea
from forms.i18n import _
from forms.validators import Required

MOST_WORDS = 200
Choices = Sequence[tuple[str, str]]


class InviteForm(BaseForm):
    page_order = ("held_on", "domain", "stories", "people")

    held_on = DateField(
        _("On which day does the circle meet?"), [Required(_("Write the day, for example 31 12 2027."))]
    )


def invite_form(domains: Choices, stories: Choices, people: Choices) -> type[InviteForm]:
    return type(
        "InviteForm",
        (InviteForm,),
        {
            "domain": ChoiceField(
                _("About which kind of change?"), [Required(_("Choose one kind of change."))], choices=domains
            ),
            "stories": ChoicesField(
                _("Which stories does it read?"),
                [Required(_("Choose stories of two groups or more."))],
                choices=stories,
            ),
            "people": ChoicesField(
                _("Who is invited?"),
                [Required(_("Invite three people or more."))],
                choices=people,
                help_text=_(
                    "With grantees: people of two groups or more, so that nobody reads their own story alone."
                ),
            ),
        },
    )


class SpeakForm(BaseForm):
    page_order = ("story", "why")

    why = TextArea(
        _("Why this one? Write it in your own words."),
        [Required(_("Write why this story says most to you."))],
        max_words=MOST_WORDS,
        help_text=_(
            "Any language is welcome. The others read it, without your name, when everybody has chosen."
        ),
    )


def speak_form(stories: Choices) -> type[SpeakForm]:
    field = ChoiceField(
        _("Which story shows the change that matters most?"),
        [Required(_("Choose one story."))],
        choices=stories,
    )
    return type("SpeakForm", (SpeakForm,), {"story": field})


class ChooseForm(BaseForm):
    page_order = ("story", "why")

    why = TextArea(
        _("Why did the circle choose it?"),
        [Required(_("Write the reason the circle gave."))],
        max_words=MOST_WORDS,
        help_text=_("Every group whose story was read gets to see this. Write no names."),
    )


def choose_form(stories: Choices) -> type[ChooseForm]:
    field = ChoiceField(
        _("Which story did the circle choose?"), [Required(_("Choose one story."))], choices=stories
    )
    return type("ChooseForm", (ChooseForm,), {"story": field})


class RightForm(BaseForm):
    is_right = ChoiceField(
        _("Is your story right as it stands, and the reason beside it?"),
        [Required(_("Choose yes or no."))],
        choices=(("yes", _("Yes, it is right")), ("no", _("No, do not show it like this"))),
    )
    words = TextArea(_("What is not right?"), max_words=MOST_WORDS)


class VerifyForm(BaseForm):
    how = TextArea(
        _("How did you check the story?"),
        [Required(_("Write how you checked it."))],
        max_words=MOST_WORDS,
        help_text=_("For example: we talked to the group, and saw the letter of the school."),
    )
