"""How far awards fill each floor, cap and set-aside; headroom; what a list would break."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from scoring.reasons import Reason, ReasonCode
from scoring.records import (
    Base,
    Enforcement,
    Kind,
    LedgerLine,
    Measure,
    Pot,
    RingFence,
    RingFenceFigures,
    Share,
    Standing,
    Totals,
)


@dataclass(frozen=True)
class Tally:
    """What counts for one tag and what all awards come to, in pence or in number of awards."""

    reached: int
    total: int


def totals(ledger: Iterable[LedgerLine], pot: Pot) -> Totals:
    counted = [line.counted_pence for line in ledger if line.counted_pence]
    return Totals(sum(counted), len(counted), pot.grants_pence - sum(counted))


def amount_for(shares: Sequence[Share], ring_fence: RingFence, *, with_claimed: bool) -> int:
    """What one award brings to a ring-fence: its shares with the tag or, by number, 1 for the lead's tag."""
    tag = ring_fence.counted_tag
    if ring_fence.measure is Measure.COUNT:
        return int(bool(shares) and shares[0].counts_for(tag, with_claimed=with_claimed))
    return sum(share.pence for share in shares if share.counts_for(tag, with_claimed=with_claimed))


def tally(ledger: Sequence[LedgerLine], ring_fence: RingFence, *, with_claimed: bool) -> Tally:
    by_number = ring_fence.measure is Measure.COUNT
    return Tally(
        sum(amount_for(line.counted_shares, ring_fence, with_claimed=with_claimed) for line in ledger),
        sum(bool(line.counted_pence) if by_number else line.counted_pence for line in ledger),
    )


def expand(ring_fences: Iterable[RingFence], shares: Iterable[Share]) -> tuple[RingFence, ...]:
    """A rule "for any one …" becomes one rule for each value that occurs, in the order of the values."""
    tags: list[str] | None = None
    expanded: list[RingFence] = []
    for ring_fence in ring_fences:
        if not ring_fence.is_family:
            expanded.append(ring_fence)
            continue
        if tags is None:  # only now, because there can be many shares
            tags = sorted({tag for share in shares for tag in share.confirmed | share.claimed})
        family = f"{ring_fence.counted_tag}:"
        expanded += [replace(ring_fence, tag=tag, is_family=False) for tag in tags if tag.startswith(family)]
    return tuple(expanded)


def figures(
    ring_fences: Iterable[RingFence], ledger: Iterable[LedgerLine], pot: Pot
) -> tuple[RingFenceFigures, ...]:
    """The figures of each ring-fence, in the order given; of a family, one for each value that occurs."""
    lines = tuple(ledger)
    unawarded = totals(lines, pot).unawarded_pence
    shares = [share for line in lines for share in line.counted_shares]
    return tuple(_figures_of(one, lines, pot, unawarded) for one in expand(ring_fences, shares))


def _figures_of(
    ring_fence: RingFence, ledger: Sequence[LedgerLine], pot: Pot, unawarded: int
) -> RingFenceFigures:
    confirmed = tally(ledger, ring_fence, with_claimed=False)
    if_confirmed = tally(ledger, ring_fence, with_claimed=True)
    required = ring_fence.required(pot.fund_pence, confirmed.total)
    standing = STANDING[ring_fence.kind]
    return RingFenceFigures(
        key=ring_fence.key,
        tag=ring_fence.counted_tag,
        kind=ring_fence.kind,
        measure=ring_fence.measure,
        base=ring_fence.base,
        enforcement=ring_fence.enforcement,
        required=required,
        confirmed=standing(ring_fence, confirmed, required, unawarded),
        if_confirmed=standing(ring_fence, if_confirmed, required, unawarded),
        of_round=ring_fence.of_round,
    )


def _floor(ring_fence: RingFence, counted: Tally, required: int, unawarded: int) -> Standing:
    is_met = counted.reached >= required
    if ring_fence.base is Base.AWARDS_TOTAL:
        needed = _new_awards_needed(ring_fence.share, counted)
    else:
        needed = max(0, required - counted.reached)
    if ring_fence.measure is Measure.COUNT:
        # How many awards are still to come is not known, so only the awards made so far speak.
        headroom = None
        if ring_fence.share:
            headroom = floor(counted.reached / ring_fence.share) - counted.total
        is_possible = is_met or ring_fence.share < 1
    elif ring_fence.base is Base.AWARDS_TOTAL:
        others = (1 - ring_fence.share) * (counted.total + unawarded) - (counted.total - counted.reached)
        headroom = min(unawarded, floor(others))
        is_possible = headroom >= 0
    else:
        headroom = unawarded - needed
        is_possible = is_met or headroom >= 0
    return _standing(counted, required, needed, headroom, is_met=is_met, is_possible=is_possible)


