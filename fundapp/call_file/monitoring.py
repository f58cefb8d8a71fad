"""Staying in touch: the planned conversations, what is asked, and what it costs in time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forms.definition import Choice, Question
from forms.localized import LocalizedText


class CheckInKind(StrEnum):
    WELCOME = "welcome"
    STORY = "story"
    YEAR = "year"
    CLOSING = "closing"
    STORY_CIRCLE = "story_circle"


class Recorder(StrEnum):
    """Who types; the group always confirms."""

    FUND_MANAGER = "fund_manager"
    EITHER_SIDE = "either_side"
    LEARNING_PARTNER = "learning_partner"


@dataclass(frozen=True)
class PlannedCheckIn:
    """`month` and `week` count from the start of the grant; exactly one of them is given, or `each_year`."""

    key: str
    kind: CheckInKind
    title: LocalizedText
    what: LocalizedText
    minutes: int  # talking
    recorded_by: Recorder
    week: int | None = None
    month: int | None = None
    each_year: bool = False
    sending_minutes: int = 0
    is_optional: bool = False
    paid: Decimal | None = None


@dataclass(frozen=True)
class FunderFeedback:
    """Anonymous questions about us."""

    questions: tuple[Question, ...]
    when: tuple[LocalizedText, ...]


@dataclass(frozen=True)
class MonitoringPlan:
    check_ins: tuple[PlannedCheckIn, ...]
    questions: tuple[Question, ...]  # the same each time
    marker_levels: tuple[Choice, ...]
    fewest_markers: int
    most_markers: int
    domains: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    preparing_minutes: int
    reply_days: int  # working days until the funder answers
    reply_sentences: int  # at least so many, about what the funder learned
    funder_feedback: FunderFeedback

    @property
    def core_minutes(self) -> int:
        """Talking and sending in the conversations that everybody has."""
        return sum(item.minutes + item.sending_minutes for item in self.check_ins if not item.is_optional)
