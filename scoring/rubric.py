"""Weights and ranges of criteria, the check of one sheet, the total of one sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from scoring.records import Criterion, InvalidInput, Mark, Rubric, Scale, ScoreSheet


class RubricProblem(StrEnum):
    NO_CRITERIA = "no_criteria"
    CRITERION_TWICE = "criterion_twice"
    WEIGHT_NOT_POSITIVE = "weight_not_positive"
    WEIGHTS_NOT_100 = "weights_not_100"
    SCALE_EMPTY = "scale_empty"
    MINIMUM_OUTSIDE_SCALE = "minimum_outside_scale"


class SheetProblemCode(StrEnum):
    MARK_MISSING = "mark_missing"
    MARK_TWICE = "mark_twice"
    CRITERION_UNKNOWN = "criterion_unknown"
    OUTSIDE_SCALE = "outside_scale"


@dataclass(frozen=True)
class SheetProblem:
    code: SheetProblemCode
    criterion: str


def check_rubric(rubric: Rubric) -> tuple[RubricProblem, ...]:
    """Everything wrong with the rules themselves, once each."""
    criteria, scale = rubric.criteria, rubric.scale
    wrong = {
        RubricProblem.NO_CRITERIA: not criteria,
        RubricProblem.CRITERION_TWICE: len({one.key for one in criteria}) < len(criteria),
        RubricProblem.WEIGHT_NOT_POSITIVE: any(one.weight <= 0 for one in criteria),
        RubricProblem.WEIGHTS_NOT_100: bool(criteria) and sum(one.weight for one in criteria) != 100,
        RubricProblem.SCALE_EMPTY: scale.lowest >= scale.highest,
        RubricProblem.MINIMUM_OUTSIDE_SCALE: any(
            one.minimum_mean is not None and not scale.lowest <= one.minimum_mean <= scale.highest
            for one in criteria
        ),
    }
    return tuple(problem for problem, is_wrong in wrong.items() if is_wrong)


def check_sheet(sheet: ScoreSheet, rubric: Rubric) -> tuple[SheetProblem, ...]:
    """What keeps a sheet from being locked; "can't tell" is a complete answer."""
    times = Counter(mark.criterion for mark in sheet.marks)
    known = [criterion.key for criterion in rubric.criteria]
    problems = [SheetProblem(SheetProblemCode.MARK_MISSING, key) for key in known if not times[key]]
    problems += [SheetProblem(SheetProblemCode.MARK_TWICE, key) for key in known if times[key] > 1]
    for mark in sheet.marks:
        if mark.criterion not in known:
            problems.append(SheetProblem(SheetProblemCode.CRITERION_UNKNOWN, mark.criterion))
        elif not _fits(mark, rubric.scale):
            problems.append(SheetProblem(SheetProblemCode.OUTSIDE_SCALE, mark.criterion))
    return tuple(problems)


def _fits(mark: Mark, scale: Scale) -> bool:
    return mark.value is None or scale.lowest <= mark.value <= scale.highest


def points(criterion: Criterion, level: Fraction | int, scale: Scale) -> Fraction:
    """What a level brings to a total of 100."""
    return Fraction(criterion.weight) * (level - scale.lowest) / (scale.highest - scale.lowest)


def total_of_sheet(sheet: ScoreSheet, rubric: Rubric) -> Fraction | None:
    """A reader's total of 100; None while a mark is "can't tell" or missing. Raises InvalidInput."""
    problems = check_sheet(sheet, rubric)
    if any(problem.code is not SheetProblemCode.MARK_MISSING for problem in problems):
        raise InvalidInput("marks", problems[-1].code)
    values = {mark.criterion: mark.value for mark in sheet.marks}
    total = Fraction(0)
    for criterion in rubric.criteria:
        value = values.get(criterion.key)
        if value is None:
            return None
        total += points(criterion, value, rubric.scale)
    return total


def hundredths(score: Fraction) -> int:
    """For showing: 71.67 is 7167; half a hundredth goes up."""
    return floor(score * 100 + Fraction(1, 2))
