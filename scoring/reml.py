"""Restricted maximum likelihood of score = mean + application + reader + error, all but the mean random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from scoring.records import InvalidInput, Rating

Real = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
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


def _bordered(matrix: Real, side: Real, corner: float) -> Real:
    return np.block([[matrix, side[:, np.newaxis]], [side, np.array([corner])]])


def _second(ratios: Real) -> float | None:
    return float(ratios[1]) if len(ratios) > 1 else None


class RatingTable:
    """Sums that each likelihood needs; applications with equally many scores are added up only once.

    Bordered: the last row and column belong to the scores.
    """

    def __init__(self, ratings: Sequence[Rating]) -> None:
        self.applications = sorted({one.application for one in ratings})
        self.readers = sorted({one.reader for one in ratings})
        rows, columns, order = self._places(ratings)
        self.size = len(ratings)
        self.counts = np.bincount(rows, minlength=len(self.applications)).astype(float)
        self.counts_of_readers = np.bincount(columns, minlength=len(self.readers)).astype(float)
        self.design = np.zeros((len(self.applications), 1 + len(self.readers)))  # counts: all, then by reader
        self.design[:, 0] = self.counts
        self.design[rows, 1 + columns] = 1.0
        values = self._centred([ratings[place].value for place in order.tolist()], rows)
        self.sums = np.bincount(rows, values, len(self.applications))
        self.squares = float(sum(value * value for value in values))
        by_reader = np.bincount(columns, values, len(self.readers))
        cross = np.diag(np.append(self.size, self.counts_of_readers))
        cross[0, 1:] = cross[1:, 0] = self.counts_of_readers
        plain = np.append(self.sums.sum(), by_reader)
        self.cross = _bordered(cross, plain, self.squares * (1 + NO_ERROR))
        self.groups = [self._group(count) for count in np.unique(self.counts)]

    def _places(self, ratings: Sequence[Rating]) -> tuple[Places, Places, Places]:
        """Application and reader of each rating, sorted by both, and which rating it is."""
        row_of = {key: at for at, key in enumerate(self.applications)}
        column_of = {key: at for at, key in enumerate(self.readers)}
        rows = np.array([row_of[one.application] for one in ratings], dtype=np.int64)
        columns = np.array([column_of[one.reader] for one in ratings], dtype=np.int64)
        cells = rows * len(self.readers) + columns
        if len(np.unique(cells)) < len(cells):
            raise InvalidInput("ratings", "twice")
        order = np.argsort(cells)
        return rows[order], columns[order], order

    def _centred(self, given: Sequence[Fraction], rows: Places) -> list[float]:
        """The values around their mean. Whole numbers over one denominator are exact, and fast."""
        part = lcm(*{one.denominator for one in given})
        values = [one.numerator * (part // one.denominator) for one in given]
        size, everything = max(1, self.size), sum(values)
        totals = [0] * len(self.applications)
        for row, value in zip(rows.tolist(), values, strict=True):
            totals[row] += value
        self.centre = Fraction(everything, part * size)
        self.means = [
            Fraction(total, part * count)
            for total, count in zip(totals, self.counts.astype(int).tolist(), strict=True)
        ]
        return [(value * size - everything) / (part * size) for value in values]

    def _group(self, count: float) -> tuple[float, int, Real]:
        some = self.counts == count
        design, sums = self.design[some], self.sums[some]
        products = _bordered(design.T @ design, design.T @ sums, float(sums @ sums))
        return float(count), int(some.sum()), products

    @property
    def is_too_small(self) -> bool:
        return len(self.applications) < 2 or self.size <= len(self.applications)

    @property
    def has_no_spread(self) -> bool:
        """All scores of each application are the same, so there is no error to measure."""
        within = self.squares - float((self.sums**2 / self.counts).sum())
        return within <= NO_ERROR * max(1.0, self.squares)

    def _system(self, ratios: Real) -> tuple[Real, float]:
        """The bordered matrix and the logarithms once the applications are taken out."""
        log_application, log_reader = float(ratios[0]), _second(ratios)
        keep = slice(None) if log_reader is not None else slice(None, None, len(self.cross) - 1)
        matrix, logs = self.cross[keep, keep].copy(), 0.0
        for count, number, products in self.groups:
            depth = count + np.exp(-log_application)
            matrix -= products[keep, keep] / depth
            logs += number * (np.log(depth) + log_application)
        if log_reader is not None:
            places = np.arange(1, len(matrix) - 1)
            matrix[places, places] += np.exp(-log_reader)
            logs += len(places) * log_reader
        return matrix, float(logs)

    def deviance(self, ratios: Real) -> float:
        """-2 log-likelihood, up to a constant: one Cholesky, whose last pivot is the error that is left."""
        matrix, logs = self._system(ratios)
        pivots = np.diag(np.linalg.cholesky(matrix)) ** 2
        error = pivots[-1] / (self.size - 1)
        return float((self.size - 1) * np.log(error) + logs + np.log(pivots[:-1]).sum())

    def fit(self, ratios: Real) -> Fit:
        matrix, _ = self._system(ratios)
        inverse = np.asarray(np.linalg.inv(matrix[:-1, :-1]), dtype=np.float64)
        right, rest = matrix[-1, :-1], matrix[-1, -1]
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
        shares = np.sum([products[1:-1, 1:-1] for _, _, products in self.groups], axis=0) > 0
        left, components = set(range(len(self.readers))), []
        while left:
            reached, front = set[int](), {min(left)}
            while front:
                reached |= front
                front = {int(at) for one in front for at in np.flatnonzero(shares[one])} - reached
            left -= reached
            components.append(tuple(self.readers[at] for at in sorted(reached)))
        return tuple(components)
