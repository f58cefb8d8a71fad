"""The solver's part in the merit order. What it answers is a hint: the caller checks it in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scoring.exact import Whole
from scoring.program import NO_LIMIT, TOLERANCE, Answer, Program, Real, Status

SECONDS = 20.0
LARGEST_COEFFICIENT = 100.0
LOOK_AHEAD = 20  # columns that are wanted in their order; more would need numbers a float cannot hold


class NotProved(RuntimeError):
    """No answer in the time allowed, or none that whole numbers confirm."""


@dataclass(frozen=True, eq=False)
class Best:
    chosen: list[int]
    is_proved: bool  # that nothing is worth more; otherwise only the best found in the time allowed


class Search(Protocol):
    """Questions about rows (coefficients x choice <= bounds) that arithmetic alone may not answer."""

    def weights(self, coefficients: Whole, bounds: Whole) -> Real | None:
        """Row weights that hint at why there is no solution, even with parts; None when there is one."""

    def choice(self, coefficients: Whole, bounds: Whole, parts: int = 0) -> list[int] | None:
        """Columns that satisfy all rows, rather the first; None when there are none. Raises NotProved.

        The last `parts` columns may be taken in part.
        """

    def nearest(self, coefficients: Whole, bounds: Whole, soft: Sequence[int], parts: int = 0) -> list[int]:
        """Columns that satisfy all other rows and miss the soft ones by little. Raises NotProved."""

    def best(self, coefficients: Whole, bounds: Whole, values: Whole) -> Best | None:
        """Columns that satisfy all rows, worth most together; None when there are none. Raises NotProved."""

    def prices(self, coefficients: Whole, bounds: Whole, values: Whole) -> Real:
        """One for each row, from the best answer in parts: they hint at how much a list can be worth."""


@dataclass(frozen=True)
class Highs:
    seconds: float = SECONDS

    def weights(self, coefficients: Whole, bounds: Whole) -> Real | None:
        """Rows the empty choice breaks may be bought off; the prices of the cheapest way are the hint."""
        columns, scale = coefficients.shape[1], _scales(coefficients)
        short = np.flatnonzero(bounds < 0)
        program = Program(
            cost=np.concatenate([np.zeros(columns), np.ones(len(short))]),
            upper=np.concatenate([np.ones(columns), np.full(len(short), NO_LIMIT)]),
        )
        relief = -np.eye(len(bounds))[:, short]
        program.add_rows(np.hstack([coefficients / scale[:, np.newaxis], relief]), bounds / scale)
        answer = program.solve(self.seconds)
        if answer.status is not Status.FOUND:
            raise NotProved
        if answer.cost <= TOLERANCE:
            return None
        return np.asarray(np.maximum(-answer.prices, 0.0) / scale, dtype=np.float64)

    def choice(self, coefficients: Whole, bounds: Whole, parts: int = 0) -> list[int] | None:
        """Rows are widened by half a penny, so a whole-number solution is never lost to rounding."""
        columns, scale = coefficients.shape[1], _scales(coefficients)
        cost = np.zeros(columns)
        first = min(columns - parts, LOOK_AHEAD)
        cost[:first] = -(2.0 ** np.arange(first - 1, -1, -1))
        program = Program(cost, np.ones(columns), whole=columns - parts)
        program.add_rows(coefficients / scale[:, np.newaxis], (bounds + 0.5) / scale)
        answer = program.solve(self.seconds)
        if answer.status is Status.NOT_KNOWN:
            raise NotProved
        if answer.status is Status.NONE:
            return None
        return [int(place) for place in np.flatnonzero(answer.values[: columns - parts] > 0.5)]

    def nearest(self, coefficients: Whole, bounds: Whole, soft: Sequence[int], parts: int = 0) -> list[int]:
        """A miss counts in proportion to its row, so that no ring-fence is given up for its size alone."""
        columns, scale = coefficients.shape[1], _scales(coefficients)
        cost = np.concatenate([np.zeros(columns), np.ones(len(soft))])
        upper = np.concatenate([np.ones(columns), np.full(len(soft), NO_LIMIT)])
        program = Program(cost, upper, whole=columns - parts)
        relief = -np.eye(len(bounds))[:, list(soft)]
        program.add_rows(np.hstack([coefficients / scale[:, np.newaxis], relief]), bounds / scale)
        answer = program.solve(self.seconds)
        if answer.status is not Status.FOUND:
            raise NotProved
        return [int(place) for place in np.flatnonzero(answer.values[: columns - parts] > 0.5)]

    def best(self, coefficients: Whole, bounds: Whole, values: Whole) -> Best | None:
        answer = self._most(coefficients, np.asarray(bounds + 0.5), values, in_parts=False)
        if answer.status is Status.NOT_KNOWN:
            raise NotProved
        if answer.status is Status.NONE:
            return None
        return Best([int(at) for at in np.flatnonzero(answer.values > 0.5)], answer.is_best)

    def prices(self, coefficients: Whole, bounds: Whole, values: Whole) -> Real:
        answer = self._most(coefficients, bounds.astype(float), values, in_parts=True)
        worth = max(float(np.abs(values).max(initial=1)), 1.0)
        return np.asarray(np.maximum(-answer.prices, 0.0) * worth / _scales(coefficients), dtype=np.float64)

    def _most(self, coefficients: Whole, bounds: Real, values: Whole, *, in_parts: bool) -> Answer:
        """Rows in their own scale and values in theirs, so that the solver meets no large numbers."""
        count, scale = coefficients.shape[1], _scales(coefficients)
        worth = max(float(np.abs(values).max(initial=1)), 1.0)
        program = Program(-values / worth, np.ones(count), whole=0 if in_parts else count)
        program.add_rows(coefficients / scale[:, np.newaxis], bounds / scale)
        return program.solve(self.seconds)


def _scales(coefficients: Whole) -> Real:
    """Pence as they are make the solver lose its way; the largest number of each row becomes 100."""
    largest = np.abs(coefficients).max(axis=1, initial=1)
    return np.asarray(largest / LARGEST_COEFFICIENT, dtype=np.float64)
