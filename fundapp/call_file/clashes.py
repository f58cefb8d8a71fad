"""Dates of a call on days on which people rest, fast or feast. A warning; it never stops anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.problems import Path
from fundapp.call_file.timetable import StepKind, TimetableStep
from fundapp.feasts import Feast, feasts_on

# people meet on each of their days; of all others the last day counts, by which something has to be done
MEETINGS = frozenset({StepKind.PANEL_MEETING, StepKind.RATIFICATION})
WATCHED = MEETINGS | {
    StepKind.CODESIGN_ANSWERS,
    StepKind.EOI_CLOSES,
    StepKind.EOI_ANSWERED,
    StepKind.FULL_CLOSES,
    StepKind.CLARIFICATION,
    StepKind.SCORING,
    StepKind.EVERYBODY_TOLD,
    StepKind.FEEDBACK,
}
LONGEST_MEETING = 31  # days


@dataclass(frozen=True)
class Clash:
    """`path` leads to the step of a round, or to the session."""

    path: Path
    label: LocalizedText
    day: date
    feasts: tuple[Feast, ...]


def clashes_of(definition: CallDefinition) -> Iterator[Clash]:
    """Rounds first, then sessions of co-design that are still to come; in the order of the file."""
    for number, round_ in enumerate(definition.rounds):
        for place, step in enumerate(round_.timetable):
            for day in _days_of(step):
                yield from _clash(("rounds", number, "timetable", place), step.label, day)
    for number, session in enumerate(definition.codesign.sessions):
        if session.people is None:
            for day in sorted({session.day, session.ends_on}):
                yield from _clash(("codesign", "sessions", number), session.title, day)


def _days_of(step: TimetableStep) -> Iterator[date]:
    if step.kind not in WATCHED:
        return
    first = step.starts if step.kind in MEETINGS and not step.is_latest_day else step.last_day
    for days in range(min((step.last_day - first).days + 1, LONGEST_MEETING)):
        yield first + timedelta(days=days)


def _clash(path: Path, label: LocalizedText, day: date) -> Iterator[Clash]:
    if feasts := feasts_on(day):
        yield Clash(path, label, day, feasts)
