"""Dates of the rounds: is everything there, and in an order in which it can happen?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from forms.i18n import _
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.timetable import Round, StepKind

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


def check_timetables(rounds: tuple[Round, ...], time_zone: str) -> Iterator[Problem]:
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        message = _("“%(name)s” is not a time zone. Write one such as Europe/London.", name=time_zone[:60])
        yield Problem(("time_zone",), str(message))
    if not rounds:
        yield Problem(("rounds",), str(_("Write at least one round.")))
    for index, each in enumerate(rounds):
        yield from _check_round(each, ("rounds", index))
    for index, (first, second) in enumerate(pairwise(rounds), start=1):
        opens = [each.find_step(StepKind.OPENS) for each in (first, second)]
        if opens[0] and opens[1] and opens[1].starts <= opens[0].starts:
            message = _("This round opens before the round above it. Put the rounds in the order of time.")
            yield Problem(("rounds", index), str(message))


def _check_round(each: Round, path: Path) -> Iterator[Problem]:
    if each.grace_hours > LONGEST_GRACE:
        yield Problem((*path, "grace_hours"), str(_("Write at most %(n)s hours.", n=LONGEST_GRACE)))
    here = (*path, "timetable")
    for kind in NEEDED:
        if each.find_step(kind) is None:
            yield Problem(here, str(_("The step “%(kind)s” is missing from the timetable.", kind=kind)))
    kinds = [step.kind for step in each.timetable]
    for index, step in enumerate(each.timetable):
        if step.kind in kinds[:index]:
            yield Problem((*here, index), str(_("The step “%(kind)s” is there twice.", kind=step.kind)))
        if step.ends is not None and step.ends < step.starts:
            yield Problem((*here, index, "ends"), str(_("This ends before it starts. Check both days.")))
    yield from _check_order(each, here)


def _check_order(each: Round, path: Path) -> Iterator[Problem]:
    order = list(StepKind)
    steps = sorted(enumerate(each.timetable), key=lambda item: order.index(item[1].kind))
    for (_index, before), (index, step) in pairwise(steps):
        if before.kind is not step.kind and step.starts < before.starts:
            message = _(
                "“%(step)s” is on %(day)s, before “%(before)s” on %(other)s. Check both days.",
                step=step.kind,
                day=step.starts.isoformat(),
                before=before.kind,
                other=before.starts.isoformat(),
            )
            yield Problem((*path, index, "starts"), str(message))
        waits_for = each.find_step(WAITING[step.kind]) if step.kind in WAITING else None
        if waits_for is not None and waits_for.starts <= step.starts < waits_for.last_day:
            message = _(
                "“%(step)s” is on %(day)s, but “%(before)s” ends only on %(other)s.",
                step=step.kind,
                day=step.starts.isoformat(),
                before=waits_for.kind,
                other=waits_for.last_day.isoformat(),
            )
            yield Problem((*path, index, "starts"), str(message))
