"""The forms of sessions of help: planning, cancelling, who came, and a group that comes."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm
from forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    SelectField,
    TextArea,
    TextField,
    TickField,
    WholeNumberField,
)
from forms.i18n import _
from forms.pages.support import TOPICS
from forms.validators import Required

Choices = Sequence[tuple[str, str]]
MOST_PLACES, MOST_OF_A_GROUP = 500, 20
CLOCK = tuple((f"{hour:02d}:{minute:02d}",) * 2 for hour in range(7, 22) for minute in (0, 30))


class SupportSessionForm(BaseForm):
    title = TextField(_("What is the session called?"), [Required(_("Write what the session is called."))])
    topic = SelectField(_("Topic"), [Required(_("Choose a topic."))], choices=TOPICS)
    day = DateField(_("On which day?"), [Required(_("Write the day, for example 31 12 2027."))])
    clock = SelectField(_("At what time in London?"), [Required(_("Choose a time."))], choices=CLOCK)
    kind = ChoiceField(
        _("Where?"),
        [Required(_("Choose a room or online."))],
        choices=(("room", _("In a room")), ("online", _("Online"))),
    )
    place = TextArea(
        _("Room and how to get there, or the link"),
        [Required(_("Write where it is."))],
        max_words=100,
        help_text=_("Only people of groups that said yes see this."),
    )
    has_interpreters = TickField(_("There are interpreters"))
    has_child_care = TickField(_("There is child care"))
    costs = TextArea(
        _("Which costs do you pay?"), max_words=50, help_text=_("For example: travel and a warm meal.")
    )
    places = WholeNumberField(
        _("For how many people is there room?"),
        [Required(_("Write a number."))],
        smallest=1,
        largest=MOST_PLACES,
    )


def support_session_form(languages: Choices) -> type[SupportSessionForm]:
    field = ChoicesField(_("In which languages?"), [Required(_("Choose a language."))], choices=languages)
    return type("SupportSessionForm", (SupportSessionForm,), {"languages": field})


class CancelForm(BaseForm):
    why = TextArea(
        _("Why is it cancelled?"),
        [Required(_("Write why it is cancelled."))],
        max_words=50,
        help_text=_("The groups that wanted to come read this."),
    )


def came_form(groups: Choices) -> type[BaseForm]:
    field = ChoicesField(_("Which groups came?"), choices=groups)
    return type("CameForm", (BaseForm,), {"came": field})


class ComeForm(BaseForm):
    people = WholeNumberField(
        _("How many people of your group come?"),
        [Required(_("Write a number."))],
        smallest=1,
        largest=MOST_OF_A_GROUP,
    )
    needs = TextArea(
        _("What do you need to take part?"),
        max_words=60,
        help_text=_("For example an interpreter for your language, or a place for a wheelchair. No names."),
    )
