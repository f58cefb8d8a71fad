"""What a change after the awards does to each ring-fence, and which single reserve would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoring.reasons import Reason, ReasonCode
from scoring.records import Candidate, Kind, LedgerLine, Pot, RingFence, RingFenceFigures
from scoring.ringfences import expand, figures, would_block

MONEY = frozenset({ReasonCode.BUDGET_PASSED, ReasonCode.POT_PASSED})


class Verdict(StrEnum):
    SAME = "same"
    CHANGED = "changed"  # other figures, kept or missed as before
    BROKEN = "broken"  # was kept, is not any more
    LOST = "lost"  # can no longer be kept with the money left
    MENDED = "mended"  # was missed, is kept


@dataclass(frozen=True)
class Consequence:
    before: RingFenceFigures
    after: RingFenceFigures

    @property
    def verdict(self) -> Verdict:
        was, is_ = self.before.binding, self.after.binding
        if self.before == self.after:
            return Verdict.SAME
        if was.is_possible and not is_.is_possible:
            return Verdict.LOST
        if was.is_met != is_.is_met:
            return Verdict.MENDED if is_.is_met else Verdict.BROKEN
        return Verdict.CHANGED

    @property
    def is_felt(self) -> bool:
        """Worth a line: not a limit of one borough that only moves with the sum of all awards."""
        was, is_ = self.before, self.after
        if self.verdict not in (Verdict.SAME, Verdict.CHANGED):
            return True
        figures_of = (
            (one.confirmed.reached, one.if_confirmed.reached, one.confirmed.needed) for one in (was, is_)
        )
        is_one_value = is_.tag.startswith(f"{is_.key}:")
        return len(set(figures_of)) > 1 or (
            not is_one_value and was.confirmed.headroom != is_.confirmed.headroom
        )

    @property
    def lost_ground(self) -> bool:
        """A floor or set-aside that needs more money of its own groups than before."""
        return self.after.kind is not Kind.CAP and self.after.confirmed.needed > self.before.confirmed.needed


def consequences(
    rules: Iterable[RingFence], before: Sequence[LedgerLine], after: Sequence[LedgerLine], pot: Pot
) -> tuple[Consequence, ...]:
    """For each ring-fence and each borough that has an award before or after."""
    shares = [share for line in (*before, *after) for share in line.counted_shares]
    expanded = expand(rules, shares)
    pairs = zip(figures(expanded, before, pot), figures(expanded, after, pot), strict=True)
    return tuple(Consequence(one, other) for one, other in pairs)


@dataclass(frozen=True)
class Mender:
    """One reserve, as if it alone were awarded now."""

    id: str
    mends: tuple[str, ...]  # ring-fences that need no more than before the change
    helps: tuple[str, ...]  # that need less, but still more than before
    broken: tuple[Reason, ...]  # why it cannot be awarded

    @property
    def fits(self) -> bool:
        return not self.broken


def menders(
    reserves: Iterable[Candidate],
    rules: Sequence[RingFence],
    changed: Sequence[Consequence],
    ledger: Sequence[LedgerLine],
    pot: Pot,
) -> tuple[Mender, ...]:
    """In the order given. `ledger` and `pot` are those after the change."""
    hurt = {(one.after.key, one.after.tag): one for one in changed if one.lost_ground}
    found = []
    for reserve in reserves:
        line = reserve.as_award()
        now = {(one.key, one.tag): one for one in figures(rules, (*ledger, line), pot)}
        mends, helps = list[str](), list[str]()
        for key, one in hurt.items():
            needed = now[key].confirmed.needed
            if needed <= one.before.confirmed.needed:
                mends.append(one.after.key)
            elif needed < one.after.confirmed.needed:
                helps.append(one.after.key)
        found.append(Mender(reserve.id, tuple(mends), tuple(helps), worsened_by(line, rules, ledger, pot)))
    return tuple(found)


def worsened_by(
    line: LedgerLine, rules: Sequence[RingFence], ledger: Sequence[LedgerLine], pot: Pot
) -> tuple[Reason, ...]:
    """What this award breaks or makes worse. What is missed already does not stop an award that mends it."""
    before = {(reason.code, reason.ring_fences): reason for reason in would_block((), rules, ledger, pot)}
    after = would_block((line,), rules, ledger, pot)
    return tuple(
        reason for reason in after if _is_worse(reason, before.get((reason.code, reason.ring_fences)))
    )


def _is_worse(now: Reason, before: Reason | None) -> bool:
    if before is None or now.code in MONEY:
        return True
    numbers_now, numbers_before = dict(now.numbers), dict(before.numbers)
    return numbers_now.get("needed", 0) > numbers_before.get("needed", 0) or numbers_now.get(
        "headroom", 0
    ) < numbers_before.get("headroom", 0)
