"""Checks before payment, payments, monitoring and the burden budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from forms.i18n import _
from forms.money import format_money
from fundapp.call_file.awarding import AwardRules, PaymentPlan
from fundapp.call_file.burden import BurdenBudget
from fundapp.call_file.grants import Strand
from fundapp.call_file.monitoring import MonitoringPlan
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.values import plain_number


def check_awards(awards: AwardRules, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    known = {strand.key: strand for strand in strands}
    for index, plan in enumerate(awards.payment_plans):
        yield from _check_plan(plan, known, ("awards", "payment_plans", index))
    yield from _check_every_award_has_a_plan(awards, strands)
    for name in ("free_change_percent", "host_fee_percent"):
        if getattr(awards, name) > 100:
            yield Problem(("awards", name), str(_("Write a percentage from 0 to 100.")))
    for name in ("first_payment_days", "people_to_hold", "change_reply_days"):
        if getattr(awards, name) < 1:
            yield Problem(("awards", name), str(_("Write a number of 1 or more.")))


def _check_plan(plan: PaymentPlan, strands: dict[str, Strand], path: Path) -> Iterator[Problem]:
    total = sum((payment.percent for payment in plan.payments), Decimal(0))
    if total != 100:
        message = _(
            "The payments add up to %(sum)s percent. They must add up to 100.", sum=plain_number(total)
        )
        yield Problem((*path, "payments"), str(message))
    months = [payment.month for payment in plan.payments]
    if months != sorted(set(months)):
        yield Problem((*path, "payments"), str(_("Put the payments in order of months, one for each month.")))
    for index, key in enumerate(plan.strands):
        if key not in strands:
            message = _(
                "There is no strand “%(key)s”. Use one of: %(known)s.", key=key[:60], known=", ".join(strands)
            )
            yield Problem((*path, "strands", index), str(message))
        elif months and months[-1] >= strands[key].months:
            message = _(
                "The last payment is in month %(month)s, but strand %(key)s ends after %(months)s months.",
                month=months[-1],
                key=key,
                months=strands[key].months,
            )
            yield Problem((*path, "payments"), str(message))
    if (
        plan.income_from is not None
        and plan.income_below is not None
        and plan.income_from >= plan.income_below
    ):
        message = _("No income is at least this and below “income_below” at the same time.")
        yield Problem((*path, "income_from"), str(message))


def _check_every_award_has_a_plan(awards: AwardRules, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    penny = Decimal("0.01")
    limits = [
        limit for plan in awards.payment_plans for limit in (plan.income_from, plan.income_below) if limit
    ]
    for strand in strands:
        incomes = sorted({Decimal(0), *limits, *(limit - penny for limit in limits)})
        for income in incomes:
            is_possible = strand.income_below is None or income < strand.income_below
            if is_possible and not any(plan.fits(strand.key, income) for plan in awards.payment_plans):
                message = _(
                    "No plan fits a group in strand %(key)s with an income of %(income)s. Add one.",
                    key=strand.key,
                    income=format_money(income),
                )
                yield Problem(("awards", "payment_plans"), str(message))
                break


def check_monitoring(monitoring: MonitoringPlan, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    longest = max((strand.months for strand in strands), default=0)
    latest = -1
    for index, item in enumerate(monitoring.check_ins):
        path: Path = ("monitoring", "check_ins", index)
        if sum((item.week is not None, item.month is not None, item.each_year)) != 1:
            message = _("Say when: write exactly one of “week”, “month” or “each_year: yes”.")
            yield Problem(path, str(message))
        if item.month is None:
            continue
        if item.month > longest:
            message = _("No grant of this call is longer than %(months)s months.", months=longest)
            yield Problem((*path, "month"), str(message))
        if item.month <= latest:
            yield Problem((*path, "month"), str(_("Put the check-ins in the order of months.")))
        latest = item.month
    if not monitoring.questions:
        yield Problem(("monitoring", "questions"), str(_("Write at least one question.")))
    if not 1 <= monitoring.fewest_markers <= monitoring.most_markers:
        message = _("The fewest markers must be 1 or more and not more than “most_markers”.")
        yield Problem(("monitoring", "fewest_markers"), str(message))


def check_burden(burden: BurdenBudget) -> Iterator[Problem]:
    for name in ("day_pay", "hours_a_day"):
        if getattr(burden, name) <= 0:
            yield Problem(("burden", name), str(_("Write a number above zero.")))
    expected = burden.expected
    if not 1 <= expected.awards <= expected.full_applications <= expected.eois:
        message = _(
            "There cannot be more awards than full applications, "
            "or more full applications than expressions of interest."
        )
        yield Problem(("burden", "expected"), str(message))
