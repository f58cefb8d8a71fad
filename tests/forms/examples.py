"""Small questions and forms for the tests of this folder."""

from typing import Any

from forms.definition import (
    Choice,
    EntryPart,
    FormDefinition,
    PartKind,
    Question,
    QuestionKind,
    Section,
    Stage,
)
from forms.localized import LocalizedText


def text(english: str, **others: str) -> LocalizedText:
    return LocalizedText.of({"en": english, **others})


def question(key: str = "Q1", kind: QuestionKind = QuestionKind.TEXT, **parts: Any) -> Question:
    return Question(key, kind, label=text("What do you do?"), why_we_ask=text("To know you."), **parts)


def choices(*keys: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, text(key.capitalize(), ar=f"جواب {key}")) for key in keys)


def definition(*, eoi: tuple[Question, ...] = (), full: tuple[Question, ...] = ()) -> FormDefinition:
    return FormDefinition(
        (
            Section("short", Stage.EOI, text("A short answer"), eoi),
            Section("long", Stage.FULL, text("All of it"), full),
        )
    )


PEOPLE = (
    EntryPart("name", PartKind.TEXT, text("First name", ar="الاسم الأول")),
    EntryPart("role", PartKind.CHOICE, text("What they do"), choices("chair", "money")),
    EntryPart("since", PartKind.DATE, text("Since when"), optional=True),
    EntryPart("paid", PartKind.YES_NO, text("Are they paid?"), optional=True),
    EntryPart("hours", PartKind.NUMBER, text("Hours a week"), optional=True),
    EntryPart("gets", PartKind.MONEY, text("What they get"), optional=True),
)


def people(key: str = "Q1", **parts: Any) -> Question:
    """A list with a part of every kind; two of them must be answered."""
    return question(key, QuestionKind.ENTRIES, **{"parts": PEOPLE, "max_rows": 4, **parts})
