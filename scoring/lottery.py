"""A draw that anybody can repeat: numbers from a secret seed whose fingerprint is public beforehand.

The number of an application is HMAC-SHA256 of its id (UTF-8) with the seed as key, read as a whole number;
the smallest is drawn first.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from scoring.allocation import AwardProblem, awards_of
from scoring.records import InvalidInput
from scoring.stability import OUT, SAFE

LEAST_SEED = 16  # bytes; a shorter one could be found by trying


def commitment(seed: bytes) -> str:
    """The fingerprint (SHA-256) to publish before anything is known that the draw decides about."""
    _check(seed)
    return hashlib.sha256(seed).hexdigest()


def lottery_numbers(seed: bytes, ids: Collection[str]) -> dict[str, int]:
    _check(seed)
    return {
        each: int.from_bytes(hmac.new(seed, each.encode(), hashlib.sha256).digest(), "big") for each in ids
    }


def drawn_order(seed: bytes, ids: Collection[str]) -> tuple[str, ...]:
    """The smallest number first. It does not depend on the order in which they are given."""
    numbers = lottery_numbers(seed, ids)
    return tuple(sorted(numbers, key=lambda each: numbers[each]))


def grey_zone(chances: Mapping[str, Fraction], equal: Sequence[Collection[str]] = ()) -> frozenset[str]:
    """Those scores cannot tell apart: neither on nearly every list nor on nearly none. Never only one.

    `equal`: those no rule can tell apart at all; either none of such a group is in the zone, or all are.
    """
    grey = {key for key, chance in chances.items() if OUT < chance < SAFE}
    for group in equal:
        known = [chances[key] for key in group if key in chances]
        if known and min(known) < SAFE and max(known) > OUT:
            grey |= {key for key in group if key in chances}
    return frozenset(grey) if len(grey) > 1 else frozenset()


def with_draw(
    order: Sequence[str],
    chances: Mapping[str, Fraction],
    grey: frozenset[str],
    seed: bytes,
    equal: Sequence[Collection[str]] = (),
) -> tuple[str, ...]:
    """Safe ones stay above, the others below, both in their order; the grey zone comes as it was drawn.

    Above and below, equal ones come as drawn among themselves.
    """
    others = [each for each in _equal_as_drawn(order, equal, seed) if each not in grey]
    safe = {each for each in others if chances.get(each, Fraction(0)) >= SAFE} if grey else set(others)
    above, below = ([each for each in others if (each in safe) is wanted] for wanted in (True, False))
    return (*above, *drawn_order(seed, grey), *below)


def _equal_as_drawn(order: Sequence[str], equal: Sequence[Collection[str]], seed: bytes) -> list[str]:
    found = list(order)
    for group in equal:
        places = [at for at, each in enumerate(order) if each in group]
        for at, each in zip(places, drawn_order(seed, [order[at] for at in places]), strict=True):
            found[at] = each
    return found


def draw_chances(
    problem: AwardProblem,
    chances: Mapping[str, Fraction],
    grey: frozenset[str],
    *,
    draws: int,
    seed: bytes,
    equal: Sequence[Collection[str]] = (),
) -> dict[str, Fraction]:
    """How often each is funded over so many draws from other seeds. Ring-fences hold in every one.

    Raises NoList and NotProved.
    """
    if draws < 1:
        raise InvalidInput("draws", "out_of_range")
    order = [one.id for one in problem.candidates]
    counted = dict.fromkeys(order, 0)
    for number in range(draws):
        own = hashlib.sha256(seed + number.to_bytes(4, "big")).digest()
        drawn = with_draw(order, chances, grey, own, equal)
        for each in awards_of(in_order(problem, drawn)):
            counted[each] += 1
    return {key: Fraction(times, draws) for key, times in counted.items()}


def in_order(problem: AwardProblem, order: Sequence[str]) -> AwardProblem:
    by_id = {one.id: one for one in problem.candidates}
    return replace(problem, candidates=tuple(by_id[each] for each in order))


def _check(seed: bytes) -> None:
    if len(seed) < LEAST_SEED:
        raise InvalidInput("seed", "too_short")
