"""Values that go into the rules and come out of them. Money is whole pence; scores are exact fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

MOST_PENCE = 10**12
MOST_PARTS_OF_A_PERCENT = 1000

Percent = int | Fraction


class InvalidInput(ValueError):
    """A value no rule can be applied to. `why` is a code, never a sentence."""

    def __init__(self, field_name: str, why: str) -> None:
        self.field_name = field_name
        self.why = why
        super().__init__(f"{field_name}: {why}")


def _check_whole(field_name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(field_name, "not_a_whole_number")
    if not 0 <= value <= MOST_PENCE:
        raise InvalidInput(field_name, "out_of_range")


# Scoring


@dataclass(frozen=True)
class Scale:
    lowest: int
    highest: int


@dataclass(frozen=True)
class Criterion:
    key: str
    weight: Percent  # percent; all weights together are 100
    minimum_mean: Fraction | None = None


@dataclass(frozen=True)
class Rubric:
    """How the sheets of one call are read."""

    scale: Scale
    criteria: tuple[Criterion, ...]
    minimum_readers: int = 1
    big_spread: int = 2  # so many levels apart puts an application on the agenda


@dataclass(frozen=True)
class Mark:
    criterion: str
    value: int | None  # None: the reader can't tell from the application


@dataclass(frozen=True)
class ScoreSheet:
    application: str
    reader: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Rating:
    application: str
    reader: str
    value: Fraction | int


class TieBreakKind(StrEnum):
    HIGHER_CRITERION = "higher_criterion"
    LOWER_INCOME = "lower_income"
    VOTE = "vote"


@dataclass(frozen=True)
class TieBreak:
    kind: TieBreakKind
    criterion: str | None = None


# Money and ring-fences


@dataclass(frozen=True)
class Share:
    """The part of an application or award that belongs to one organisation, and what it counts for."""

    pence: int
    confirmed: frozenset[str] = frozenset()
    claimed: frozenset[str] = frozenset()  # counts only "if confirmed"

    def __post_init__(self) -> None:
        _check_whole("share", self.pence)

    def counts_for(self, tag: str, *, with_claimed: bool) -> bool:
        return tag in self.confirmed or (with_claimed and tag in self.claimed)


def _check_shares(pence: int, shares: tuple[Share, ...]) -> None:
    _check_whole("pence", pence)
    if not shares or sum(share.pence for share in shares) != pence:
        raise InvalidInput("shares", "do_not_add_up")


@dataclass(frozen=True)
class Candidate:
    """An application that could be funded with this amount. The first share is the lead's."""

    id: str
    pence: int
    shares: tuple[Share, ...]

    def __post_init__(self) -> None:
        _check_shares(self.pence, self.shares)
        if not self.pence:
            raise InvalidInput("pence", "out_of_range")

    def as_award(self) -> LedgerLine:
        return LedgerLine(self.id, self.pence, self.shares)


class Counting(StrEnum):
    LIVE = "live"  # in principle, accepted, active, completed
    TERMINATED = "terminated"  # only what was paid still counts
    NOT_COUNTED = "not_counted"  # declined by the group, withdrawn


