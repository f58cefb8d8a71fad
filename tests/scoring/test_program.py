"""The solver's short way for few rows and many columns gives what arithmetic gives."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.program import FEW_ROWS, Program, Status


def best_in_parts(values: list[int], weights: list[int], limit: int) -> Fraction:
    """One row, parts allowed: whoever is worth most for its weight comes first."""
    total, left = Fraction(0), Fraction(limit)
    for value, weight in sorted(zip(values, weights, strict=True), key=lambda one: -Fraction(*one)):
        part = min(Fraction(1), left / weight)
        total, left = total + part * value, left - part * weight
    return total


@settings(max_examples=25)
@given(
    worth=st.lists(
        st.tuples(st.integers(1, 100), st.integers(1, 50)), min_size=FEW_ROWS, max_size=2 * FEW_ROWS
    ),
    limit=st.integers(0, 6_000),
)
def test_many_columns_under_one_row_are_worth_what_arithmetic_says(
    worth: list[tuple[int, int]], limit: int
) -> None:
    values, weights = [list(each) for each in zip(*worth, strict=True)]
    program = Program(-np.array(values, dtype=float), np.ones(len(values)))
    program.add_row(range(len(values)), np.array(weights, dtype=float), highest=limit)

    answer = program.solve(10.0)

    assert (answer.status, answer.is_best) == (Status.FOUND, True)
    assert -answer.cost == pytest.approx(float(best_in_parts(values, weights, limit)))
    assert answer.prices[0] <= 1e-9  # more room is never worth less than nothing
