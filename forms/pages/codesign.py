"""The fund's forms for the co-design record. Each text is one field per language of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.base import BaseForm
from forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    MoneyField,
    SelectField,
    TextArea,
    TextField,
    TickField,
    WholeNumberField,
)
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.localized import LocalizedText
from forms.money import NotANumber, parse_whole_number
from forms.validators import Required

LONGEST = 1_000
MOST_PEOPLE = 100_000
MOST_LINES = 20
LONGEST_LABEL = 100

RESPONSES = (
    ("did", _("We did this")),
    ("did_partly", _("We did part of this")),
    ("did_not", _("We did not do this")),
    ("cannot_yet", _("We cannot do this yet")),
)
TOPICS = (
    ("who_can_apply", _("Who can apply")),
    ("form", _("The form")),
    ("decision", _("How we decide")),
    ("money", _("The money")),
    ("reporting", _("How we stay in touch")),
    ("support", _("Support")),
    ("safety", _("Safety")),
    ("language", _("Languages")),
)


@dataclass(frozen=True)
class TextGroup:
    """One text in all languages of the call, drawn together."""

    name: str
    label: str
    help_text: str = ""
    is_long: bool = False
    needed: str = ""  # what to say when no language has it; empty: may be left out


class GroupedForm(BaseForm):
    groups: tuple[TextGroup, ...] = ()
    languages: tuple[str, ...] = ()

    def group(self, name: str) -> TextGroup:
        return next(group for group in self.groups if group.name == name)

    def fields_of(self, name: str) -> list[Any]:
        return [self[f"{name}_{code}"] for code in self.languages]

    def text(self, name: str) -> LocalizedText | None:
        """In the languages that were filled; None when there is none."""
        typed = {code: _tidy(self[f"{name}_{code}"].data) for code in self.languages}
        return (
            LocalizedText.of(kept) if (kept := {code: text for code, text in typed.items() if text}) else None
        )

    def needed_text(self, name: str) -> LocalizedText:
        """After `validate()`: a text that has to be there."""
        text = self.text(name)
        if text is None:
            raise LookupError(name)
        return text

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        for group in self.groups:
            if group.needed and self.text(group.name) is None:
                self.add_error(f"{group.name}_{self.languages[0]}", group.needed)
                is_valid = False
        return is_valid


def starting_texts(texts: Mapping[str, LocalizedText | None]) -> dict[str, str]:
    """What the fields of the groups begin with."""
    return {f"{name}_{code}": text for name, group in texts.items() if group for code, text in group}


def _tidy(text: str) -> str:
    """Line ends stay; every other white space becomes one space."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _fields(group: TextGroup, languages: Iterable[str]) -> dict[str, Any]:
    def one(code: str) -> Any:
        name = LANGUAGES[code].own_name
        return TextArea(name, max_length=LONGEST) if group.is_long else TextField(name)

    return {f"{group.name}_{code}": one(code) for code in languages}


Part = TextGroup | tuple[str, Callable[[], Any]]


def _form(base: type[GroupedForm], languages: Sequence[str], parts: Sequence[Part]) -> Any:
    """`parts` in the order of the page; WTForms keeps the order in which fields are made."""
    fields: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, TextGroup):
            fields |= _fields(part, languages)
        else:
            name, make = part
            fields[name] = make()
    groups = tuple(part for part in parts if isinstance(part, TextGroup))
    return type(base.__name__, (base,), fields | {"groups": groups, "languages": tuple(languages)})


class SaidForm(GroupedForm):
    topic: Any
    session: Any


def said_form(languages: Sequence[str], sessions: Sequence[tuple[str, str]]) -> type[SaidForm]:
    """One thing that was said. `sessions` are keys and titles."""
    found: type[SaidForm] = _form(
        SaidForm,
        languages,
        (
            TextGroup(
                "said",
                _("What was said?"),
                _("In the words that were used. One language is enough; translations can follow."),
                is_long=True,
                needed=_("Write what was said, in at least one language."),
            ),
            TextGroup(
                "said_by",
                _("Who said it?"),
                _("A role such as “a volunteer who leads a group”. No names of people or groups."),
                needed=_("Write in whose words it is, for example “the treasurer of a small group”."),
            ),
            (
                "topic",
                lambda: ChoiceField(
                    _("What is it about?"), [Required(_("Choose what it is about."))], choices=TOPICS
                ),
            ),
            (
                "session",
                lambda: SelectField(
                    _("In which session?"), choices=sessions, help_text=_("Leave it empty for none of them.")
                ),
            ),
        ),
    )
    return found


