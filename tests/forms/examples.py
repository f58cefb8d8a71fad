"""Small questions and forms for the tests of this folder."""

from typing import Any

from forms.definition import Choice, FormDefinition, Question, QuestionKind, Section, Stage
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
