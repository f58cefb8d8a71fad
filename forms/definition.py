"""An application form as data: what is asked, why, and what the answer is used for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from forms.conditions import Condition
from forms.localized import LocalizedText


class Stage(StrEnum):
    """The two steps of applying; an answer of the first is carried into the second."""

    EOI = "eoi"
    FULL = "full"


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    BUDGET = "budget"  # rows of "what for" and "how much", added up by us
    SHARES = "shares"  # partners and what each of them gets
    ENTRIES = "entries"  # a list in which every entry has the same parts, such as people or places
    VOICE = "voice"  # a recording is what we ask for; writing stays possible
    FILE = "file"  # one file or more, such as a photo or a paper


class FileType(StrEnum):
    """Groups of types that a question for files takes, in words of the form."""

    DOCUMENT = "document"
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"


class PartKind(StrEnum):
    """What a part of an entry can ask: the kinds of one simple value, each named as in QuestionKind."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"


class UsedFor(StrEnum):
    """Which decision uses an answer, besides the criteria that it is scored under."""

    ELIGIBILITY = "eligibility"  # whether the group can apply
    INVITATION = "invitation"  # who is invited to the second stage
    RING_FENCE = "ring_fence"
    PAYMENT = "payment"
    CHECKS = "checks"  # after a yes
    MARKERS = "markers"  # signs of change, while staying in touch
    PANEL_LIST = "panel_list"  # the list the panel sees
    SUPPORT = "support"  # which help the fund offers
    NEXT_FORM = "next_form"  # what is asked the next time


@dataclass(frozen=True)
class Choice:
    key: str
    label: LocalizedText


ONE_LINE_WORDS = 20  # of a text that fits on one line, and of a text in an entry where nothing else is said


@dataclass(frozen=True)
class EntryPart:
    """One thing that every entry of a list says. `key` stays the same in every version of a form."""

    key: str
    kind: PartKind
    label: LocalizedText
    choices: tuple[Choice, ...] = ()
    max_words: int | None = None
    optional: bool = False  # an entry is whole without it

    def as_question(self) -> Question:
        """For what is the same for a part and a question: its field, its answer, how it is shown."""
        is_text = self.kind is PartKind.TEXT
        return Question(
            key=self.key,
            kind=QuestionKind(self.kind.value),
            label=self.label,
            why_we_ask=LocalizedText(()),
            choices=self.choices,
            max_words=self.max_words or ONE_LINE_WORDS if is_text else None,
            required=not self.optional,
        )


@dataclass(frozen=True)
class Question:
    """One thing we ask. `key` stays the same in every version of a form."""

    key: str
    kind: QuestionKind
    label: LocalizedText
    why_we_ask: LocalizedText
    help_text: LocalizedText | None = None
    choices: tuple[Choice, ...] = ()
    max_words: int | None = None
    max_minutes: int | None = None
    max_rows: int | None = None
    min_rows: int | None = None  # fewest entries of a list, where there are any
    parts: tuple[EntryPart, ...] = ()  # of each entry of a list
    file_types: tuple[FileType, ...] = ()  # which files; how many: max_rows
    required: bool = True
    ask_if: Condition | None = None
    criteria: tuple[str, ...] = ()  # keys of the criteria that use the answer; empty: not scored
    copied_from: str | None = None  # key of the first-stage question whose answer is carried over
    carries: str | None = None  # what it sets: "amount_requested", "strand", "theme" or "group_summary"
    used_for: tuple[UsedFor, ...] = ()

    @property
    def is_in_words(self) -> bool:
        """Answered with a text, written or spoken."""
        return self.kind in (QuestionKind.TEXT, QuestionKind.VOICE)


@dataclass(frozen=True)
class Section:
    key: str
    stage: Stage
    title: LocalizedText
    questions: tuple[Question, ...]
    about_safety: bool = False  # safety, consent or a declaration: never shown from a machine or unreviewed


@dataclass(frozen=True)
class FormDefinition:
    sections: tuple[Section, ...]

    def questions(self, stage: Stage | None = None) -> Iterator[Question]:
        for section in self.sections:
            if stage is None or section.stage is stage:
                yield from section.questions

    def question(self, key: str) -> Question:
        """Raises KeyError when the form has no such question."""
        for question in self.questions():
            if question.key == key:
                return question
        raise KeyError(key)
