"""Order by total with explicit, repeatable tie-breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from scoring.records import InvalidInput, Ranked, RankingEntry, TieBreak, TieBreakKind

Key = tuple[int, Fraction]


@dataclass(frozen=True)
class Ranking:
    ranked: tuple[Ranked, ...]
    without_total: tuple[str, ...]  # to be talked about first

    @property
    def vote_needed(self) -> tuple[tuple[str, ...], ...]:
        """Groups of applications no rule could tell apart."""
        open_ties = [one for one in self.ranked if one.vote_needed]
        return tuple(
            tuple(one.application for one in group)
            for _, group in groupby(open_ties, key=lambda one: one.place)
        )


def rank(entries: Iterable[RankingEntry], tie_breaks: Sequence[TieBreak]) -> Ranking:
    """Higher total first, then the tie-breaks in their order; open ties share a place."""
    listed = sorted(entries, key=lambda entry: entry.application)
    if len({entry.application for entry in listed}) < len(listed):
        raise InvalidInput("application", "twice")
    with_total = [(entry.total, entry) for entry in listed if entry.total is not None]
    keys = {entry.application: _keys(entry, total, tie_breaks) for total, entry in with_total}
    with_total.sort(key=lambda pair: keys[pair[1].application])

    ranked: list[Ranked] = []
    for position, (total, entry) in enumerate(with_total):
        above = keys[with_total[position - 1][1].application] if position else None
        below = keys[with_total[position + 1][1].application] if position + 1 < len(with_total) else None
        own = keys[entry.application]
        ranked.append(
            Ranked(
                application=entry.application,
                place=ranked[-1].place if own == above else position + 1,
                total=total,
                decided_by=_decided_by(own, above, tie_breaks),
                vote_needed=own in (above, below),
            )
        )
    return Ranking(tuple(ranked), tuple(entry.application for entry in listed if entry.total is None))


def _keys(entry: RankingEntry, total: Fraction, tie_breaks: Sequence[TieBreak]) -> tuple[Key, ...]:
    return ((0, -total), *(_key(entry, tie_break) for tie_break in tie_breaks))


def _key(entry: RankingEntry, tie_break: TieBreak) -> Key:
    """Smaller is better; what is not known comes after what is known."""
    value: int | Fraction | None
    if tie_break.kind is TieBreakKind.HIGHER_CRITERION:
        mean = entry.means.get(tie_break.criterion or "")
        value = None if mean is None else -mean
    elif tie_break.kind is TieBreakKind.LOWER_INCOME:
        value = entry.income_pence
    else:
        value = entry.vote_place
    return (1, Fraction(0)) if value is None else (0, Fraction(value))


def _decided_by(
    own: tuple[Key, ...], above: tuple[Key, ...] | None, tie_breaks: Sequence[TieBreak]
) -> TieBreak | None:
    if above is None or above[0] != own[0]:
        return None
    for tie_break, mine, theirs in zip(tie_breaks, own[1:], above[1:], strict=True):
        if mine != theirs:
            return tie_break
    return None
