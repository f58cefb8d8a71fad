"""Readers' severity, estimated only when the data show it and then shrunken; raw and adjusted side by side.

Model: score = mean + application + reader + error, all but the mean random; variances by restricted maximum
likelihood (REML). A call must choose this; the reference call does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from scoring.records import InvalidInput

Real = npt.NDArray[np.float64]
RATIO_OF_5_PERCENT = 2.71  # likelihood ratio at the boundary "no severity"
READERS_NEEDED = 3  # with at least
READINGS_NEEDED = 2
GRID_OF_APPLICATIONS = np.linspace(-4.0, 4.0, 5)  # logarithms of variance ratios
GRID_OF_READERS = np.linspace(-8.0, 3.0, 9)
SMALLEST, LARGEST = -14.0, 10.0
FLAT = 1e-6
WIDTHS = (0.5, 0.1, 0.02, 0.004, 0.001, 0.001)
HALVES = (1.0, 0.5, 0.25, 0.125)
NO_ERROR = 1e-12  # part of the whole spread, so that perfect data have a logarithm
MILLIONTH = 10**6


class Method(StrEnum):
    SEVERITY = "severity"  # adjusted for readers' severity
    SHRUNK = "shrunk"  # drawn towards the mean, the same for all readers
    RAW = "raw"  # nothing can be estimated


class Why(StrEnum):
    SEVERITY_SHOWN = "severity_shown"
    NO_SEVERITY_SHOWN = "no_severity_shown"
    NOT_CONNECTED = "not_connected"  # some readers share no application, even through others
    FEW_READINGS = "few_readings"
    NO_SPREAD = "no_spread"


@dataclass(frozen=True)
class Rating:
    application: str
    reader: str
    value: Fraction | int


@dataclass(frozen=True)
class Variances:
    application: float
    reader: float
    error: float


@dataclass(frozen=True)
class AdjustedScore:
    application: str
    raw: Fraction  # plain mean
    adjusted: Fraction  # to a millionth
    standard_error: float | None  # None when nothing can be estimated
    ratings: int


@dataclass(frozen=True)
class Severity:
    """Above 0: gives higher scores than others would."""

    reader: str
    effect: float
    standard_error: float
    ratings: int


@dataclass(frozen=True)
class Calibration:
    method: Method
    why: Why
    variances: Variances
    likelihood_ratio: float  # twice the gain by allowing for severity
    scores: tuple[AdjustedScore, ...]
    severities: tuple[Severity, ...]
    components: tuple[tuple[str, ...], ...]  # readers who can be compared with each other


def calibrate(ratings: Sequence[Rating]) -> Calibration:
    """Results by application and by reader, in the order of their keys."""
    data = _Data(ratings)
    components = data.components()
    if data.is_too_small:
        return _raw(data, components, Why.FEW_READINGS)
    if data.has_no_spread:
        return _raw(data, components, Why.NO_SPREAD)
    without = data.best_without_readers()
    with_readers = data.best_with_readers()
    ratio = max(0.0, without.deviance - with_readers.deviance)
    why = Why.SEVERITY_SHOWN
    if len(components) > 1:
        why = Why.NOT_CONNECTED
    elif sum(count >= READINGS_NEEDED for count in data.counts_of_readers) < READERS_NEEDED:
        why = Why.FEW_READINGS
    elif ratio <= RATIO_OF_5_PERCENT:
        why = Why.NO_SEVERITY_SHOWN
    is_shown = why is Why.SEVERITY_SHOWN
    fit = with_readers if is_shown else without
    return Calibration(
        method=Method.SEVERITY if is_shown else Method.SHRUNK,
        why=why,
        variances=fit.variances,
        likelihood_ratio=ratio,
        scores=data.scores(fit),
        severities=data.severities(fit),
        components=components,
    )


def _raw(data: _Data, components: tuple[tuple[str, ...], ...], why: Why) -> Calibration:
    scores = tuple(
        AdjustedScore(application, mean, mean, None, int(count))
        for application, mean, count in zip(data.applications, data.means, data.counts, strict=True)
    )
    nothing = Variances(0.0, 0.0, 0.0)
    return Calibration(Method.RAW, why, nothing, 0.0, scores, data.severities(None), components)


def _second(ratios: Real) -> float | None:
    return float(ratios[1]) if len(ratios) > 1 else None


@dataclass(frozen=True, eq=False)
class _Fit:
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


class _Data:
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
        totals: dict[str, Fraction] = defaultdict(Fraction)
        self.squares = 0.0
        centre = sum((Fraction(one.value) for one in ratings), Fraction(0)) / max(1, len(ratings))
        for one in sorted(ratings, key=lambda one: (one.application, one.reader)):
            row, column = rows[one.application], columns[one.reader]
            value = float(one.value - centre)
            self.sums[row] += value
            self.design[row, [0, 1 + column]] += 1.0
            by_reader[column] += value
            self.squares += value * value
            totals[one.application] += one.value
        self.centre, self.size = centre, len(ratings)
        self.counts = self.design[:, 0]
        self.counts_of_readers = self.design[:, 1:].sum(axis=0)
        self.means = [totals[key] / int(self.counts[rows[key]]) for key in self.applications]
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

    def fit(self, ratios: Real) -> _Fit:
        matrix, right, rest, _ = self._system(float(ratios[0]), _second(ratios))
        inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
        effects = inverse @ right
        error = float(rest - right @ effects) / (self.size - 1)
        return _Fit(self.deviance(ratios), (float(ratios[0]), _second(ratios)), error, effects, inverse)

    def best_without_readers(self) -> _Fit:
        return self._best([np.array([one]) for one in GRID_OF_APPLICATIONS])

    def best_with_readers(self) -> _Fit:
        return self._best(
            [np.array([one, other]) for one in GRID_OF_APPLICATIONS for other in GRID_OF_READERS]
        )

    def _best(self, grid: Sequence[Real]) -> _Fit:
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

    def scores(self, fit: _Fit) -> tuple[AdjustedScore, ...]:
        design = self.design[:, : len(fit.effects)]
        depth = self.counts + np.exp(-fit.log_ratios[0])
        posterior = fit.effects[0] + (self.sums - design @ fit.effects) / depth
        contrast = -design / depth[:, np.newaxis]
        contrast[:, 0] += 1.0
        variance = fit.error * (1 / depth + ((contrast @ fit.inverse) * contrast).sum(axis=1))
        return tuple(
            AdjustedScore(
                application,
                self.means[at],
                Fraction(round((float(posterior[at]) + float(self.centre)) * MILLIONTH), MILLIONTH),
                float(np.sqrt(variance[at])),
                int(self.counts[at]),
            )
            for at, application in enumerate(self.applications)
        )

    def severities(self, fit: _Fit | None) -> tuple[Severity, ...]:
        effects = errors = np.zeros(len(self.readers))
        if fit is not None and fit.log_ratios[1] is not None:
            effects = fit.effects[1:]
            errors = np.sqrt(fit.error * np.diag(fit.inverse)[1:])
        return tuple(
            Severity(reader, float(effects[at]), float(errors[at]), int(self.counts_of_readers[at]))
            for at, reader in enumerate(self.readers)
        )

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
