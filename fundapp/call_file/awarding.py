"""What happens after "yes in principle": agreement and payments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forms.localized import LocalizedText
from fundapp.call_file.agreement import AgreementClause
from fundapp.call_file.award_checks import AwardCheck


class Timing(StrEnum):
    ADVANCE = "advance"
    ARREARS = "arrears"


@dataclass(frozen=True)
class PlannedPayment:
    month: int  # 0 is the start
    percent: Decimal


@dataclass(frozen=True)
class PaymentPlan:
    """For awards of these strands in this band of last year's income; the first fitting plan counts."""

    key: str
    label: LocalizedText
    strands: tuple[str, ...]
    payments: tuple[PlannedPayment, ...]
    income_from: Decimal | None = None
    income_below: Decimal | None = None
    timing: Timing = Timing.ADVANCE

    def fits(self, strand: str, income: Decimal) -> bool:
        above = self.income_from is None or income >= self.income_from
        below = self.income_below is None or income < self.income_below
        return strand in self.strands and above and below

    def amounts(self, total: Decimal) -> tuple[tuple[int, Decimal], ...]:
        """(month, amount) in whole pence; what rounding leaves over is in the last payment."""
        pence = int(total * 100)
        shares = [int(pence * payment.percent // 100) for payment in self.payments]
        shares[-1] += pence - sum(shares)
        return tuple(
            (payment.month, Decimal(share) / 100)
            for payment, share in zip(self.payments, shares, strict=True)
        )


class TopUp(StrEnum):
    """What is done with money that is left when all who are chosen have the least."""

    BY_RANK = "by_rank"
    EVENLY = "evenly"


@dataclass(frozen=True)
class PartFunding:
    """An award may be less than the request: never less than this part, nor than the strand's least."""

    least_percent: int
    top_up: TopUp = TopUp.BY_RANK


@dataclass(frozen=True)
class AwardRules:
    checks: tuple[AwardCheck, ...]
    payment_plans: tuple[PaymentPlan, ...]
    release: LocalizedText  # what must have happened before a later payment
    first_payment_days: int
    people_to_hold: int  # how many people it takes to hold a payment
    free_change_percent: int  # changes of use up to this: tell us afterwards
    change_reply_days: int  # working days
    host_fee_percent: Decimal
    host_rule: LocalizedText
    one_per_organisation: bool = False  # in one round, as lead or as partner
    part_funding: PartFunding | None = None
    conditions_hold_payments: bool = False  # once one is late
    clauses: tuple[AgreementClause, ...] = ()  # of the agreement, besides those that every agreement has
    two_signers_from: Decimal | None = None  # from this amount on two people of the group sign

    def check(self, key: str) -> AwardCheck:
        return next(each for each in self.checks if each.key == key)

    def payment_plan(self, strand: str, income: Decimal) -> PaymentPlan:
        """Raises KeyError when no plan fits; the check of the file makes sure that one always does."""
        for plan in self.payment_plans:
            if plan.fits(strand, income):
                return plan
        raise KeyError(strand)
