"""Many sheets of one application → means, spread, total, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from scoring.records import Criterion, InvalidInput, Rubric, ScoreSheet
from scoring.rubric import SheetProblemCode, check_sheet, points


@dataclass(frozen=True)
class CriterionResult:
    criterion: str
    mean: Fraction | None  # over the readers who scored it
    scored_by: int
    cant_tell: int
    spread: int  # highest minus lowest mark
    is_minimum_missed: bool


@dataclass(frozen=True)
class ApplicationResult:
    application: str
    total: Fraction | None  # None when nobody scored one of the criteria
    readers: int
    is_read_enough: bool
    criteria: tuple[CriterionResult, ...]

    def criterion(self, key: str) -> CriterionResult:
        """Raises KeyError when there is no such criterion."""
        return {one.criterion: one for one in self.criteria}[key]

    @property
    def means(self) -> dict[str, Fraction]:
        return {one.criterion: one.mean for one in self.criteria if one.mean is not None}

    @property
    def minimums_missed(self) -> tuple[str, ...]:
        return tuple(one.criterion for one in self.criteria if one.is_minimum_missed)


def combine(application: str, sheets: Iterable[ScoreSheet], rubric: Rubric) -> ApplicationResult:
    """Leave out sheets of readers with a conflict. Raises InvalidInput for a mark off the scale."""
    marks, readers = _marks_by_criterion(application, sheets, rubric)
    results = tuple(_combine_criterion(criterion, marks[criterion.key]) for criterion in rubric.criteria)
    return ApplicationResult(
        application=application,
        total=_total(results, rubric),
        readers=readers,
        is_read_enough=readers >= rubric.minimum_readers,
        criteria=results,
    )


def combine_all(sheets: Iterable[ScoreSheet], rubric: Rubric) -> tuple[ApplicationResult, ...]:
    """One result for each application that has a sheet, by application."""
    by_application: dict[str, list[ScoreSheet]] = defaultdict(list)
    for sheet in sheets:
        by_application[sheet.application].append(sheet)
    return tuple(combine(key, by_application[key], rubric) for key in sorted(by_application))


def _marks_by_criterion(
    application: str, sheets: Iterable[ScoreSheet], rubric: Rubric
) -> tuple[dict[str, list[int | None]], int]:
    marks: dict[str, list[int | None]] = defaultdict(list)
    readers: set[str] = set()
    for sheet in sheets:
        if sheet.application != application:
            raise InvalidInput("application", "of_another_application")
        if sheet.reader in readers:
            raise InvalidInput("reader", "two_sheets")
        for problem in check_sheet(sheet, rubric):
            if problem.code is not SheetProblemCode.MARK_MISSING:
                raise InvalidInput("marks", problem.code)
        readers.add(sheet.reader)
        for mark in sheet.marks:
            marks[mark.criterion].append(mark.value)
    return marks, len(readers)


def _combine_criterion(criterion: Criterion, marks: list[int | None]) -> CriterionResult:
    values = [mark for mark in marks if mark is not None]
    mean = Fraction(sum(values), len(values)) if values else None
    minimum = criterion.minimum_mean
    return CriterionResult(
        criterion=criterion.key,
        mean=mean,
        scored_by=len(values),
        cant_tell=len(marks) - len(values),
        spread=max(values) - min(values) if values else 0,
        is_minimum_missed=minimum is not None and mean is not None and mean < minimum,
    )


def _total(results: tuple[CriterionResult, ...], rubric: Rubric) -> Fraction | None:
    total = Fraction(0)
    for criterion, result in zip(rubric.criteria, results, strict=True):
        if result.mean is None:
            return None
        total += points(criterion, result.mean, rubric.scale)
    return total
