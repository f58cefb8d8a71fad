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
    SelectField,
    TextArea,
    TextField,
    TickField,
)
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.localized import LocalizedText
from forms.validators import Required

LONGEST = 1_000

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
        typed = {code: tidy(self[f"{name}_{code}"].data) for code in self.languages}
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


def tidy(text: str) -> str:
    """Line ends stay; every other white space becomes one space."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _fields(group: TextGroup, languages: Iterable[str]) -> dict[str, Any]:
    def one(code: str) -> Any:
        name = LANGUAGES[code].own_name
        return TextArea(name, max_length=LONGEST) if group.is_long else TextField(name)

    return {f"{group.name}_{code}": one(code) for code in languages}


Part = TextGroup | tuple[str, Callable[[], Any]]


def grouped_form(base: type[GroupedForm], languages: Sequence[str], parts: Sequence[Part]) -> Any:
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
    typed_for: Any


def said_form(languages: Sequence[str], sessions: Sequence[tuple[str, str]]) -> type[SaidForm]:
    """One thing that was said. `sessions` are keys and titles."""
    found: type[SaidForm] = grouped_form(
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
            ("typed_for", lambda: TickField(_("I type this for the person who says it now."))),
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
    found: type[AnswerForm] = grouped_form(
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
