"""Restricted maximum likelihood of score = mean + application + reader + error, all but the mean random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from scoring.records import InvalidInput, Rating

Real = npt.NDArray[np.float64]
GRID_OF_APPLICATIONS = np.linspace(-4.0, 4.0, 5)  # logarithms of variance ratios
GRID_OF_READERS = np.linspace(-8.0, 3.0, 9)
SMALLEST, LARGEST = -14.0, 10.0
FLAT = 1e-6
WIDTHS = (0.5, 0.1, 0.02, 0.004, 0.001, 0.001)
HALVES = (1.0, 0.5, 0.25, 0.125)
NO_ERROR = 1e-12  # part of the whole spread, so that perfect data have a logarithm


@dataclass(frozen=True)
class Variances:
    application: float
    reader: float
    error: float


@dataclass(frozen=True, eq=False)
class Fit:
    """The best variances, and the effects they give."""

    deviance: float  # -2 log-likelihood, up to a constant
    log_ratios: tuple[float, float | None]
    error: float
    effects: Real  # the mean, then the readers
    inverse: Real

    @property
    def variances(self) -> Variances:
        application, reader = self.log_ratios
        of_reader = 0.0 if reader is None else self.error * float(np.exp(reader))
        return Variances(self.error * float(np.exp(application)), of_reader, self.error)


def _second(ratios: Real) -> float | None:
    return float(ratios[1]) if len(ratios) > 1 else None


class RatingTable:
    """Sums that each likelihood needs; applications with equally many scores are added up only once."""

    def __init__(self, ratings: Sequence[Rating]) -> None:
        if len({(one.application, one.reader) for one in ratings}) < len(ratings):
            raise InvalidInput("ratings", "twice")
        self.applications = sorted({one.application for one in ratings})
        self.readers = sorted({one.reader for one in ratings})
        rows = {key: at for at, key in enumerate(self.applications)}
        columns = {key: at for at, key in enumerate(self.readers)}
        self.sums = np.zeros(len(rows))
        self.design = np.zeros((len(rows), 1 + len(columns)))  # counts: all, then by reader
        by_reader = np.zeros(len(columns))
        # Whole numbers over one denominator: exact, and far faster than fractions.
        part = lcm(*{one.value.denominator for one in ratings})
        ordered = sorted(ratings, key=lambda one: (one.application, one.reader))
        values = [one.value.numerator * (part // one.value.denominator) for one in ordered]
        size, everything = max(1, len(ratings)), sum(values)
        totals: dict[str, int] = defaultdict(int)
        self.squares = 0.0
        for one, whole in zip(ordered, values, strict=True):
            row, column = rows[one.application], columns[one.reader]
            value = (whole * size - everything) / (part * size)
            self.sums[row] += value
            self.design[row, [0, 1 + column]] += 1.0
            by_reader[column] += value
            self.squares += value * value
            totals[one.application] += whole
        self.centre, self.size = Fraction(everything, part * size), len(ratings)
        self.counts = self.design[:, 0]
        self.counts_of_readers = self.design[:, 1:].sum(axis=0)
        self.means = [Fraction(totals[key], part * int(self.counts[rows[key]])) for key in self.applications]
        self.plain = np.append(self.sums.sum(), by_reader)
        self.cross = np.diag(np.append(self.size, self.counts_of_readers))
        self.cross[0, 1:] = self.cross[1:, 0] = self.counts_of_readers
        self.groups = [self._group(count) for count in np.unique(self.counts)]

    def _group(self, count: float) -> tuple[float, int, Real, Real, float]:
        some = self.counts == count
        design, sums = self.design[some], self.sums[some]
        return float(count), int(some.sum()), design.T @ design, design.T @ sums, float(sums @ sums)

    @property
    def is_too_small(self) -> bool:
        return len(self.applications) < 2 or self.size <= len(self.applications)

    @property
    def has_no_spread(self) -> bool:
        """All scores of each application are the same, so there is no error to measure."""
        within = self.squares - float((self.sums**2 / self.counts).sum())
        return within <= NO_ERROR * max(1.0, self.squares)

    def _system(self, log_application: float, log_reader: float | None) -> tuple[Real, Real, float, float]:
        """Matrix, right side, squares left and logarithms once the applications are taken out."""
        keep = slice(0, 1) if log_reader is None else slice(None)
        matrix, right = self.cross[keep, keep].copy(), self.plain[keep].copy()
        rest, logs = self.squares * (1 + NO_ERROR), 0.0
        for count, number, products, moments, squares in self.groups:
            depth = count + np.exp(-log_application)
            matrix -= products[keep, keep] / depth
            right -= moments[keep] / depth
            rest -= squares / depth
            logs += number * (np.log(depth) + log_application)
        if log_reader is not None:
            places = np.arange(1, len(matrix))
            matrix[places, places] += np.exp(-log_reader)
            logs += len(places) * log_reader
        return matrix, right, float(rest), float(logs)

    def deviance(self, ratios: Real) -> float:
        """-2 log-likelihood, up to a constant: one Cholesky, whose last pivot is the error that is left."""
        matrix, right, rest, logs = self._system(float(ratios[0]), _second(ratios))
        bordered = np.block([[matrix, right[:, np.newaxis]], [right, np.array([rest])]])
        pivots = np.diag(np.linalg.cholesky(bordered)) ** 2
        error = pivots[-1] / (self.size - 1)
        return float((self.size - 1) * np.log(error) + logs + np.log(pivots[:-1]).sum())

    def fit(self, ratios: Real) -> Fit:
        matrix, right, rest, _ = self._system(float(ratios[0]), _second(ratios))
        inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
        effects = inverse @ right
        error = float(rest - right @ effects) / (self.size - 1)
        return Fit(self.deviance(ratios), (float(ratios[0]), _second(ratios)), error, effects, inverse)

    def best_without_readers(self) -> Fit:
        return self._best([np.array([one]) for one in GRID_OF_APPLICATIONS])

    def best_with_readers(self) -> Fit:
        return self._best(
            [np.array([one, other]) for one in GRID_OF_APPLICATIONS for other in GRID_OF_READERS]
        )

    def _best(self, grid: Sequence[Real]) -> Fit:
        """From a grid, because the likelihood is flat towards nothing; then Newton's steps."""
        best = min(grid, key=self.deviance)
        for width in WIDTHS:
            best = self._newton(best, width)
        return self.fit(best)

    def _newton(self, start: Real, width: float) -> Real:
        here = self.deviance(start)
        sides = width * np.eye(len(start))
        up = np.array([self.deviance(start + side) for side in sides])
        down = np.array([self.deviance(start - side) for side in sides])
        slope = (up - down) / (2 * width)
        bend = np.diag((up - 2 * here + down) / width**2)
        if len(start) == 2:
            corners = self.deviance(start + sides.sum(axis=0)) + self.deviance(start - sides.sum(axis=0))
            bend[0, 1] = bend[1, 0] = (corners + 2 * here - up.sum() - down.sum()) / (2 * width**2)
        is_valley = bool((np.linalg.eigvalsh(bend) > FLAT).all())
        move = -np.linalg.solve(bend, slope) if is_valley else -np.sign(slope)
        for part in HALVES:
            there = np.clip(start + part * np.clip(move, -1, 1), SMALLEST, LARGEST)
            if self.deviance(there) < here:
                return np.asarray(there)
        return start

    def components(self) -> tuple[tuple[str, ...], ...]:
        """Readers linked by applications they share, directly or through others."""
        shares = (self.design[:, 1:].T @ self.design[:, 1:]) > 0
        left, components = set(range(len(self.readers))), []
        while left:
            reached, front = set[int](), {min(left)}
            while front:
                reached |= front
                front = {int(at) for one in front for at in np.flatnonzero(shares[one])} - reached
            left -= reached
            components.append(tuple(self.readers[at] for at in sorted(reached)))
        return tuple(components)
