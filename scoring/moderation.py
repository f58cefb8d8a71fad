"""Which applications the panel should talk about first, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scoring.aggregate import ApplicationResult, CriterionResult
from scoring.records import Rubric


class AgendaCode(StrEnum):
    """In the order in which they weigh."""

    NO_TOTAL = "no_total"  # nobody scored this criterion
    MINIMUM_MISSED = "minimum_missed"
    CANT_TELL_OPEN = "cant_tell_open"
    BIG_SPREAD = "big_spread"
    FEW_READERS = "few_readers"


WEIGHT = {code: place for place, code in enumerate(AgendaCode)}


@dataclass(frozen=True)
class AgendaPoint:
    code: AgendaCode
    criterion: str | None
    number: int  # readers who can't tell, levels apart, or readers so far; else 0


@dataclass(frozen=True)
class AgendaItem:
    application: str
    points: tuple[AgendaPoint, ...]


def agenda(results: Iterable[ApplicationResult], rubric: Rubric) -> tuple[AgendaItem, ...]:
    """Only applications with a point, the heaviest first; equal ones by application."""
    items = [AgendaItem(result.application, points_of(result, rubric)) for result in results]
    return tuple(sorted((item for item in items if item.points), key=_urgency))


def points_of(result: ApplicationResult, rubric: Rubric) -> tuple[AgendaPoint, ...]:
    points = [point for one in result.criteria for point in _points_of_criterion(one, rubric.big_spread)]
    if not result.is_read_enough:
        points.append(AgendaPoint(AgendaCode.FEW_READERS, None, result.readers))
    return tuple(sorted(points, key=lambda point: (WEIGHT[point.code], -point.number, point.criterion or "")))


def _points_of_criterion(result: CriterionResult, big_spread: int) -> list[AgendaPoint]:
    points = []
    if result.mean is None:
        points.append(AgendaPoint(AgendaCode.NO_TOTAL, result.criterion, 0))
    if result.is_minimum_missed:
        points.append(AgendaPoint(AgendaCode.MINIMUM_MISSED, result.criterion, 0))
    if result.cant_tell:
        points.append(AgendaPoint(AgendaCode.CANT_TELL_OPEN, result.criterion, result.cant_tell))
    if result.spread >= big_spread:
        points.append(AgendaPoint(AgendaCode.BIG_SPREAD, result.criterion, result.spread))
    return points


def _urgency(item: AgendaItem) -> tuple[int, int, int, str]:
    first = item.points[0]
    return WEIGHT[first.code], -first.number, -len(item.points), item.application
