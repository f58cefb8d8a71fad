"""A panel's draw from beginning to end: the seed, and who takes the place of somebody who leaves.

What is drawn from is fixed before the seed is known; from then on everything follows by arithmetic alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scoring.lottery import drawn_order
from scoring.sortition import Quota, QuotasImpossible

Pool = Mapping[str, Mapping[str, str]]


class NobodyLeft(Exception):
    """Everybody in the pool was drawn or has left."""


@dataclass(frozen=True)
class Leaving:
    """Somebody who was drawn left, and these quotas gave way by so many seats for who came next."""

    left: str
    gave_way: tuple[tuple[Quota, int], ...] = ()


def seed_of(secret: bytes, announced: str = "") -> bytes:
    """The secret seed alone, or mixed with a value that nobody could know when its fingerprint came out."""
    if not announced:
        return secret
    return hashlib.sha256(secret + announced.encode()).digest()


def keeps(pool: Pool, quotas: Iterable[Quota], panel: Collection[str]) -> bool:
    return not missed(pool, quotas, panel)


def missed(pool: Pool, quotas: Iterable[Quota], panel: Collection[str]) -> tuple[tuple[Quota, int], ...]:
    """By how many seats each quota that is not kept would have to give way; above 0: the least."""
    found = []
    for quota in quotas:
        number = sum(pool[one].get(quota.feature, "") == quota.value for one in panel)
        if number < quota.least:
            found.append((quota, quota.least - number))
        elif number > quota.most:
            found.append((quota, quota.most - number))
    return tuple(found)


def widened(quotas: Sequence[Quota], changes: Iterable[tuple[Quota, int]]) -> tuple[Quota, ...]:
    """Quotas after some gave way."""
    by_quota = dict(changes)
    return tuple(
        replace(
            one, least=one.least - max(by_quota.get(one, 0), 0), most=one.most - min(by_quota.get(one, 0), 0)
        )
        for one in quotas
    )


def next_drawn(
    pool: Pool, quotas: Sequence[Quota], *, staying: Collection[str], gone: Collection[str], seed: bytes
) -> str:
    """Of those with whom the panel keeps its quotas, each has the same chance: the smallest number comes.

    The numbers are new after every leaving. Raises NobodyLeft, and QuotasImpossible with the smallest
    change that would let somebody in.
    """
    left = [one for one in sorted(pool) if one not in staying and one not in gone]
    if not left:
        raise NobodyLeft
    fitting = [one for one in left if keeps(pool, quotas, [*staying, one])]
    if not fitting:
        changes = (missed(pool, quotas, [*staying, one]) for one in left)
        raise QuotasImpossible(min(changes, key=lambda each: (_seats(each), len(each), _words(each))))
    turn = len(gone)
    numbered = {f"{turn}:{one}": one for one in fitting}
    return numbered[drawn_order(seed, list(numbered))[0]]


def panel_after(
    pool: Pool, quotas: Sequence[Quota], drawn: Sequence[str], leavings: Sequence[Leaving], seed: bytes
) -> tuple[str, ...]:
    """Who sits on the panel when all of these have left, one after the other; who came last is last.

    Raises NobodyLeft, QuotasImpossible, and ValueError where somebody leaves who was not there.
    """
    panel, gone = list(drawn), list[str]()
    for each in leavings:
        panel.remove(each.left)
        gone.append(each.left)
        quotas = widened(quotas, each.gave_way)
        panel.append(next_drawn(pool, quotas, staying=panel, gone=gone, seed=seed))
    return tuple(panel)


def _seats(changes: Sequence[tuple[Quota, int]]) -> int:
    return sum(abs(seats) for _quota, seats in changes)


def _words(changes: Sequence[tuple[Quota, int]]) -> list[tuple[str, str]]:
    return [(quota.feature, quota.value) for quota, _seats in changes]
