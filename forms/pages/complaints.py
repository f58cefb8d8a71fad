"""Complaints, appeals, and somebody who is not safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, DateField, LanguageField, TextArea, TextField
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.validators import Required

MOST_WORDS, LONGEST_REACH = 600, 300
LANGUAGE_CHOICES = tuple((language.code, language.own_name) for language in LANGUAGES.values())
ABOUT = (
    ("manager", _("Somebody who runs the call or works with groups")),
    ("finance", _("Somebody who pays")),
    ("admin", _("Somebody who looks after people and settings")),
    ("panel", _("The panel")),
    ("rules", _("A rule or a form")),
    ("other", _("Something else")),
)
OUTCOMES = (
    ("upheld", _("You are right, and we change something")),
    ("partly", _("You are right in part")),
    ("not_upheld", _("We see it in another way")),
)


class ComplaintForm(BaseForm):
    about = ChoiceField(
        _("What is it about?"),
        [Required(_("Choose what it is about. Then those people will not read it."))],
        choices=ABOUT,
        help_text=_("Whoever does this work neither reads your complaint nor handles it."),
    )
    text = TextArea(
        _("What happened?"),
        [Required(_("Write what happened, in any words."))],
        max_words=MOST_WORDS,
        help_text=_("In any language. You need not give your name."),
    )
    answer_language = LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES)
    reach = TextField(
        _("How may we reach you?"),
        max_length=LONGEST_REACH,
        help_text=_("You can leave this empty. You get a code with which you can read our answer."),
    )


class AppealForm(BaseForm):
    about = ChoiceField(
        _("What is it about?"),
        [Required(_("Choose what it is about. Then those people will not read it."))],
        choices=ABOUT,
        help_text=_("Whoever does this work neither reads your appeal nor handles it."),
    )
    text = TextArea(
        _("Which rule was not followed, or what was not read?"),
        [Required(_("Write what was not done by the rules, in any words."))],
        max_words=MOST_WORDS,
        help_text=_("For example a tie that nobody declared, or a file that nobody opened. In any language."),
    )
    answer_language = LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES)


def claim_appeal_form(claims: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """About one of the claims that were found not met."""
    fields: dict[str, Any] = {
        "claim": ChoiceField(
            _("What should we look at again?"),
            [Required(_("Choose what we should look at again."))],
            choices=list(claims),
        ),
        "text": TextArea(
            _("What did we not see, or not understand?"),
            [Required(_("Write what we should look at, in any words."))],
            max_words=MOST_WORDS,
            help_text=_("In any language. Counts are enough: please send no names and no identity papers."),
        ),
        "answer_language": LanguageField(_("Which language is it in?"), choices=LANGUAGE_CHOICES),
    }
    return type("ClaimAppealForm", (BaseForm,), fields)


class FollowForm(BaseForm):
    code = TextField(_("Your code"), [Required(_("Write the code we gave you."))], max_length=40)


class AcknowledgeForm(BaseForm):
    answer_by = DateField(
        _("By which day do you answer?"), [Required(_("Write the day by which you answer."))]
    )


class ComplaintAnswerForm(BaseForm):
    outcome = ChoiceField(
        _("What do you say?"), [Required(_("Choose what you say to it."))], choices=OUTCOMES
    )
    answer = TextArea(
        _("Your answer, and what changes"), [Required(_("Write an answer."))], max_words=MOST_WORDS
    )


class SafetyForm(BaseForm):
    words = TextArea(
        _("What should the person know?"),
        max_words=MOST_WORDS,
        help_text=_("You can leave this empty. Then the person calls you and asks."),
    )


class CloseFlagForm(BaseForm):
    note = TextArea(_("What was done?"), [Required(_("Write what was done."))], max_words=MOST_WORDS)


def person_form(name: str, label: str, people: Sequence[tuple[str, str]]) -> type[BaseForm]:
    field = ChoiceField(label, [Required(_("Choose a person."))], choices=list(people))
    return type("PersonForm", (BaseForm,), {name: field})


def named_form(people: Sequence[tuple[str, str]]) -> type[BaseForm]:
    fields: dict[str, Any] = {
        "lead": ChoiceField(
            _("Who is told when somebody is not safe?"),
            [Required(_("Choose a person."))],
            choices=list(people),
        ),
        "deputy": ChoiceField(
            _("Who stands in?"), [Required(_("Choose a second person."))], choices=list(people)
        ),
    }
    return type("NamedForm", (BaseForm,), fields)
