"""Real panels of nine judges: does taking out severity bring two readers nearer to what all nine say? Hardly.

Figure skating, 2016-17, BuzzFeed News, CC BY 4.0; the segments with at least eight performances.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random

import numpy as np
import pytest

from scoring.calibration import calibrate
from scoring.records import Rating
from tests.stored_data import stored

Segment = dict[str, dict[str, Fraction]]  # what each judge gave each performance


def rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(stored("scoring", "skating", f"{name}.csv.gz"), "rt") as file:
        yield from csv.DictReader(file)


@cache
def segments() -> tuple[Segment, ...]:
    """A judge's total is the sum of what they gave: components by their factor, elements as they are."""
    of = {row["performance_id"]: (row["competition"], row["program"]) for row in rows("performances")}
    aspects = {
        row["aspect_id"]: (row["performance_id"], Fraction(row["factor"] or 1))
        for row in rows("judged-aspects")
    }
    found: dict[tuple[str, str], Segment] = defaultdict(lambda: defaultdict(lambda: defaultdict(Fraction)))
    for row in rows("judge-scores"):
        performance, factor = aspects[row["aspect_id"]]
        found[of[performance]][performance][row["judge"]] += factor * Fraction(row["score"])
    return tuple(found[key] for key in sorted(found) if len(found[key]) >= 8)


def in_right_order(truth: list[float], scores: list[float]) -> tuple[float, int]:
    """Pairs in the order of the truth, a tie as half of one; and how many pairs the truth tells apart."""
    right = np.sign(np.subtract.outer(truth, truth))
    told = np.triu(right != 0)
    agreed = (1 + right * np.sign(np.subtract.outer(scores, scores))) / 2
    return float(agreed[told].sum()), int(told.sum())


def pair_accuracy(kept: int, seed: int) -> tuple[float, float]:
    """Raw and adjusted, where each performance keeps only so many of its nine judges."""
    random = Random(seed)
    raw = adjusted = 0.0
    pairs = 0
    for segment in segments():
        items = sorted(segment)
        truth = [float(sum(segment[each].values())) for each in items]
        ratings = [
            Rating(each, judge, segment[each][judge])
            for each in items
            for judge in random.sample(sorted(segment[each]), kept)
        ]
        scores = {one.application: one for one in calibrate(ratings).scores}
        right, told = in_right_order(truth, [float(scores[each].raw) for each in items])
        raw, pairs = raw + right, pairs + told
        adjusted += in_right_order(truth, [float(scores[each].adjusted) for each in items])[0]
    return raw / pairs, adjusted / pairs


def test_the_data_are_112_segments_with_nine_judges() -> None:
    assert len(segments()) == 112
    assert {len(judges) for segment in segments() for judges in segment.values()} == {9}


@pytest.mark.parametrize(("kept", "raw", "adjusted"), [(2, 0.93332, 0.93339), (3, 0.94960, 0.95095)])
def test_calibration_neither_harms_nor_helps_where_severity_is_small(
    kept: int, raw: float, adjusted: float
) -> None:
    found = np.mean([pair_accuracy(kept, seed) for seed in range(3)], axis=0)

    assert tuple(found) == pytest.approx((raw, adjusted), abs=0.0005)
    # Of a thousand pairs it turns one or two, so marks stay as they are unless a call asks for severity.
    assert abs(found[1] - found[0]) < 0.002
