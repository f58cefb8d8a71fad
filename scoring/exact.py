"""The rules of an award list as whole-number inequalities, and proofs by arithmetic. No solver here.

Every rule is a row: sum of coefficient x chosen <= bound. Weights >= 0 for the rows prove that nothing can be
added so that all rows hold, when the weighted sum of the rows cannot hold for any choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from scoring.records import (
    Base,
    Candidate,
    Enforcement,
    InvalidInput,
    Kind,
    LedgerLine,
    Measure,
    Pot,
    RingFence,
)
from scoring.ringfences import Tally, expand, tally, totals

Whole = npt.NDArray[np.int64]
LARGEST = 2**60
BUDGET = ":budget"  # no ring-fence can have this name
ONE_OF = ":one_of"  # nor one that begins like this


class Role(StrEnum):
    BUDGET = "budget"
    EXCLUSION = "exclusion"  # at most one of a set
    CAP = "cap"
    HEADROOM = "headroom"  # what others may get while a floor stays possible in later rounds
    SET_ASIDE = "set_aside"  # what others may get while a set-aside is kept
    FLOOR = "floor"


@dataclass(frozen=True, eq=False)
class Row:
    """`whole` x `everything` against `part` x what is the group's, so that shares stay whole numbers."""

    name: str
    role: Role
    coefficients: Whole
    bound: int
    everything: Whole  # money or awards, each candidate
    ring_fence: str = ""
    tag: str = ""
    part: int = 1
    whole: int = 0
    by_number: bool = False

    @property
    def per_pound(self) -> int:
        """What one more penny for the group brings nearer to a floor; 0 when money does not help."""
        return 0 if self.by_number else self.part - self.whole


class Amounts:
    """What each candidate brings to each tag, looked up once for all rules."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.pence = np.array([one.pence for one in candidates], dtype=np.int64)
        self.ones = np.ones(len(candidates), dtype=np.int64)
        self._confirmed, self._claimed = _no_money(), _no_money()
        for place, one in enumerate(candidates):
            for share in one.shares:
                for tag in share.confirmed:
                    self._confirmed[tag].append((place, share.pence))
                for tag in share.claimed - share.confirmed if share.claimed else ():
                    self._claimed[tag].append((place, share.pence))

    def of_all(self, ring_fence: RingFence) -> Whole:
        return self.ones if ring_fence.measure is Measure.COUNT else self.pence

    def of_group(self, ring_fence: RingFence, *, with_claimed: bool) -> Whole:
        tag = ring_fence.counted_tag
        amounts = np.zeros(len(self.candidates), dtype=np.int64)
        if ring_fence.measure is Measure.COUNT:
            for place, one in enumerate(self.candidates):
                amounts[place] = one.shares[0].counts_for(tag, with_claimed=with_claimed)
            return amounts
        for money in (self._confirmed, self._claimed) if with_claimed else (self._confirmed,):
            for place, pence in money.get(tag, ()):
                amounts[place] += pence
        return amounts


def _no_money() -> dict[str, list[tuple[int, int]]]:
    return defaultdict(list)


def rows_of(
    candidates: Sequence[Candidate],
    ring_fences: Iterable[RingFence],
    ledger: Sequence[LedgerLine],
    pot: Pot,
    *,
    exclusions: Sequence[Collection[str]] = (),
    count_claimed: bool,
) -> tuple[Row, ...]:
    """The budget first, then limits, then floors. Only what blocks is a row; passed limits are 0.

    Of each set in `exclusions` at most one candidate may be chosen.
    """
    amounts = Amounts(candidates)
    unawarded = totals(ledger, pot).unawarded_pence
    rows = [Row(BUDGET, Role.BUDGET, amounts.pence, max(0, min(pot.round_pence, unawarded)), amounts.pence)]
    rows += [_exclusion_row(number, ids, amounts) for number, ids in enumerate(exclusions, start=1)]
    frame = _Frame(amounts, ledger, pot, unawarded, count_claimed)
    shares = [share for one in candidates for share in one.shares]
    shares += [share for line in ledger for share in line.counted_shares]
    blocking = [one for one in ring_fences if one.enforcement is Enforcement.BLOCK]
    families = {one.key for one in blocking if one.is_family}
    for one in expand(blocking, shares):
        name = f"{one.key}/{one.counted_tag}" if one.key in families else one.key
        row = frame.row(name, one)
        rows += [row] if row else []
    if len({row.name for row in rows}) < len(rows):
        raise InvalidInput("ring_fences", "key_twice")
    _check_size(rows)
    return tuple(sorted(rows, key=lambda row: list(Role).index(row.role)))


def _exclusion_row(number: int, ids: Collection[str], amounts: Amounts) -> Row:
    members = np.array([one.id in ids for one in amounts.candidates], dtype=np.int64)
    return Row(f"{ONE_OF}/{number}", Role.EXCLUSION, members, 1, amounts.ones, by_number=True)


def _check_size(rows: Sequence[Row]) -> None:
    """Numpy's whole numbers end at 2**63, so nothing we add up may come near."""
    most = max(row.part for row in rows)
    for row in rows:
        if most * (np.abs(row.coefficients).astype(float).sum() + abs(row.bound)) > LARGEST:
            raise InvalidInput("pence", "too_much_together")


