"""How far readers agree, always with the number of data behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate
from math import ceil

from scoring.records import InvalidInput, Rating
from scoring.reml import Variances


class Level(StrEnum):
    """What the numbers of a scale mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha: 1 is full agreement, 0 is chance. None when there is nothing to compare."""

    value: float | None
    level: Level
    applications: int  # with at least two ratings
    ratings: int  # of those applications


@dataclass(frozen=True)
class IntraclassCorrelations:
    """Shrout and Fleiss, for complete tables. _k: of the mean of all readers. None: no differences."""

    one: float | None  # other readers for each application
    two: float | None  # the same readers, drawn from many; severity counts against agreement
    three: float | None  # just these readers; severity does not count
    one_k: float | None
    two_k: float | None
    three_k: float | None
    applications: int
    readers: int


@dataclass(frozen=True)
class Dependability:
    """From variances: how sure a mean of so many readings is."""

    readings_each: int
    relative: float  # for the order only
    absolute: float  # severity counts as error
    readings_for_goal: int | None  # None: no number of readings is enough


def alpha(ratings: Sequence[Rating], level: Level) -> Alpha:
    """Missing ratings are no problem; applications with one rating say nothing."""
    if len({(one.application, one.reader) for one in ratings}) < len(ratings):
        raise InvalidInput("ratings", "twice")
    by_application: dict[str, list[float]] = defaultdict(list)
    for one in ratings:
        by_application[one.application].append(float(one.value))
    units = [values for _, values in sorted(by_application.items()) if len(values) > 1]
    totals = Counter(value for values in units for value in values)
    size = sum(totals.values())
    values = sorted(totals)
    distance = _distance(level, values, totals)
    if level is Level.INTERVAL:
        expected = _squared_distances(totals)
    else:
        expected = sum(
            totals[one] * totals[other] * distance(one, other) for one in values for other in values
        )
    if not expected:
        return Alpha(None, level, len(units), size)
    observed = 0.0
    for unit in units:
        counted = Counter(unit)
        pairs = sum(
            counted[one] * counted[other] * distance(one, other) for one in counted for other in counted
        )
        observed += pairs / (len(unit) - 1)
    return Alpha(1 - (size - 1) * observed / expected, level, len(units), size)


def _squared_distances(totals: Counter[float]) -> float:
    """Between all pairs: weighted totals have hundreds of values, and a bootstrap asks hundreds of times."""
    first = next(iter(totals), 0.0)  # counted from one of the values, so that equal ones give nothing at all
    size = sum(totals.values())
    plain = sum(number * (value - first) for value, number in totals.items())
    squared = sum(number * (value - first) ** 2 for value, number in totals.items())
    return 2 * (size * squared - plain**2)


def _distance(
    level: Level, values: Sequence[float], totals: Counter[float]
) -> Callable[[float, float], float]:
    if level is Level.NOMINAL:
        return lambda one, other: float(one != other)
    if level is Level.INTERVAL:
        return lambda one, other: (one - other) ** 2
    if level is Level.RATIO:
        if any(value < 0 for value in values):
            raise InvalidInput("value", "negative")
        return lambda one, other: ((one - other) / (one + other)) ** 2 if one != other else 0.0
    # Ordinal: how many ratings lie between, counting half of those at both ends.
    middles = {
        value: upto - totals[value] / 2
        for value, upto in zip(values, accumulate(totals[value] for value in values), strict=True)
    }
    return lambda one, other: (middles[one] - middles[other]) ** 2


def intraclass_correlations(table: Sequence[Sequence[Fraction | float]]) -> IntraclassCorrelations:
    """One row for each application, one column for each reader, nothing missing. Raises InvalidInput.

    Exact: with floats, rows that are all the same would leave a rest, and a part of nothing is not a number.
    """
    if len({len(row) for row in table}) != 1 or len(table) < 2 or len(table[0]) < 2:
        raise InvalidInput("table", "not_complete")
    values = [[Fraction(one) for one in row] for row in table]
    items, readers = len(values), len(values[0])
    level = _square(sum(map(sum, values), Fraction(0))) / (items * readers)
    of_rows = sum(map(_square, map(sum, values)), Fraction(0)) / readers - level
    of_columns = sum(map(_square, map(sum, zip(*values, strict=True))), Fraction(0)) / items - level
    everything = sum((_square(one) for row in values for one in row), Fraction(0)) - level
    if not everything:
        raise InvalidInput("table", "no_spread")
    between = of_rows / (items - 1)
    within = (everything - of_rows) / (items * (readers - 1))
    severity = of_columns / (readers - 1)
    error = (everything - of_rows - of_columns) / ((items - 1) * (readers - 1))
    severity_part = readers * (severity - error) / items
    return IntraclassCorrelations(
        one=_part(between - within, between + (readers - 1) * within),
        two=_part(between - error, between + (readers - 1) * error + severity_part),
        three=_part(between - error, between + (readers - 1) * error),
        one_k=_part(between - within, between),
        two_k=_part(between - error, between + (severity - error) / items),
        three_k=_part(between - error, between),
        applications=items,
        readers=readers,
    )


def _square(one: Fraction | int) -> Fraction:
    return Fraction(one) ** 2


def _part(part: Fraction, whole: Fraction) -> float | None:
    return float(part / whole) if whole else None


def dependability(variances: Variances, readings_each: int, goal: float = 0.8) -> Dependability:
    """How sure a mean of `readings_each` readings is, and how many readings reach the goal."""
    if readings_each < 1 or not 0 < goal < 1:
        raise InvalidInput("readings_each", "out_of_range")
    application, noise = variances.application, variances.reader + variances.error
    if application + noise == 0:
        raise InvalidInput("variances", "no_spread")
    needed = None
    if application:
        needed = max(1, ceil(goal / (1 - goal) * noise / application - 1e-9))
    return Dependability(
        readings_each,
        relative=application / (application + variances.error / readings_each),
        absolute=application / (application + noise / readings_each),
        readings_for_goal=needed,
    )
