"""The fixed forms around an application; its questions come from the call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.definition import PartKind, Question, QuestionKind
from forms.fields import ChoiceField, LanguageField, SelectField, TextArea, TextField, TickField
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.validators import Required

NEW_GROUP = "new"
LEGAL_FORMS = (
    ("unconstituted", _("A group without written rules")),
    ("unincorporated", _("A group with written rules, not registered")),
    ("cio", _("Charitable incorporated organisation (CIO)")),
    ("charitable_company", _("Charity that is a company")),
    ("cic", _("Community interest company (CIC)")),
    ("casc", _("Community amateur sports club (CASC)")),
    ("company", _("Company")),
    ("other", _("Something else, or not sure")),
)
YES, NO, NOT_SURE = "yes", "no", "not_sure"
WRITTEN = (
    QuestionKind.TEXT,
    QuestionKind.VOICE,
    QuestionKind.BUDGET,
)  # answers in words, so in some language


class StartForm(BaseForm):
    """Which group applies. Fields that a call or a person does not need are left out by `start_form`."""

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self._chosen is None and not self["name"].data:
            self.add_error("group", _("Choose a group."))
            return False
        if self.group_id is None and not self["name"].data and not self["name"].errors:
            self.add_error("name", _("Write the name of your group."))
            return False
        return is_valid

    @property
    def group_id(self) -> str | None:
        """The id of a known group; None for a new one, which a name alone says as well."""
        return None if self._chosen in (None, NEW_GROUP) else self._chosen

    @property
    def _chosen(self) -> str | None:
        return self["group"].data if "group" in self else NEW_GROUP

    @property
    def is_migrant_led(self) -> bool:
        return "migrant_led" in self and self["migrant_led"].data == YES


def start_form(
    groups: Sequence[tuple[str, str]], boroughs: Sequence[str], *, asks_migrant_led: bool
) -> type[StartForm]:
    """`groups`: ids and names of those the person belongs to."""
    fields: dict[str, Any] = {}
    if groups:
        fields["group"] = ChoiceField(
            _("Which group is this for?"),
            choices=(*groups, (NEW_GROUP, _("Another group"))),
        )
    fields["name"] = TextField(
        _("What is your group called?"),
        help_text=_("As you write it yourselves, in any script."),
    )
    fields["legal_form"] = SelectField(
        _("What kind of group is it?"),
        choices=LEGAL_FORMS,
        help_text=_("A group without registration is welcome."),
    )
    fields |= place_and_lead_fields(boroughs, asks_migrant_led=asks_migrant_led)
    return type("StartForm", (StartForm,), fields)


def place_and_lead_fields(boroughs: Sequence[str], *, asks_migrant_led: bool) -> dict[str, Any]:
    """What a call asks of any organisation that shares in a grant: the boroughs it names, and who leads."""
    fields: dict[str, Any] = {}
    if boroughs:
        fields["borough"] = SelectField(
            _("In which borough do you mostly work?"),
            choices=[(name, name) for name in boroughs],
            help_text=_("The borough is enough. We never need a street address."),
        )
    if asks_migrant_led:
        fields["migrant_led"] = ChoiceField(
            _("Is your group led by migrants?"),
            choices=((YES, _("Yes")), (NO, _("No")), (NOT_SURE, _("Not sure – talk to us"))),
            help_text=_("This means: migrants decide what the group does and how. Do not give names."),
            why_we_ask=_("Part of the money is kept for groups led by migrants."),
        )
    return fields


class AnswerLanguageForm(BaseForm):
    """The language an answer is written in; any will do."""

    answer_language = LanguageField(
        _("Which language is this answer in?"),
        choices=[(language.code, language.own_name) for language in LANGUAGES.values()],
        help_text=_("Any language is welcome. We translate it."),
    )


def has_language(question: Question) -> bool:
    return question.kind in WRITTEN or any(part.kind is PartKind.TEXT for part in question.parts)


class ClarificationForm(BaseForm):
    """The group's answer to a question of the fund."""

    answer = TextArea(_("Your answer"), [Required(_("Write your answer."))], max_words=300)


class WithdrawForm(BaseForm):
    reason = TextArea(
        _("Do you want to say why?"),
        help_text=_("You do not have to answer. Please no names."),
        max_length=2_000,
    )


class GraceForm(BaseForm):
    """Why a group needs more time: in a few words, or not at all."""

    reason = TextField(
        _("What keeps you from sending in time?"),
        help_text=_("A few words are enough. Please no names."),
        why_we_ask=_("To learn which deadlines do not work for people. It does not change what you get."),
    )
    rather_not = TickField(_("I prefer not to say"))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if is_valid and not self["reason"].data and not self["rather_not"].data:
            self.add_error("reason", _("Write a few words, or tick “I prefer not to say”."))
            return False
        return is_valid

    @property
    def said(self) -> str:
        """Nothing for whoever prefers not to say, whatever stands in the box."""
        return "" if self["rather_not"].data else str(self["reason"].data)
