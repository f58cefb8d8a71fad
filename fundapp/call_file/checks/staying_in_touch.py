"""The planned conversations and the burden budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from forms.i18n import _
from fundapp.call_file.burden import BurdenBudget, Expected
from fundapp.call_file.checks.one_question import check_simple
from fundapp.call_file.grants import Strand
from fundapp.call_file.monitoring import MonitoringPlan, PlannedCheckIn
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read


@as_far_as_read
def check_monitoring(monitoring: MonitoringPlan, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    for index, item in enumerate(monitoring.check_ins):
        path: Path = ("monitoring", "check_ins", index)
        yield from _check_when(item, path)
        yield from _check_month(item, strands, path)
        yield from _check_order(item, monitoring.check_ins[:index], path)
    yield from _check_questions(monitoring)
    yield from _check_markers(monitoring)


@as_far_as_read
def _check_when(item: PlannedCheckIn, path: Path) -> Iterator[Problem]:
    if sum((item.week is not None, item.month is not None, bool(item.each_year))) != 1:
        message = _("Say when: write exactly one of “week”, “month” or “each_year: yes”.")
        on_page = _("Say when: fill in exactly one of week, month or every year.")
        yield Problem(path, str(message), str(on_page))


@as_far_as_read
def _check_month(item: PlannedCheckIn, strands: tuple[Strand, ...], path: Path) -> Iterator[Problem]:
    longest = max((strand.months for strand in strands), default=None)
    if item.month is not None and longest is not None and item.month > longest:
        message = _("No grant of this call is longer than %(months)s months.", months=longest)
        yield Problem((*path, "month"), str(message))


@as_far_as_read
def _check_order(item: PlannedCheckIn, earlier: tuple[PlannedCheckIn, ...], path: Path) -> Iterator[Problem]:
    months = [each.month for each in earlier if each.month is not None]
    if item.month is not None and months and item.month <= max(months):
        yield Problem((*path, "month"), str(_("Put the check-ins in the order of months.")))


@as_far_as_read
def _check_questions(monitoring: MonitoringPlan) -> Iterator[Problem]:
    if len(monitoring.questions) == 0:
        yield Problem(("monitoring", "questions"), str(_("Write at least one question.")))
    for index, question in enumerate(monitoring.questions):
        yield from check_simple(question, ("monitoring", "questions", index))
    for index, question in enumerate(monitoring.funder_feedback.questions):
        yield from check_simple(question, ("monitoring", "funder_feedback", "questions", index))


@as_far_as_read
def _check_markers(monitoring: MonitoringPlan) -> Iterator[Problem]:
    if not 1 <= monitoring.fewest_markers <= monitoring.most_markers:
        message = _("The fewest markers must be 1 or more and not more than “most_markers”.")
        yield Problem(("monitoring", "fewest_markers"), str(message))


@as_far_as_read
def check_burden(burden: BurdenBudget) -> Iterator[Problem]:
    yield from _check_positive(burden.day_pay, ("burden", "day_pay"))
    yield from _check_positive(burden.hours_a_day, ("burden", "hours_a_day"))
    if burden.most_percent is not None:
        yield from _check_positive(burden.most_percent, ("burden", "most_percent"))
    yield from _check_expected(burden.expected)


@as_far_as_read
def _check_positive(number: Decimal, path: Path) -> Iterator[Problem]:
    if number <= 0:
        yield Problem(path, str(_("Write a number above zero.")))


@as_far_as_read
def _check_expected(expected: Expected) -> Iterator[Problem]:
    if not 1 <= expected.awards <= expected.full_applications <= expected.eois:
        message = _(
            "There cannot be more awards than full applications, "
            "or more full applications than expressions of interest."
        )
        yield Problem(("burden", "expected"), str(message))
