"""HiGHS, asked in numbers it likes. What it answers is only a hint: the caller checks it in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import highspy
import numpy as np
import numpy.typing as npt

from scoring.exact import Whole

Real = npt.NDArray[np.float64]
SECONDS = 20.0
TOLERANCE = 1e-9
LARGEST_COEFFICIENT = 100.0
LOOK_AHEAD = 20  # columns that are wanted in their order; more would need numbers a float cannot hold


class NotProved(RuntimeError):
    """No answer in the time allowed, or none that whole numbers confirm."""


class Search(Protocol):
    """Two questions about rows (coefficients x choice <= bounds) that arithmetic alone may not answer."""

    def weights(self, coefficients: Whole, bounds: Whole) -> Real | None:
        """Row weights that hint at why there is no solution, even with parts; None when there is one."""

    def choice(self, coefficients: Whole, bounds: Whole) -> list[int] | None:
        """Columns that satisfy all rows, rather the first; None when there are none. Raises NotProved."""


@dataclass(frozen=True)
class Highs:
    seconds: float = SECONDS

    def weights(self, coefficients: Whole, bounds: Whole) -> Real | None:
        """Rows the empty choice breaks may be bought off; the prices of the cheapest way are the hint."""
        scale = _scales(coefficients)
        short = np.flatnonzero(bounds < 0)
        columns = coefficients.shape[1]
        relief = np.zeros((len(scale), len(short)))
        relief[short, np.arange(len(short))] = -1.0
        matrix = np.hstack([coefficients / scale[:, None], relief])
        cost = np.concatenate([np.zeros(columns), np.ones(len(short))])
        upper = np.concatenate([np.ones(columns), np.full(len(short), highspy.kHighsInf)])
        solver = self._solver(cost, upper, matrix, bounds / scale)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NotProved
        if solver.getInfo().objective_function_value <= TOLERANCE:
            return None
        prices = -np.array(solver.getSolution().row_dual)
        return np.asarray(np.maximum(prices, 0.0) / scale, dtype=np.float64)

    def choice(self, coefficients: Whole, bounds: Whole) -> list[int] | None:
        """Rows are widened by half a penny, so a whole-number solution is never lost to rounding."""
        scale = _scales(coefficients)
        columns = coefficients.shape[1]
        if not columns:
            return [] if (bounds >= 0).all() else None
        cost = np.zeros(columns)
        first = min(columns, LOOK_AHEAD)
        cost[:first] = -(2.0 ** np.arange(first - 1, -1, -1))
        solver = self._solver(cost, np.ones(columns), coefficients / scale[:, None], (bounds + 0.5) / scale)
        solver.changeColsIntegrality(
            columns,
            np.arange(columns, dtype=np.int32),
            np.full(columns, highspy.HighsVarType.kInteger),
        )
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        values = np.array(solver.getSolution().col_value)
        if not solver.getSolution().value_valid:
            raise NotProved
        return [int(place) for place in np.flatnonzero(values > 0.5)]

    def _solver(self, cost: Real, upper: Real, matrix: Real, bounds: Real) -> Any:
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = cost
        model.col_lower_ = np.zeros(matrix.shape[1])
        model.col_upper_ = upper
        model.row_lower_ = np.full(matrix.shape[0], -highspy.kHighsInf)
        model.row_upper_ = bounds
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        rows, columns = np.nonzero(matrix)
        model.a_matrix_.start_ = np.searchsorted(rows, np.arange(matrix.shape[0] + 1))
        model.a_matrix_.index_ = columns
        model.a_matrix_.value_ = matrix[rows, columns]
        solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("time_limit", self.seconds),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("primal_feasibility_tolerance", TOLERANCE),
            ("dual_feasibility_tolerance", TOLERANCE),
            ("mip_feasibility_tolerance", TOLERANCE),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        return solver


def _scales(coefficients: Whole) -> Real:
    """Pence as they are make the solver lose its way; the largest number of each row becomes 100."""
    largest = np.abs(coefficients).max(axis=1, initial=1)
    return np.asarray(largest / LARGEST_COEFFICIENT, dtype=np.float64)
