"""How applications are read and scored, and who sits on the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from forms.definition import Choice
from forms.localized import LocalizedText


@dataclass(frozen=True)
class Anchor:
    """The sentence that says what a level means."""

    level: int
    text: LocalizedText


@dataclass(frozen=True)
class Criterion:
    key: str
    title: LocalizedText
    weight: int  # percent; all weights together are 100
    anchors: tuple[Anchor, ...]
    minimum_mean: Decimal | None = None

    def anchor(self, level: int) -> LocalizedText:
        """Raises KeyError for a level outside the scale."""
        for anchor in self.anchors:
            if anchor.level == level:
                return anchor.text
        raise KeyError(level)


@dataclass(frozen=True)
class Scale:
    lowest: int
    highest: int
    cant_tell: LocalizedText

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(range(self.lowest, self.highest + 1))


class TieBreakKind(StrEnum):
    HIGHER_CRITERION = "higher_criterion"
    LOWER_INCOME = "lower_income"
    VOTE = "vote"


@dataclass(frozen=True)
class TieBreak:
    kind: TieBreakKind
    criterion: str | None = None  # only for HIGHER_CRITERION


class Way(StrEnum):
    """How the order comes about that awards follow."""

    SCORES = "scores"
    APPROVALS = "approvals"  # every member says yes or nothing to each application
    POUNDS = "pounds"  # every member divides the money
    TWO_STEPS = "two_steps"  # approvals make a shortlist, and approvals among those decide
    LOTTERY = "lottery"  # scores, and a draw where scores cannot tell applications apart


class Count(StrEnum):
    """How approvals become an order."""

    EQUAL_SHARES = "equal_shares"
    MOST_VOTES = "most_votes"


class LeftOver(StrEnum):
    """What equal shares do with money that is left."""

    RAISE_SHARES = "raise_shares"
    MOST_VOTES = "most_votes"


@dataclass(frozen=True)
class DecidesBy:
    """Which way the co-design chose. Ring-fences bind in every one."""

    way: Way = Way.SCORES
    count: Count | None = None  # only for approvals
    left_over: LeftOver | None = None  # only for equal shares
    shortlist_percent: int | None = None  # only for two steps: of those who may vote

    @property
    def is_vote(self) -> bool:
        return self.way in (Way.APPROVALS, Way.POUNDS, Way.TWO_STEPS)

    @property
    def in_pounds(self) -> bool:
        """Members divide the money, and a ballot says how much each gets."""
        return self.way is Way.POUNDS

    @property
    def needs_draw(self) -> bool:
        """A seed is kept ready: for the lottery, and for equal results of a vote."""
        return self.way is not Way.SCORES

    @property
    def last_step(self) -> int:
        return 2 if self.way is Way.TWO_STEPS else 1


@dataclass(frozen=True)
class Assessment:
    """Rules for reading. One reader of each kind in `readers_from`, the others from any seat."""

    scale: Scale
    criteria: tuple[Criterion, ...]
    tie_breaks: tuple[TieBreak, ...]
    minimum_readers: int
    readers_from: tuple[str, ...]
    big_spread: int  # so many levels apart puts an application on the agenda
    eoi_readers: int
    eoi_goal_percent: int  # of those invited to stage 2, how many the money is meant to reach
    help_not_decision: LocalizedText
    shows_severity: bool = False  # readers' severity beside the marks; never in their place
    minimum_total: int | None = None  # of 100; who is below gets nothing by the rule
    hides_names: bool = False  # readers see copies without names until the panel meets
    decides_by: DecidesBy = DecidesBy()

    def criterion(self, key: str) -> Criterion:
        """Raises KeyError when there is no such criterion."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise KeyError(key)


@dataclass(frozen=True)
class SeatQuota:
    """Of the seats of one kind, so many at least and at most for people who chose this answer."""

    group: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class PeopleGroup:
    """What people who offer themselves for a drawn seat are asked. "I would rather not say" always stands
    beside the choices.
    """

    key: str
    label: LocalizedText
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Recruitment:
    """How the open seats of the panel are filled, and what members get beside their fee."""

    opens_on: date
    closes_on: date  # the last day
    term_months: int
    access_costs: tuple[LocalizedText, ...] = ()
    groups: tuple[PeopleGroup, ...] = ()

    def takes_offers(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on

    def group(self, key: str) -> PeopleGroup | None:
        return next((group for group in self.groups if group.key == key), None)


@dataclass(frozen=True)
class Seat:
    """A kind of seat on the panel and how many there are."""

    key: str
    who: LocalizedText
    number: int
    votes: bool = True
    can_chair: bool = True
    in_majority: bool = False  # these seats together are always more than half of those present
    readings_each: int = 0
    nominated_by: LocalizedText | None = None  # who names the people of these seats
    drawn: bool = False  # by lot, among those who offer themselves
    quotas: tuple[SeatQuota, ...] = ()  # of a drawn seat


@dataclass(frozen=True)
class Payment:
    half_day: Decimal
    day: Decimal
    with_expenses: bool
    ways: tuple[Choice, ...]
    hours_a_day: Decimal = Decimal(7)
    meeting_days: Decimal = Decimal(1)

    @property
    def way_keys(self) -> tuple[str, ...]:
        return tuple(way.key for way in self.ways)

    def ways_in(self, language: str) -> list[tuple[str, str]]:
        """Key and words of each, for forms and pages."""
        return [(way.key, way.label.in_language(language)) for way in self.ways]


@dataclass(frozen=True)
class Training:
    days: Decimal
    topics: tuple[LocalizedText, ...]


@dataclass(frozen=True)
class ReadingLoad:
    applications: int
    minutes_each: int
    weeks: int


@dataclass(frozen=True)
class PanelRules:
    seats: tuple[Seat, ...]
    quorum: int
    payment: Payment
    training: Training
    load: ReadingLoad
    conflict_years: int  # ties of the past so many years count as a conflict of interest
    recruitment: Recruitment | None = None

    @property
    def voting_seats(self) -> int:
        return sum(seat.number for seat in self.seats if seat.votes)

    @property
    def drawn_seats(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.drawn)

    def seat(self, key: str) -> Seat:
        """Raises KeyError when there is no such seat."""
        for seat in self.seats:
            if seat.key == key:
                return seat
        raise KeyError(key)
