"""Small numbers stay hidden, also from whoever subtracts: among figures that lie within one another."""

from __future__ import annotations

from collections.abc import Sequence

from fundapp.queries.tallies import MANY_ENOUGH


def published(numbers: Sequence[int], first: Sequence[int] = ()) -> list[int | None]:
    """Each number, or None where it, or its difference to one that is shown, would be 1 to 4.

    `first`: places of the numbers that matter most, and that people may know from elsewhere.
    """
    shown: dict[int, int] = {}
    for place in dict.fromkeys([*first, *range(len(numbers))]):
        number = numbers[place]
        if _is_safe(number) and all(_is_safe(abs(number - other)) for other in shown.values()):
            shown[place] = number
    return [shown.get(place) for place in range(len(numbers))]


def _is_safe(number: int) -> bool:
    return number == 0 or number >= MANY_ENOUGH
