"""Rounds and their dates. Days and times are local to the call; questions about "now" get UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from forms.definition import Stage
from forms.localized import LocalizedText


class StepKind(StrEnum):
    """The steps of a round, in the order in which they happen."""

    CODESIGN = "codesign"
    CODESIGN_ANSWERS = "codesign_answers"
    OPENS = "opens"
    EOI_CLOSES = "eoi_closes"
    EOI_ANSWERED = "eoi_answered"
    FULL_CLOSES = "full_closes"
    CLARIFICATION = "clarification"
    SCORING = "scoring"
    PANEL_MEETING = "panel_meeting"
    RATIFICATION = "ratification"
    EVERYBODY_TOLD = "everybody_told"
    FEEDBACK = "feedback"
    AGREEMENTS = "agreements"
    FIRST_PAYMENT = "first_payment"
    GRANTS_START = "grants_start"


def times_on_the_clock(day: date, at: time, zone: ZoneInfo) -> int:
    """How often this local time is on that day: 0 when the clocks jump over it, 2 when they are put back."""
    first = datetime.combine(day, at, zone)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return 1
    is_real = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == first.replace(tzinfo=None)
    return 2 if is_real else 0


@dataclass(frozen=True)
class TimetableStep:
    """One day, or the days `starts` to `ends` (both included)."""

    kind: StepKind
    label: LocalizedText
    starts: date
    ends: date | None = None
    at: time | None = None  # local time of a deadline or an opening
    is_latest_day: bool = False  # "by this day", not "on this day"

    @property
    def last_day(self) -> date:
        return self.ends or self.starts

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """The moment it begins, in UTC; midnight where the file gives no time."""
        return datetime.combine(self.starts, self.at or time(), zone).astimezone(UTC)

    def closes_at(self, zone: ZoneInfo) -> datetime:
        """The moment it is over, in UTC; the end of the last day where the file gives no time."""
        if self.at is not None:
            return datetime.combine(self.last_day, self.at, zone).astimezone(UTC)
        return datetime.combine(self.last_day + timedelta(days=1), time(), zone).astimezone(UTC)


CLOSING_STEP = {Stage.EOI: StepKind.EOI_CLOSES, Stage.FULL: StepKind.FULL_CLOSES}


@dataclass(frozen=True)
class Round:
    """One application window. `takes_unused` adds what earlier rounds did not use."""

    key: str
    title: LocalizedText
    amount: Decimal
    timetable: tuple[TimetableStep, ...]
    takes_unused: bool = False
    grace_hours: int = 0  # after the deadline, for those who asked
    codesign_sessions: int = 0

    def find_step(self, kind: StepKind) -> TimetableStep | None:
        return next((step for step in self.timetable if step.kind == kind), None)

    def step(self, kind: StepKind) -> TimetableStep:
        """Raises KeyError when the round has no such step."""
        found = self.find_step(kind)
        if found is None:
            raise KeyError(kind)
        return found

    def opens_at(self, zone: ZoneInfo) -> datetime:
        return self.step(StepKind.OPENS).begins_at(zone)

    def closes_at(self, stage: Stage, zone: ZoneInfo, *, with_grace: bool = False) -> datetime:
        """The deadline of a stage in UTC. Grace hours run by the clock, also over a change of hour."""
        deadline = self.step(CLOSING_STEP[stage]).closes_at(zone)
        return deadline + timedelta(hours=self.grace_hours) if with_grace else deadline