@dataclass(frozen=True)
class LedgerLine:
    """One award as the ring-fences see it."""

    id: str
    pence: int
    shares: tuple[Share, ...]
    counting: Counting = Counting.LIVE
    paid_pence: int = 0

    def __post_init__(self) -> None:
        _check_shares(self.pence, self.shares)
        _check_whole("paid_pence", self.paid_pence)
        if self.paid_pence > self.pence:
            raise InvalidInput("paid_pence", "more_than_the_award")

    @property
    def counted_pence(self) -> int:
        if self.counting is Counting.LIVE:
            return self.pence
        return self.paid_pence if self.counting is Counting.TERMINATED else 0

    @property
    def counted_shares(self) -> tuple[Share, ...]:
        """Paid money is split like the award. Pennies that do not divide count for nobody."""
        counted = self.counted_pence
        if not counted or counted == self.pence:
            return self.shares if counted else ()
        return tuple(
            Share(counted * share.pence // self.pence, share.confirmed, share.claimed)
            for share in self.shares
        )


class Kind(StrEnum):
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
    """What happens when the rule is not kept. Only `block` binds the proposal."""

    BLOCK = "block"
    WARN = "warn"
    REPORT = "report"


@dataclass(frozen=True)
class RingFence:
    """A part of the money, or of the number of awards, kept for a group or kept below a limit.

    `percent` goes with the bases fund_total and awards_total, `amount` (pence, or awards when counting)
    with a fixed base. With `is_family` the rule holds for each tag "<tag>:<value>" on its own. By number, an
    award counts for the lead's tags.
    """

    key: str
    kind: Kind
    measure: Measure
    base: Base
    percent: Percent | None = None
    amount: int | None = None
    tag: str = ""  # the key when empty
    is_family: bool = False
    enforcement: Enforcement = Enforcement.BLOCK
    of_round: bool = False  # this list must reach it, even when more rounds come

    def __post_init__(self) -> None:
        if (self.base is Base.FIXED) != (self.percent is None) or (self.percent is None) == (
            self.amount is None
        ):
            raise InvalidInput("base", "needs_percent_or_amount")
        if self.amount is not None:
            _check_whole("amount", self.amount)
        elif self.percent is not None and (
            not 0 <= self.percent <= 100 or self.percent.denominator > MOST_PARTS_OF_A_PERCENT
        ):
            raise InvalidInput("percent", "out_of_range")
        if self.measure is Measure.COUNT and self.base is Base.FUND_TOTAL:
            raise InvalidInput("measure", "money_has_no_number")
        if self.kind is Kind.SET_ASIDE and (self.base is Base.AWARDS_TOTAL or self.measure is Measure.COUNT):
            raise InvalidInput("kind", "set_aside_needs_an_amount")
        if self.is_family and self.kind is not Kind.CAP:
            raise InvalidInput("is_family", "only_for_caps")
        if self.of_round and (self.kind, self.base) != (Kind.FLOOR, Base.FIXED):
            raise InvalidInput("of_round", "only_for_fixed_floors")

    @property
    def counted_tag(self) -> str:
        return self.tag or self.key

    @property
    def share(self) -> Fraction:
        """The percentage as a part of one; 0 where an amount is given."""
        return Fraction(self.percent or 0) / 100

    def required(self, fund_pence: int, base_total: int) -> int:
        """What to reach (rounded up) or, for a cap, not to pass (rounded down)."""
        if self.amount is not None:
            return self.amount
        total = fund_pence if self.base is Base.FUND_TOTAL else base_total
        exact = self.share * total
        return floor(exact) if self.kind is Kind.CAP else ceil(exact)


@dataclass(frozen=True)
class Pot:
    """The money. While the round is not the last, what is not awarded now can still reach a floor later."""

    fund_pence: int  # the whole fund, the base of "60 % of this fund"
    grants_pence: int  # what all rounds together may award
    round_pence: int  # what this list may award
    is_last: bool = True

    def __post_init__(self) -> None:
        for name in ("fund_pence", "grants_pence", "round_pence"):
            _check_whole(name, getattr(self, name))


@dataclass(frozen=True)
class Standing:
    """How far a ring-fence is filled, in pence or in number of awards."""

    reached: int
    needed: int  # that must still go to the group; for shares of awards, as new money
    headroom: int | None  # floors: what others may still get; caps: what the group may; None: no limit
    share_per_mille: int | None  # of all counted awards, rounded down; None without awards
    filled_per_mille: int | None  # of what is required, rounded down
    is_met: bool
    is_possible: bool  # can still be met with the money not yet awarded


@dataclass(frozen=True)
class RingFenceFigures:
    key: str
    tag: str
    kind: Kind
    measure: Measure
    base: Base
    enforcement: Enforcement
    required: int
    confirmed: Standing
    if_confirmed: Standing
    of_round: bool = False

    @property
    def binding(self) -> Standing:
        """Floors count what is confirmed; a cap must hold even if every claim is confirmed."""
        return self.if_confirmed if self.kind is Kind.CAP else self.confirmed


@dataclass(frozen=True)
class Totals:
    live_pence: int
    live_awards: int
    unawarded_pence: int


# Ranking


@dataclass(frozen=True)
class RankingEntry:
    application: str
    total: Fraction | None
    means: Mapping[str, Fraction] = field(default_factory=dict)
    income_pence: int | None = None
    vote_place: int | None = None  # the panel's own order of tied applications, 1 is first


@dataclass(frozen=True)
class Ranked:
    application: str
    place: int  # equal only while a vote is needed
    total: Fraction
    decided_by: TieBreak | None = None  # what set it apart from the one above with the same total
    vote_needed: bool = False
