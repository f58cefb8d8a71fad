"""Dates of the rounds: is everything there, and in an order in which it can happen?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from itertools import pairwise
from zoneinfo import ZoneInfo

from forms.i18n import _
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.timetable import Round, StepKind, TimetableStep, times_on_the_clock
from fundapp.call_file.unread import as_far_as_read, is_read

NEEDED = (
    StepKind.OPENS,
    StepKind.EOI_CLOSES,
    StepKind.FULL_CLOSES,
    StepKind.SCORING,
    StepKind.PANEL_MEETING,
    StepKind.RATIFICATION,
    StepKind.EVERYBODY_TOLD,
    StepKind.GRANTS_START,
)
# These cannot happen before the step before them is over.
WAITING = {
    StepKind.CODESIGN_ANSWERS: StepKind.CODESIGN,
    StepKind.PANEL_MEETING: StepKind.SCORING,
}
LONGEST_GRACE = 14 * 24


@as_far_as_read
def check_timetables(rounds: tuple[Round, ...], time_zone: str) -> Iterator[Problem]:
    yield from _check_time_zone(time_zone)
    if len(rounds) == 0:
        yield Problem(("rounds",), str(_("Write at least one round.")))
    for index, each in enumerate(rounds):
        yield from _check_round(each, ("rounds", index))
        yield from _check_clock(each, time_zone, ("rounds", index, "timetable"))
    for index, (first, second) in enumerate(pairwise(rounds), start=1):
        yield from _check_order_of_rounds(first, second, ("rounds", index))


@as_far_as_read
def _check_time_zone(time_zone: str) -> Iterator[Problem]:
    try:
        ZoneInfo(time_zone[:60])
    except (KeyError, ValueError, OSError):
        message = _("“%(name)s” is not a time zone. Write one such as Europe/London.", name=time_zone[:60])
        yield Problem(("time_zone",), str(message))


@as_far_as_read
def _check_order_of_rounds(first: Round, second: Round, path: Path) -> Iterator[Problem]:
    opens = (first.find_step(StepKind.OPENS), second.find_step(StepKind.OPENS))
    if opens[0] is not None and opens[1] is not None and opens[1].starts <= opens[0].starts:
        message = _("This round opens before the round above it. Put the rounds in the order of time.")
        yield Problem(path, str(message))


@as_far_as_read
def _check_round(each: Round, path: Path) -> Iterator[Problem]:
    here = (*path, "timetable")
    yield from _check_grace(each, path)
    yield from _check_needed_steps(each, here)
    known = [
        (index, step) for index, step in enumerate(each.timetable) if is_read(step) and is_read(step.kind)
    ]
    for position, (index, step) in enumerate(known):
        if step.kind in [earlier.kind for _index, earlier in known[:position]]:
            yield Problem((*here, index), str(_("The step “%(kind)s” is there twice.", kind=step.kind)))
        yield from _check_days(step, (*here, index))
    dated = [(index, step) for index, step in known if is_read(step.starts)]
    order = list(StepKind)
    dated.sort(key=lambda item: order.index(item[1].kind))
    for (_index, before), (index, step) in pairwise(dated):
        yield from _check_order(before, step, (*here, index, "starts"))
    for index, step in dated:
        yield from _check_waiting(step, [each_step for _index, each_step in dated], (*here, index, "starts"))


@as_far_as_read
def _check_clock(each: Round, time_zone: str, path: Path) -> Iterator[Problem]:
    """A deadline must be one moment: not a time that the change of hour skips or repeats."""
    try:
        zone = ZoneInfo(time_zone[:60])
    except (KeyError, ValueError, OSError):
        return  # said already
    for index, step in enumerate(each.timetable):
        if is_read(step) and is_read(step.at) and step.at is not None:
            yield from _check_moment(step, step.at, zone, (*path, index, "at"))


@as_far_as_read
def _check_moment(step: TimetableStep, at: time, zone: ZoneInfo, path: Path) -> Iterator[Problem]:
    for day in dict.fromkeys((step.starts, step.last_day)):
        times = times_on_the_clock(day, at, zone)
        if times == 0:
            yield Problem(path, str(_("There is no such time on that day: the clocks go forward over it.")))
        if times == 2:
            yield Problem(path, str(_("This time is there twice on that day: the clocks go back.")))


@as_far_as_read
def _check_grace(each: Round, path: Path) -> Iterator[Problem]:
    if each.grace_hours > LONGEST_GRACE:
        yield Problem((*path, "grace_hours"), str(_("Write at most %(n)s hours.", n=LONGEST_GRACE)))


@as_far_as_read
def _check_needed_steps(each: Round, path: Path) -> Iterator[Problem]:
    for kind in NEEDED:
        if each.find_step(kind) is None:
            yield Problem(path, str(_("The step “%(kind)s” is missing from the timetable.", kind=kind)))


@as_far_as_read
def _check_days(step: TimetableStep, path: Path) -> Iterator[Problem]:
    if step.ends is not None and step.ends < step.starts:
        yield Problem((*path, "ends"), str(_("This ends before it starts. Check both days.")))


@as_far_as_read
def _check_order(before: TimetableStep, step: TimetableStep, path: Path) -> Iterator[Problem]:
    if before.kind != step.kind and step.starts < before.starts:
        message = _(
            "“%(step)s” is on %(day)s, before “%(before)s” on %(other)s. Check both days.",
            step=step.kind,
            day=step.starts.isoformat(),
            before=before.kind,
            other=before.starts.isoformat(),
        )
        yield Problem(path, str(message))


@as_far_as_read
def _check_waiting(step: TimetableStep, steps: Sequence[TimetableStep], path: Path) -> Iterator[Problem]:
    for before in steps:
        if before.kind == WAITING.get(step.kind) and before.starts <= step.starts < before.last_day:
            message = _(
                "“%(step)s” is on %(day)s, but “%(before)s” ends only on %(other)s.",
                step=step.kind,
                day=step.starts.isoformat(),
                before=before.kind,
                other=before.last_day.isoformat(),
            )
            yield Problem(path, str(message))