class AnswerForm(GroupedForm):
    response: Any
    changed: Any
    decided_on: Any
    next_review: Any


def answer_form(languages: Sequence[str], parts: Sequence[tuple[str, str]]) -> type[AnswerForm]:
    """What the fund does about a point. `parts`: references and labels of what can have changed."""
    found: type[AnswerForm] = _form(
        AnswerForm,
        languages,
        (
            (
                "response",
                lambda: ChoiceField(
                    _("What do you do?"), [Required(_("Choose an answer."))], choices=RESPONSES
                ),
            ),
            TextGroup(
                "reason", _("Why?"), is_long=True, needed=_("Write the reason, in at least one language.")
            ),
            TextGroup(
                "what_changed",
                _("What is different now?"),
                _("Only if you did it or did part of it."),
                is_long=True,
            ),
            ("changed", lambda: ChoicesField(_("Where can people see it?"), choices=parts)),
            TextGroup(
                "decided_by",
                _("Who decided?"),
                _("A role such as “the co-design group”."),
                needed=_("Write who decided, in at least one language."),
            ),
            (
                "decided_on",
                lambda: DateField(_("When was it decided?"), [Required(_("Write the day of the decision."))]),
            ),
            (
                "next_review",
                lambda: DateField(
                    _("When do you look at it again?"), help_text=_("You can leave this empty.")
                ),
            ),
        ),
    )
    return found


class SessionForm(GroupedForm):
    day: Any
    spoken: Any
    organisations: Any
    people: Any
    child_care: Any
    pay: Any
    boroughs: Any
    specialisms: Any

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if not self.specialisms.errors:
            try:
                self.specialism_counts()
            except ValueError as error:
                self.add_error("specialisms", error.args[0])
                return False
        return is_valid

    def specialism_counts(self) -> list[tuple[str, int]]:
        """(what, how many groups) of each line. Raises ValueError with what to write instead."""
        lines = [line for line in _tidy(self.specialisms.data).split("\n") if line]
        if len(lines) > MOST_LINES:
            raise ValueError(_("Write at most %(n)s lines.", n=MOST_LINES))
        return [_count_in(line) for line in lines]


def _count_in(line: str) -> tuple[str, int]:
    what, colon, number = line.rpartition(":")
    message = _("Write each line like this: Violence at home: 6")
    if not colon or not what.strip() or len(what) > LONGEST_LABEL:
        raise ValueError(message)
    try:
        count = parse_whole_number(number)
    except NotANumber:
        raise ValueError(message) from None
    if count > MOST_PEOPLE:
        raise ValueError(message)
    return what.strip(), count


def session_form(languages: Sequence[str], boroughs: Sequence[str]) -> type[SessionForm]:
    """A session that took place: counts only."""
    number = [Required(_("Write a number, for example 12."))]
    found: type[SessionForm] = _form(
        SessionForm,
        languages,
        (
            TextGroup(
                "title",
                _("What was the session about?"),
                needed=_("Write what it was about, in at least one language."),
            ),
            ("day", lambda: DateField(_("When was it?"), [Required(_("Write the day of the session."))])),
            TextGroup(
                "place",
                _("Where was it?"),
                _("A kind of place, no address. Leave it empty if it was online."),
            ),
            TextGroup("run_by", _("Who ran it?"), needed=_("Write who ran it, in at least one language.")),
            (
                "organisations",
                lambda: WholeNumberField(_("How many groups came?"), number, largest=MOST_PEOPLE),
            ),
            ("people", lambda: WholeNumberField(_("How many people came?"), number, largest=MOST_PEOPLE)),
            ("child_care", lambda: TickField(_("There was child care."))),
            (
                "pay",
                lambda: MoneyField(
                    _("How much was each person paid?"), help_text=_("Leave it empty if nothing was paid.")
                ),
            ),
            (
                "spoken",
                lambda: ChoicesField(
                    _("Which languages were spoken?"),
                    [Required(_("Choose at least one language."))],
                    choices=[(code, language.own_name) for code, language in LANGUAGES.items()],
                ),
            ),
            (
                "boroughs",
                lambda: ChoicesField(_("From which boroughs?"), choices=[(name, name) for name in boroughs]),
            ),
            (
                "specialisms",
                lambda: TextArea(
                    _("What do the groups work on?"),
                    max_length=3_000,
                    help_text=_(
                        "One line for each kind, with the number of groups. For example: Violence at home: 6"
                    ),
                ),
            ),
        ),
    )
    return found
