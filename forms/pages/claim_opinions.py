"""Asking an umbrella organisation about a claim, and answering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, ChoicesField, DateField, TextArea, TickField
from forms.i18n import _
from forms.validators import Required

MOST_WORDS = 150
VIEWS = (
    ("agrees", _("Yes, we see it as the group does")),
    ("does_not_agree", _("No, we see it in another way")),
    ("cannot_say", _("We cannot say")),
)


def ask_form(people: Sequence[tuple[str, str]], answers: Sequence[tuple[str, str]]) -> type[BaseForm]:
    fields: dict[str, Any] = {
        "person": ChoiceField(_("Whom do you ask?"), [Required(_("Choose a person."))], choices=list(people)),
        "question": TextArea(
            _("What do you want to know?"), [Required(_("Write your question."))], max_words=MOST_WORDS
        ),
    }
    if answers:
        fields["shown"] = ChoicesField(
            _("Which answers may they read?"),
            choices=list(answers),
            help_text=_(
                "Only what says who leads the group. They see its name, and the bands it has ticked."
            ),
        )
    fields["answer_by"] = DateField(
        _("By which day?"),
        [Required(_("Write the day by which you hope for an answer."))],
        help_text=_("To plan with. You can decide without the answer."),
    )
    return type("AskOpinionForm", (BaseForm,), fields)


class OpinionForm(BaseForm):
    view = ChoiceField(_("What do you say?"), [Required(_("Choose what you say to it."))], choices=VIEWS)
    reason = TextArea(
        _("Why? One sentence or more"),
        [Required(_("Write at least one sentence."))],
        max_words=MOST_WORDS,
        help_text=_("The fund reads it. Write no names."),
    )


class DeclineOpinionForm(BaseForm):
    has_tie = TickField(_("I have a tie with this group"), help_text=_("Then you do not see it any more."))
    why = TextArea(_("Why? You can leave this empty"), max_words=MOST_WORDS)
