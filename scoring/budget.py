"""The money of a call as an account: what was awarded, and where each penny of it is now.

Awarded is what is agreed and what is not agreed yet; agreed is what is paid and what is still to pay. All
sums are added up from the same entries, so those over strands, rounds and years are those of the whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from scoring.records import Counting, Share

APRIL = 4


@dataclass(frozen=True)
class Payment:
    """One that was not cancelled."""

    pence: int
    due_on: date
    paid_on: date | None = None
    is_held: bool = False


class Receipt(NamedTuple):
    pence: int
    on: date


@dataclass(frozen=True)
class AskedBack:
    """Of what was paid; what has come is never more than what was asked."""

    pence: int
    on: date
    receipts: tuple[Receipt, ...] = ()

    @property
    def received(self) -> int:
        return sum(each.pence for each in self.receipts)


@dataclass(frozen=True)
class AwardMoney:
    """One award with its payments. The shares of its partners add up to it."""

    strand: str
    round: str
    shares: tuple[Share, ...]
    counting: Counting
    awarded_on: date
    is_agreed: bool  # the agreement is signed
    payments: tuple[Payment, ...] = ()
    asked_back: tuple[AskedBack, ...] = ()

    @property
    def pence(self) -> int:
        return sum(share.pence for share in self.shares)


@dataclass(frozen=True)
class Sums:
    """In pence."""

    awarded: int = 0  # where a grant ended early, what was paid of it
    agreed: int = 0  # in a signed agreement
    not_agreed: int = 0
    paid: int = 0
    to_pay: int = 0
    held: int = 0  # part of what is still to pay
    came_back: int = 0
    on_its_way: int = 0  # asked back, and not here yet
    gone: int = 0  # awarded once and no longer: refused, taken back, or not paid when it ended

    @property
    def used(self) -> int:
        """What the money for grants is less by."""
        return self.awarded - self.came_back

    @property
    def kept(self) -> int:
        """What groups have or will have: what floors are filled with."""
        return self.used - self.on_its_way


class When(StrEnum):
    LATE = "late"
    MONTH = "month"
    NO_DAY = "no_day"


@dataclass(frozen=True)
class CashLine:
    """What is needed in one month, before it, or on a day that nobody has set yet."""

    when: When
    month: date | None  # its first day
    payments: int
    ready: int  # agreed and not on hold
    held: int
    not_agreed: int
    so_far: int  # with everything in the lines above

    @property
    def pence(self) -> int:
        return self.ready + self.held + self.not_agreed


@dataclass(frozen=True)
class Account:
    """Years are named by the one in which they begin; None is for sums without a day."""

    whole: Sums
    strands: Mapping[str, Sums]
    rounds: Mapping[str, Sums]
    years: Mapping[int | None, Sums]
    tags: Mapping[str, Sums]  # of ring-fences; they overlap and add up to nothing
    cash: tuple[CashLine, ...]


def financial_year(day: date) -> int:
    """From the first of April to the last of March."""
    return day.year if day.month >= APRIL else day.year - 1


class _Entry(NamedTuple):
    name: str
    pence: int
    on: date | None


@dataclass
class _Tallies:
    whole: Counter[str] = field(default_factory=Counter)
    strands: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rounds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    years: dict[int | None, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    tags: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def account(awards: Iterable[AwardMoney], today: date) -> Account:
    """`today`: what was due before it and is not paid is late."""
    all_ = tuple(awards)
    tallies = _Tallies()
    for award in all_:
        own = Counter[str]()
        for name, pence, on in _entries(award):
            own[name] += pence
            tallies.years[None if on is None else financial_year(on)][name] += pence
        for tally in (tallies.whole, tallies.strands[award.strand], tallies.rounds[award.round]):
            tally.update(own)
        for share in award.shares:
            if share.confirmed:
                part = _part(own, share.pence, award.pence)
                for tag in share.confirmed:
                    tallies.tags[tag].update(part)
    return Account(
        whole=Sums(**tallies.whole),
        strands=_sums(tallies.strands),
        rounds=_sums(tallies.rounds),
        years={year: Sums(**tallies.years[year]) for year in sorted(tallies.years, key=_last_without_a_day)},
        tags=_sums(tallies.tags),
        cash=tuple(_cash(all_, today)),
    )


def _sums(found: Mapping[str, Counter[str]]) -> dict[str, Sums]:
    return {key: Sums(**found[key]) for key in sorted(found)}


def _last_without_a_day(year: int | None) -> tuple[bool, int]:
    return year is None, year or 0


def _counted(award: AwardMoney) -> Sequence[Payment]:
    """Of a grant that ended early only what was paid."""
    if award.counting is Counting.LIVE:
        return award.payments
    paid = [each for each in award.payments if each.paid_on is not None]
    return paid if award.counting is Counting.TERMINATED else ()


def _without_a_payment(award: AwardMoney) -> int:
    if award.counting is not Counting.LIVE:
        return 0
    return award.pence - sum(each.pence for each in award.payments)


def _entries(award: AwardMoney) -> Iterator[_Entry]:
    payments, rest = _counted(award), _without_a_payment(award)
    awarded = sum(each.pence for each in payments) + rest
    yield _Entry("awarded", awarded, award.awarded_on)
    yield _Entry("gone", award.pence - awarded, award.awarded_on)
    for each in payments:
        if each.paid_on is not None:
            yield _Entry("agreed", each.pence, each.due_on)
            yield _Entry("paid", each.pence, each.paid_on)
        else:
            yield from _unpaid(award, each.pence, each.due_on)
            if each.is_held and award.is_agreed:
                yield _Entry("held", each.pence, each.due_on)
    if rest:
        yield from _unpaid(award, rest, None)
    if award.counting is not Counting.NOT_COUNTED:
        for asked in award.asked_back:
            yield _Entry("on_its_way", asked.pence - asked.received, asked.on)
            for receipt in asked.receipts:
                yield _Entry("came_back", receipt.pence, receipt.on)


def _unpaid(award: AwardMoney, pence: int, on: date | None) -> Iterator[_Entry]:
    if award.is_agreed:
        yield _Entry("agreed", pence, on)
        yield _Entry("to_pay", pence, on)
    else:
        yield _Entry("not_agreed", pence, on)


def _part(own: Mapping[str, int], share: int, whole: int) -> dict[str, int]:
    """What belongs to one partner, in the proportion of the award.

    Steps are measured from the bottom of the same column, so the parts of a sum are that sum also here, and
    a penny that does not divide counts for nobody, as in `scoring.ringfences`.
    """

    def part(pence: int) -> int:
        return pence * share // whole

    paid, agreed, awarded = (part(own[name]) for name in ("paid", "agreed", "awarded"))
    used = part(own["awarded"] - own["came_back"])
    return {
        "awarded": awarded,
        "agreed": agreed,
        "not_agreed": awarded - agreed,
        "paid": paid,
        "to_pay": agreed - paid,
        "held": part(own["paid"] + own["held"]) - paid,
        "came_back": awarded - used,
        "on_its_way": used - part(own["awarded"] - own["came_back"] - own["on_its_way"]),
        "gone": share - awarded,
    }


def _cash(awards: Iterable[AwardMoney], today: date) -> Iterator[CashLine]:
    """The late ones first, then month by month."""
    found: dict[tuple[int, date], Counter[str]] = defaultdict(Counter)
    for award in awards:
        if award.counting is not Counting.LIVE:
            continue
        for each in award.payments:
            if each.paid_on is None:
                place = (0, date.min) if each.due_on < today else (1, each.due_on.replace(day=1))
                name = "not_agreed" if not award.is_agreed else ("held" if each.is_held else "ready")
                found[place].update({name: each.pence, "payments": 1})
        if rest := _without_a_payment(award):
            found[2, date.max].update({"ready" if award.is_agreed else "not_agreed": rest})
    so_far = 0
    for (order, month), line in sorted(found.items()):
        so_far += line["ready"] + line["held"] + line["not_agreed"]
        yield CashLine(
            when=tuple(When)[order],
            month=month if order == 1 else None,
            payments=line["payments"],
            ready=line["ready"],
            held=line["held"],
            not_agreed=line["not_agreed"],
            so_far=so_far,
        )
