"""What the sheets of our subset of XLSForm are called and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forms.definition import FormDefinition, Question, QuestionKind
from forms.eligibility import EligibilityQuestion
from forms.languages import LANGUAGES

FORM_LANGUAGE_EXAMPLE = "label::English (en)"
CHECK_GROUP = "eligibility_check"
CHECK_STAGE = "check"
YES_NO_LIST = "yes-no"
AMOUNT = "amount"

# Kinds that are one row, with their word in XLSForm.
TYPE_OF = {
    QuestionKind.TEXT: "text",
    QuestionKind.CHOICE: "select_one",
    QuestionKind.CHOICES: "select_multiple",
    QuestionKind.YES_NO: f"select_one {YES_NO_LIST}",
    QuestionKind.NUMBER: "integer",
    QuestionKind.MONEY: "decimal",
    QuestionKind.DATE: "date",
    QuestionKind.FILE: "file",
    QuestionKind.VOICE: "audio",
}
# Kinds that are a repeated group, with the name of what stands beside each amount.
ROWS_OF = {QuestionKind.BUDGET: "what", QuestionKind.SHARES: "partner"}

SURVEY, CHOICES, OUTCOMES, SETTINGS = "survey", "choices", "outcomes", "settings"
TEXTS_OF = {
    SURVEY: ("label", "guidance_hint", "hint"),
    CHOICES: ("label",),
    OUTCOMES: ("reason", "next_step"),
    SETTINGS: (),
}
PLAIN_OF = {
    SURVEY: (
        "type",
        "name",
        "required",
        "relevant",
        "constraint",
        "max_words",
        "max_minutes",
        "max_rows",
        "min_rows",
        "file_types",
        "stage",
        "about_safety",
        "criteria",
        "copied_from",
        "carries",
        "used_for",
    ),
    CHOICES: ("list_name", "name"),
    OUTCOMES: ("question", "if", "outcome", "flags"),
    SETTINGS: ("form_title", "form_id", "default_language"),
}

_WORDS = re.compile(r"regex\(\., '\^\\s\*\(\\S\+\\s\*\)\{0,([0-9]{1,5})\}\$'\)", re.ASCII)


@dataclass(frozen=True)
class SpreadsheetForm:
    """What one workbook holds: the check before applying, and the form of both stages."""

    form_id: str
    title: str
    languages: tuple[str, ...]
    eligibility: tuple[EligibilityQuestion, ...]
    form: FormDefinition

    def questions(self) -> Iterator[Question]:
        yield from (item.question for item in self.eligibility)
        yield from self.form.questions()


def column(text: str, language: str) -> str:
    """`label::English (en)`: the way XLSForm names the language of a column."""
    return f"{text}::{LANGUAGES[language].own_name} ({language})"


def list_of(key: str) -> str:
    """The name of a question's list of choices; keys have no dot, so no other list can have it."""
    return f"{key}.list" if key == YES_NO_LIST else key


def list_of_part(key: str, part: str) -> str:
    """The same for a part of an entry."""
    return f"{key}.{part}.list"


def name_of_part(key: str, part: str) -> str:
    """With the dot that no key has, so that it is told from every question and read back."""
    return f"{key}.{part}"


def words_constraint(most: int) -> str:
    return rf"regex(., '^\s*(\S+\s*){{0,{most}}}$')"


def words_of_constraint(text: str) -> int | None:
    found = _WORDS.fullmatch(text)
    return int(found.group(1)) if found else None
