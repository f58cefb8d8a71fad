"""Readers' severity, estimated only when the data show it and then shrunken; raw and adjusted side by side.

A call must choose this; the reference call does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from scoring.records import Rating
from scoring.reml import Fit, RatingTable, Variances

RATIO_OF_5_PERCENT = 2.71  # likelihood ratio at the boundary "no severity"
READERS_NEEDED = 3  # with at least
READINGS_NEEDED = 2
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
    data = RatingTable(ratings)
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
        scores=_scores(data, fit),
        severities=_severities(data, fit),
        components=components,
    )


def _raw(data: RatingTable, components: tuple[tuple[str, ...], ...], why: Why) -> Calibration:
    scores = tuple(
        AdjustedScore(application, mean, mean, None, int(count))
        for application, mean, count in zip(data.applications, data.means, data.counts, strict=True)
    )
    nothing = Variances(0.0, 0.0, 0.0)
    return Calibration(Method.RAW, why, nothing, 0.0, scores, _severities(data, None), components)


def _scores(data: RatingTable, fit: Fit) -> tuple[AdjustedScore, ...]:
    design = data.design[:, : len(fit.effects)]
    depth = data.counts + np.exp(-fit.log_ratios[0])
    posterior = fit.effects[0] + (data.sums - design @ fit.effects) / depth
    contrast = -design / depth[:, np.newaxis]
    contrast[:, 0] += 1.0
    variance = fit.error * (1 / depth + ((contrast @ fit.inverse) * contrast).sum(axis=1))
    millionths = (posterior + float(data.centre)) * MILLIONTH
    adjusted = [Fraction(round(number), MILLIONTH) for number in millionths.tolist()]
    errors, counts = np.sqrt(variance).tolist(), data.counts.astype(int).tolist()
    return tuple(map(AdjustedScore, data.applications, data.means, adjusted, errors, counts))


def _severities(data: RatingTable, fit: Fit | None) -> tuple[Severity, ...]:
    effects = errors = np.zeros(len(data.readers))
    if fit is not None and fit.log_ratios[1] is not None:
        effects = fit.effects[1:]
        errors = np.sqrt(fit.error * np.diag(fit.inverse)[1:])
    return tuple(
        Severity(reader, float(effects[at]), float(errors[at]), int(data.counts_of_readers[at]))
        for at, reader in enumerate(data.readers)
    )