@dataclass(frozen=True)
class _Frame:
    """What is the same for all ring-fences of one problem."""

    amounts: Amounts
    ledger: Sequence[LedgerLine]
    pot: Pot
    unawarded: int
    count_claimed: bool

    def row(self, name: str, fence: RingFence) -> Row | None:
        """None when nothing in this round can break the rule."""
        is_cap = fence.kind is Kind.CAP
        with_claimed = is_cap or self.count_claimed  # a cap must hold even if every claim is confirmed
        before = tally(self.ledger, fence, with_claimed=with_claimed)
        group = self.amounts.of_group(fence, with_claimed=with_claimed)
        if fence.base is Base.AWARDS_TOTAL:
            return self._share_row(name, fence, before, group)
        still = max(0, fence.required(self.pot.fund_pence, before.total) - before.reached)
        others = self.amounts.of_all(fence) - group
        if is_cap:
            return self._labelled(name, Role.CAP, fence, group, still)
        if fence.kind is Kind.SET_ASIDE:
            left = max(0, self.unawarded - still)
            return self._labelled(name, Role.SET_ASIDE, fence, others, left)
        if self.pot.is_last or fence.of_round:
            return self._labelled(name, Role.FLOOR, fence, -group, -still)
        if fence.measure is Measure.COUNT:
            return None  # later rounds may still bring the number
        return self._labelled(name, Role.HEADROOM, fence, others, self.unawarded - still)

    def _share_row(self, name: str, fence: RingFence, before: Tally, group: Whole) -> Row:
        part, whole = fence.share.denominator, fence.share.numerator
        coefficients = whole * self.amounts.of_all(fence) - part * group
        bound = part * before.reached - whole * before.total
        if fence.kind is Kind.CAP:
            return self._labelled(name, Role.CAP, fence, -coefficients, -bound, part, whole)
        return self._labelled(name, Role.FLOOR, fence, coefficients, bound, part, whole)

    def _labelled(
        self,
        name: str,
        role: Role,
        fence: RingFence,
        coefficients: Whole,
        bound: int,
        part: int = 1,
        whole: int = 0,
    ) -> Row:
        return Row(
            name=name,
            role=role,
            coefficients=coefficients,
            bound=bound,
            everything=self.amounts.of_all(fence),
            ring_fence=fence.key,
            tag=fence.counted_tag,
            part=part,
            whole=whole,
            by_number=fence.measure is Measure.COUNT,
        )


def weighed(rows: Sequence[Row], weights: Mapping[str, int]) -> Whole:
    """The coefficients of the rows, times their weights, added up. Raises InvalidInput, KeyError."""
    by_name = {row.name: row for row in rows}
    used = [(by_name[name], weight) for name, weight in weights.items()]
    if any(weight < 0 for _, weight in used):
        raise InvalidInput("weights", "negative")
    reach = sum(weight * (int(np.abs(row.coefficients).sum()) + abs(row.bound)) for row, weight in used)
    if reach > 2 * LARGEST:
        raise InvalidInput("weights", "too_much_together")
    return sum((weight * row.coefficients for row, weight in used), np.zeros_like(rows[0].coefficients))


def per_penny(row: Row) -> Whole:
    """What one more penny for each candidate changes; rows that count awards stay as they are."""
    return np.zeros_like(row.coefficients) if row.by_number else row.coefficients // row.everything


class Proof:
    """Rows added up with weights, to be held against as many lists as they may speak of.

    `room`: what each may get above its amount; where that helps, it is taken in full. Raises InvalidInput,
    KeyError.
    """

    def __init__(self, rows: Sequence[Row], weights: Mapping[str, int], room: Whole | None = None) -> None:
        added = weighed(rows, weights)
        if room is not None:
            changes = np.zeros_like(added)
            for row in rows:
                changes += weights.get(row.name, 0) * np.where(room > 0, per_penny(row), 0)
            added = np.asarray(added + np.minimum(changes, 0) * room, dtype=np.int64)
        bounds = {row.name: row.bound for row in rows}
        self.bound = sum(weight * bounds[name] for name, weight in weights.items())
        self.added, self.can_gain = added, bool((added < 0).any())

    def slack(self, chosen: Whole, still_open: Whole) -> int:
        """Below zero: no choice of open candidates can complete the chosen."""
        gain = np.minimum(self.added[still_open], 0).sum() if self.can_gain else 0
        return self.bound - int(self.added[chosen].sum()) - int(gain)


def broken_rows(rows: Sequence[Row], chosen: Sequence[int]) -> tuple[str, ...]:
    """Names of the rows that a list breaks, in whole numbers."""
    return tuple(row.name for row in rows if int(row.coefficients[list(chosen)].sum()) > row.bound)
