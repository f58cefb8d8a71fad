"""The burden budget: what applying and reporting costs everybody, in hours and in pounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Expected:
    """How many of each we expect in the whole call; also the odds on the public page."""

    eois: int
    full_applications: int
    awards: int


@dataclass(frozen=True)
class BurdenBudget:
    """Hours for one group; pay is what a day of a worker's time costs."""

    eoi_hours: Decimal
    application_hours: Decimal
    checks_hours: Decimal
    monitoring_hours: Decimal
    day_pay: Decimal
    hours_a_day: Decimal
    expected: Expected
    sector_percent: Decimal
    sector_small_percent: Decimal
    most_percent: Decimal | None = None  # of the smallest grant of a strand, for applying in both stages

    @property
    def hours_of_a_grantee(self) -> Decimal:
        return self.eoi_hours + self.application_hours + self.checks_hours + self.monitoring_hours

    @property
    def hours_of_all(self) -> Decimal:
        return self.hours_applying + self.expected.awards * self.hours_afterwards

    def cost(self, hours: Decimal) -> Decimal:
        """In pounds and pence."""
        exact = hours * self.day_pay / self.hours_a_day
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    @property
    def hours_applying(self) -> Decimal:
        """Of all groups together, also those that get nothing."""
        return self.expected.eois * self.eoi_hours + self.expected.full_applications * self.application_hours

    @property
    def hours_afterwards(self) -> Decimal:
        """Of one group with a grant: checks and staying in touch."""
        return self.checks_hours + self.monitoring_hours

    @property
    def applying_for_one_grant(self) -> Decimal:
        """What applying costs all groups, shared by the grants."""
        return self.cost(self.hours_applying / self.expected.awards)

    def net_value(self, amount: Decimal) -> Decimal:
        """What a grant is worth after everybody's cost of applying and the group's own cost afterwards."""
        return amount - self.applying_for_one_grant - self.cost(self.hours_afterwards)

    def percent_of(self, hours: Decimal, amount: Decimal) -> Decimal:
        """What `hours` cost as a share of an amount, to one decimal."""
        exact = hours * self.day_pay * 100 / (self.hours_a_day * amount)
        return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
