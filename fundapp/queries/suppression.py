"""Small numbers stay hidden, also from whoever subtracts: among figures that lie within one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, zip_longest
from math import inf

from fundapp.queries.tallies import MANY_ENOUGH


def published(
    numbers: Sequence[int], first: Sequence[int] = (), known: Sequence[int] = ()
) -> list[int | None]:
    """Each number, or None where it, or its difference to one that is shown or known, would be 1 to 4.

    `first`: places of the numbers that matter most. `known`: what everybody reads elsewhere, however small.
    """
    shown: dict[int, int] = {}
    for place in dict.fromkeys([*first, *range(len(numbers))]):
        number = numbers[place]
        others = (*shown.values(), *known)
        if _is_safe(number) and all(_is_safe(abs(number - other)) for other in others):
            shown[place] = number
    return [shown.get(place) for place in range(len(numbers))]


def _is_safe(number: int) -> bool:
    return number == 0 or number >= MANY_ENOUGH


def stand_alone(cells: Mapping[str, Sequence[int]], rest: Sequence[int] = ()) -> list[str]:
    """Which cells of a table may be shown by themselves; all others are shown added up, as one.

    Every row, also that one, has only numbers that are 0 or large, and so are their differences. Whoever
    takes rows from the total finds nothing smaller. `rest`: what must not be seen by itself.
    """
    alone = {key: cell for key, cell in cells.items() if _is_safe_row(cell)}
    together = _sum([rest, *(cell for key, cell in cells.items() if key not in alone)])
    while alone and not _is_safe_row(together):
        smallest = min(alone, key=lambda key: sum(alone[key]) or inf)  # nobody more would not help
        together = _sum([together, alone.pop(smallest)])
    return list(alone) if _is_safe_row(together) else []


def _is_safe_row(row: Sequence[int]) -> bool:
    return all(map(_is_safe, row)) and all(_is_safe(abs(one - other)) for one, other in combinations(row, 2))


def _sum(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip_longest(*rows, fillvalue=0)]
