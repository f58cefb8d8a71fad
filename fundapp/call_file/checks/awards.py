"""Payments and the other numbers of an award."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from forms.i18n import _
from forms.money import format_money
from fundapp.call_file.award_checks import PAPERS, AwardCheck
from fundapp.call_file.awarding import AwardRules, PartFunding, PaymentPlan
from fundapp.call_file.grants import Strand
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read
from fundapp.call_file.values import plain_number


@as_far_as_read
def check_awards(awards: AwardRules, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    for index, plan in enumerate(awards.payment_plans):
        path: Path = ("awards", "payment_plans", index)
        yield from _check_shares(plan, path)
        yield from _check_months(plan, path)
        yield from _check_strands(plan, strands, path)
        yield from _check_income(plan, path)
    yield from _check_every_award_has_a_plan(awards, strands)
    for name in ("free_change_percent", "host_fee_percent"):
        yield from _check_percentage(getattr(awards, name), ("awards", name))
    for name in ("first_payment_days", "people_to_hold", "change_reply_days"):
        yield from _check_at_least_one(getattr(awards, name), ("awards", name))
    for index, check in enumerate(awards.checks):
        yield from _check_at_least_one(check.days, ("awards", "checks", index, "days"))
        yield from _check_proof(check, ("awards", "checks", index))
    if awards.part_funding is not None:
        yield from _check_least_part(awards.part_funding, ("awards", "part_funding", "least_percent"))


@as_far_as_read
def _check_proof(check: AwardCheck, path: Path) -> Iterator[Problem]:
    """A paper that nobody could send would keep a grant waiting for good."""
    if check.needs_document and check.evidence and not set(check.evidence) & set(PAPERS):
        message = _(
            "The group sends a document, so name one here: governing, safeguarding, accounts or bank."
        )
        yield Problem((*path, "evidence"), str(message))


@as_far_as_read
def _check_least_part(rule: PartFunding, path: Path) -> Iterator[Problem]:
    if not 1 <= rule.least_percent <= 100:
        yield Problem(path, str(_("Write a percentage from 1 to 100.")))


@as_far_as_read
def _check_percentage(percent: Decimal | int, path: Path) -> Iterator[Problem]:
    if percent > 100:
        yield Problem(path, str(_("Write a percentage from 0 to 100.")))


@as_far_as_read
def _check_at_least_one(number: int, path: Path) -> Iterator[Problem]:
    if number < 1:
        yield Problem(path, str(_("Write a number of 1 or more.")))


@as_far_as_read
def _check_shares(plan: PaymentPlan, path: Path) -> Iterator[Problem]:
    total = sum((payment.percent for payment in plan.payments), Decimal(0))
    if total != 100:
        message = _(
            "The payments add up to %(sum)s percent. They must add up to 100.", sum=plain_number(total)
        )
        yield Problem((*path, "payments"), str(message))


@as_far_as_read
def _check_months(plan: PaymentPlan, path: Path) -> Iterator[Problem]:
    months = [payment.month for payment in plan.payments]
    if months != sorted(set(months)):
        message = _("Put the payments in order of months, one for each month.")
        yield Problem((*path, "payments"), str(message))


@as_far_as_read
def _check_strands(plan: PaymentPlan, strands: tuple[Strand, ...], path: Path) -> Iterator[Problem]:
    known = {strand.key: strand for strand in strands}
    for index, key in enumerate(plan.strands if known else ()):
        if key not in known:
            message = _(
                "There is no strand “%(key)s”. Use one of: %(known)s.", key=key[:60], known=", ".join(known)
            )
            yield Problem((*path, "strands", index), str(message))
            continue
        latest = max((payment.month for payment in plan.payments), default=0)
        if latest >= known[key].months:
            message = _(
                "The last payment is in month %(month)s, but strand %(key)s ends after %(months)s months.",
                month=latest,
                key=key,
                months=known[key].months,
            )
            yield Problem((*path, "payments"), str(message))


@as_far_as_read
def _check_income(plan: PaymentPlan, path: Path) -> Iterator[Problem]:
    if plan.income_from is None or plan.income_below is None:
        return
    if plan.income_from >= plan.income_below:
        message = _("No income is at least this and below “income_below” at the same time.")
        yield Problem((*path, "income_from"), str(message))


@as_far_as_read
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
