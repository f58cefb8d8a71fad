"""Ring-fences as written in a call: who they are for and how much is kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forms.conditions import Condition
from forms.localized import LocalizedText

OF_ROUND = "@"  # between the key of a ring-fence and the round of a minimum; keys have none


class RingFenceKind(StrEnum):
    FLOOR = "floor"
    CAP = "cap"
    SET_ASIDE = "set_aside"


class Measure(StrEnum):
    VALUE = "value"
    COUNT = "count"


class Base(StrEnum):
    FUND_TOTAL = "fund_total"
    AWARDS_TOTAL = "awards_total"
    FIXED = "fixed"


class Enforcement(StrEnum):
    """What happens at ratification when the rule is not kept."""

    BLOCK = "block"
    WARN = "warn"
    REPORT = "report"


class Family(StrEnum):
    """A ring-fence "for each …" holds for every value on its own."""

    BOROUGH = "borough"
    THEME = "theme"


class Fact(StrEnum):
    """What a condition of a ring-fence may ask about an organisation and its application."""

    BY_AND_FOR = "by_and_for"  # yes, no
    MIGRANT_LED = "migrant_led"  # yes, no
    INCOME_PENCE = "income_pence"
    STRAND = "strand"
    FIRST_TIME = "first_time"  # yes, no
    BOROUGH = "borough"
    THEME = "theme"


@dataclass(frozen=True)
class Release:
    """When money kept apart may be used for others, and who must decide that."""

    after_round: str
    moves_to: str | None = None  # the ring-fence that gets what is left
    decided_by: LocalizedText | None = None


@dataclass(frozen=True)
class RoundMinimum:
    round: str
    amount: Decimal


@dataclass(frozen=True)
class RingFence:
    """Has `percent`, or for a fixed base `amount`; is for `who`, or for each value of `each`."""

    key: str
    rule: LocalizedText
    kind: RingFenceKind
    measure: Measure
    base: Base
    percent: Decimal | None = None
    amount: Decimal | None = None
    who: Condition | None = None
    each: Family | None = None
    part_of: str | None = None  # this one is a subset of that ring-fence
    enforcement: Enforcement = Enforcement.BLOCK
    release: Release | None = None
    minimum_by_round: tuple[RoundMinimum, ...] = ()
    note: LocalizedText | None = None
    lawful_basis: LocalizedText | None = None

    def pence_of(self, total: Decimal) -> int | None:
        """The amount to reach when it is known beforehand: fixed, or a share of the fund's `total`."""
        if self.amount is not None:
            return int(self.amount * 100)
        if self.percent is None or self.base != Base.FUND_TOTAL:
            return None
        return -int(-(self.percent * total) // 1)  # a floor is never rounded down
