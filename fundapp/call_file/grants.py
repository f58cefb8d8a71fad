"""The money of a call: its lines, the kinds of grant, and what it may be spent on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from forms.localized import LocalizedText


@dataclass(frozen=True)
class MoneyLine:
    """A part of the whole fund. Exactly one line is for grants."""

    key: str
    label: LocalizedText
    amount: Decimal
    is_for_grants: bool = False


@dataclass(frozen=True)
class MoneyPlan:
    total: Decimal
    lines: tuple[MoneyLine, ...]

    @property
    def grants(self) -> Decimal:
        """The grant pot: what can be awarded in all rounds together."""
        return sum((line.amount for line in self.lines if line.is_for_grants), Decimal(0))


@dataclass(frozen=True)
class Strand:
    """A kind of grant inside the call. Amounts are for the whole grant."""

    key: str
    title: LocalizedText
    who: LocalizedText
    minimum: Decimal
    maximum: Decimal
    months: int
    minimum_a_year: Decimal | None = None
    maximum_a_year: Decimal | None = None
    fewest_organisations: int = 1
    most_organisations: int = 1
    income_below: Decimal | None = None  # only groups with less income than this
    may_be_unregistered: bool = False
    may_use_host: bool = False


@dataclass(frozen=True)
class CostRules:
    """What the money may be spent on. The warning is shown to readers; it stops nobody."""

    welcome: LocalizedText
    not_funded: tuple[LocalizedText, ...]
    warning_above_percent_of_income: Decimal | None = None  # of the grant per year
    warning: LocalizedText | None = None
