"""How sure places and agreement are, by drawing again and again. The same seed gives the same figures."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.agreement import Level, alpha
from scoring.records import InvalidInput, Rating
from scoring.stability import Uncertain

COVER = Fraction(8, 10)  # of all draws lie within an interval


@dataclass(frozen=True)
class RankInterval:
    """`expected`: the mean place over all draws; most draws lie from `first` to `last`."""

    expected: Fraction
    first: int
    last: int


def rank_intervals(
    scores: Mapping[str, Uncertain], *, draws: int, seed: int, cover: Fraction = COVER
) -> dict[str, RankInterval]:
    """Where each application may stand when scores move within their standard errors."""
    _check(draws, cover)
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret
    keys = sorted(scores)
    places: dict[str, list[int]] = defaultdict(list)
    for _draw in range(draws):
        drawn = {
            key: float(scores[key].score) + chance.gauss(0.0, scores[key].standard_error) for key in keys
        }
        # equal draws keep the order of the scores themselves
        order = sorted(keys, key=lambda key: (-drawn[key], -scores[key].score, key))
        for place, key in enumerate(order, start=1):
            places[key].append(place)
    return {key: _interval(sorted(places[key]), cover) for key in keys}


def alpha_interval(
    ratings: Sequence[Rating],
    level: Level,
    *,
    draws: int,
    seed: int,
    cover: Fraction = COVER,
    together: Callable[[str], str] = str,
) -> tuple[float, float] | None:
    """Agreement if other applications like these had been read. None where it cannot be told.

    `together` names what several of them are drawn as one by.
    """
    _check(draws, cover)
    by_application: dict[str, list[Rating]] = defaultdict(list)
    for one in ratings:
        by_application[together(one.application)].append(one)
    keys = sorted(key for key, found in by_application.items() if len(found) > 1)
    if len(keys) < 2:
        return None
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret
    found = []
    for _draw in range(draws):
        chosen = [chance.choice(keys) for _key in keys]
        drawn = [
            replace(one, application=f"{number}\n{one.application}")
            for number, key in enumerate(chosen)
            for one in by_application[key]
        ]
        value = alpha(drawn, level).value
        if value is not None:
            found.append(value)
    found.sort()
    return (found[_cut(len(found), cover)], found[-1 - _cut(len(found), cover)]) if found else None


def _check(draws: int, cover: Fraction) -> None:
    if draws < 1 or not 0 < cover <= 1:
        raise InvalidInput("draws", "out_of_range")


def _interval(places: list[int], cover: Fraction) -> RankInterval:
    cut = _cut(len(places), cover)
    return RankInterval(Fraction(sum(places), len(places)), places[cut], places[-1 - cut])


def _cut(number: int, cover: Fraction) -> int:
    """So many are left out at each end."""
    return int(number * (1 - cover) / 2)
