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
    required: bool = True
    ask_if: Condition | None = None
    criteria: tuple[str, ...] = ()  # keys of the criteria that use the answer; empty: not scored
    copied_from: str | None = None  # key of the first-stage question whose answer is carried over
    carries: str | None = None  # what it sets: "amount_requested", "strand", "theme" or "group_summary"
    used_for: tuple[UsedFor, ...] = ()


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
