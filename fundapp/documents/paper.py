"""A paper as values: one tree from which the PDF, the word-processor file and the page to print are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forms.definition import QuestionKind
from forms.i18n import current_language
from forms.languages import Direction, text_direction
from forms.localized import LocalizedText


@dataclass(frozen=True)
class Words:
    """A text with its language (none: nobody said). PDF and word processors know no `dir=auto`."""

    text: str
    language: str | None = None

    @property
    def direction(self) -> Direction:
        return text_direction(self.text, default=current_language().direction)


class Room(StrEnum):
    """How much empty space an answer gets on paper."""

    LOW = "low"
    FEW = "few"
    SOME = "some"
    MANY = "many"


@dataclass(frozen=True)
class Line:
    """A line of an answer, with a sum where it has one."""

    text: str
    amount: str = ""

    def __str__(self) -> str:
        return f"{self.text}: {self.amount}" if self.amount else self.text


@dataclass(frozen=True)
class PaperChoice:
    key: str
    words: Words
    is_chosen: bool = False


@dataclass(frozen=True)
class PaperPart:
    """A part of an entry of a list, with its answer or with room for it."""

    label: Words
    choices: tuple[PaperChoice, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class Entry:
    """One question, with its answer or with room for it. `notes` are limits and what else to know.

    `grid`: of a list, its entries with their parts.
    """

    key: str
    kind: QuestionKind
    label: Words
    help_text: Words | None = None
    why_we_ask: Words | None = None
    notes: tuple[Words, ...] = ()
    choices: tuple[PaperChoice, ...] = ()
    rows: int = 0
    grid: tuple[tuple[PaperPart, ...], ...] = ()
    room: Room = Room.SOME
    answer: tuple[Line, ...] = ()
    answer_language: str | None = None
    mark: str = ""  # for reading it back: the save that this paper shows


@dataclass(frozen=True)
class Part:
    title: Words
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CriterionLevels:
    title: Words
    weight: str
    levels: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Paper:
    """`is_blank`: to be written on; otherwise a copy of what was written."""

    language: str
    title: Words
    about: Words
    parts: tuple[Part, ...]
    facts: tuple[tuple[str, Words], ...] = ()
    lead: tuple[Words, ...] = ()
    criteria: tuple[CriterionLevels, ...] = ()
    is_blank: bool = True
    attached: tuple[str, ...] = ()  # names of files that go with it


def localized(text: LocalizedText) -> Words:
    """In the active language, or marked as what it is when it falls back."""
    chosen, language = text.choose(current_language().code)
    return Words(chosen, language)


def own(text: str) -> Words:
    """A text of the interface, in the active language."""
    return Words(text, current_language().code)


def isolated(text: str) -> str:
    """A number or an address that reads from left to right wherever it stands."""
    return f"\u2066{text}\u2069"
