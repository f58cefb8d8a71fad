"""A sum shared out, to the penny."""

from __future__ import annotations

from collections.abc import Sequence


def in_proportion(total_pence: int, weights: Sequence[int]) -> list[int]:
    """The total shared out by these weights, of which one is above nothing; pennies left go to the first."""
    whole = sum(weights)
    shares = [total_pence * weight // whole for weight in weights]
    for index in range(total_pence - sum(shares)):
        shares[index] += 1
    return shares
