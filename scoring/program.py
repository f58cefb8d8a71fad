"""The one place that talks to HiGHS: minimise cost x values with rows between limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
NO_LIMIT = float(highspy.kHighsInf)
TOLERANCE = 1e-9
FEW_ROWS = 10  # columns for each row from which on going from column to column is the shortest way
PRIMAL_SIMPLEX = 4


class Status(StrEnum):
    FOUND = "found"
    NONE = "none"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, eq=False)
class Answer:
    status: Status
    values: Real
    prices: Real  # one for each row; only without whole values
    cost: float
    is_best: bool  # proved; otherwise only found before the time was over


@dataclass(eq=False)
class Program:
    """Columns lie between 0 and `upper`; the first `whole` of them take whole values only."""

    cost: Real
    upper: Real
    whole: int = 0
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[npt.NDArray[np.int64]] = field(default_factory=list)
    factors: list[Real] = field(default_factory=list)
    lowest: list[float] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)

    def add_row(
        self,
        columns: Iterable[int] | npt.NDArray[np.int64],
        factors: Real | None = None,
        lowest: float = -NO_LIMIT,
        highest: float = NO_LIMIT,
    ) -> None:
        places = np.asarray(columns if isinstance(columns, np.ndarray) else list(columns), dtype=np.int64)
        self.columns.append(places)
        self.factors.append(np.ones(len(places)) if factors is None else factors)
        self.starts.append(self.starts[-1] + len(places))
        self.lowest.append(lowest)
        self.highest.append(highest)

    def add_rows(self, factors: Real, highest: Real) -> None:
        """Of all columns."""
        rows, columns = np.nonzero(factors)
        ends = self.starts[-1] + np.cumsum(np.bincount(rows, minlength=len(highest)))
        self.starts += ends.tolist()
        self.columns.append(columns)
        self.factors.append(factors[rows, columns])
        self.lowest += [-NO_LIMIT] * len(highest)
        self.highest += highest.tolist()

    def solve(self, seconds: float) -> Answer:
        if not len(self.cost):
            return self._solve_without_columns()
        solver = self._solver(seconds)
        solver.run()
        status, solution = solver.getModelStatus(), solver.getSolution()
        is_best = status == highspy.HighsModelStatus.kOptimal
        found = Status.NOT_KNOWN
        if status == highspy.HighsModelStatus.kInfeasible:
            found = Status.NONE
        elif is_best or (self.whole and solution.value_valid):
            found = Status.FOUND
        return Answer(
            found,
            np.asarray(solution.col_value, dtype=np.float64),
            np.asarray(solution.row_dual, dtype=np.float64),
            float(solver.getInfo().objective_function_value),
            is_best,
        )

    def _solve_without_columns(self) -> Answer:
        holds = all(low <= 0 <= high for low, high in zip(self.lowest, self.highest, strict=True))
        status = Status.FOUND if holds else Status.NONE
        return Answer(status, np.zeros(0), np.zeros(len(self.lowest)), 0.0, is_best=holds)

    def _solver(self, seconds: float) -> Any:
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = len(self.lowest), len(self.cost)
        model.col_cost_ = self.cost
        model.col_lower_ = np.zeros(len(self.cost))
        model.col_upper_ = self.upper
        model.row_lower_ = np.array(self.lowest)
        model.row_upper_ = np.array(self.highest)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.starts)
        model.a_matrix_.index_ = np.concatenate(self.columns) if self.columns else np.zeros(0, dtype=np.int64)
        model.a_matrix_.value_ = np.concatenate(self.factors) if self.factors else np.zeros(0)
        if self.whole:
            parts = [highspy.HighsVarType.kContinuous] * (len(self.cost) - self.whole)
            model.integrality_ = [highspy.HighsVarType.kInteger] * self.whole + parts
        solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("time_limit", seconds),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("primal_feasibility_tolerance", TOLERANCE),
            ("dual_feasibility_tolerance", TOLERANCE),
            ("mip_feasibility_tolerance", TOLERANCE),
        ):
            solver.setOptionValue(option, value)
        if not self.whole and len(self.cost) >= FEW_ROWS * len(self.lowest):
            solver.setOptionValue("presolve", "off")
            solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        solver.passModel(model)
        return solver