def _set_aside(ring_fence: RingFence, counted: Tally, required: int, unawarded: int) -> Standing:
    """Kept as long as the money not yet awarded holds what is left of it."""
    needed = max(0, required - counted.reached)
    headroom = unawarded - needed
    is_kept = headroom >= 0
    return _standing(counted, required, needed, headroom, is_met=is_kept, is_possible=is_kept)


def _cap(ring_fence: RingFence, counted: Tally, required: int, unawarded: int) -> Standing:
    is_met = counted.reached <= required
    headroom: int | None
    if ring_fence.base is not Base.AWARDS_TOTAL:
        headroom, is_possible = required - counted.reached, is_met
    elif ring_fence.measure is Measure.COUNT:
        headroom, is_possible = None, True
    else:
        headroom = floor(ring_fence.share * (counted.total + unawarded)) - counted.reached
        is_possible = headroom >= 0
    return _standing(counted, required, 0, headroom, is_met=is_met, is_possible=is_possible)


STANDING = {Kind.FLOOR: _floor, Kind.SET_ASIDE: _set_aside, Kind.CAP: _cap}


def _standing(
    counted: Tally, required: int, needed: int, headroom: int | None, *, is_met: bool, is_possible: bool
) -> Standing:
    return Standing(
        reached=counted.reached,
        needed=needed,
        headroom=headroom,
        share_per_mille=_per_mille(counted.reached, counted.total),
        filled_per_mille=_per_mille(counted.reached, required),
        is_met=is_met,
        is_possible=is_possible,
    )


def _new_awards_needed(share: Fraction, counted: Tally) -> int:
    """New awards for the group alone that bring it to its share of all awards; they raise the whole too."""
    short = share * counted.total - counted.reached
    if short <= 0:
        return 0
    return ceil(short if share == 1 else short / (1 - share))  # at 100 %, only other awards can go


def _per_mille(part: int, whole: int) -> int | None:
    return 1000 * part // whole if whole else None


def would_block(
    proposed: Iterable[LedgerLine], ring_fences: Iterable[RingFence], ledger: Iterable[LedgerLine], pot: Pot
) -> tuple[Reason, ...]:
    """Everything that forbids adding these awards; () when it may be ratified."""
    new, before = tuple(proposed), tuple(ledger)
    after = (*before, *new)
    reasons = []
    asked, live = sum(line.counted_pence for line in new), totals(after, pot).live_pence
    if asked > pot.round_pence:
        reasons.append(_passed(ReasonCode.BUDGET_PASSED, asked, pot.round_pence))
    if live > pot.grants_pence:
        reasons.append(_passed(ReasonCode.POT_PASSED, live, pot.grants_pence))
    for one in figures(ring_fences, after, pot):
        if one.enforcement is Enforcement.BLOCK and (reason := _broken(one, pot)):
            reasons.append(reason)
    return tuple(reasons)


def _passed(code: ReasonCode, asked: int, limit: int) -> Reason:
    return Reason(code, (), (("asked", asked), ("limit", limit), ("over", asked - limit)))


def _broken(one: RingFenceFigures, pot: Pot) -> Reason | None:
    standing = one.binding
    is_for_now = pot.is_last or one.of_round or one.base is Base.AWARDS_TOTAL
    if one.kind is Kind.FLOOR and not is_for_now:
        is_kept, code = standing.is_possible, ReasonCode.FLOOR_IMPOSSIBLE
    elif one.kind is Kind.FLOOR:
        is_kept, code = standing.is_met, ReasonCode.FLOOR_MISSED
    elif one.kind is Kind.SET_ASIDE:
        is_kept, code = standing.is_met, ReasonCode.SET_ASIDE_USED
    else:
        is_kept, code = standing.is_met, ReasonCode.CAP_PASSED
    if is_kept:
        return None
    numbers = [("required", one.required), ("reached", standing.reached), ("needed", standing.needed)]
    if standing.headroom is not None:
        numbers.append(("headroom", standing.headroom))
    return Reason(code, (one.key,), tuple(numbers), tags=(one.tag,))
