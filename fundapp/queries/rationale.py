"""Why one application is on the list or not: decision, rule, criteria, marks, sentences, answers.

It can be read from both ends. What a reader has a tie with is not loaded at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from forms.definition import Question
from fundapp.call_file.assessment import Criterion
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Exclusion, MustMark
from fundapp.models.panel import PanelSeat, ReviewAssignment
from fundapp.models.user import User
from fundapp.queries.awards import Board, BoardLine, get_board
from fundapp.queries.exclusions import list_exclusions_of
from fundapp.queries.must_marks import find_must_mark
from fundapp.queries.what_if import basis_of, compare, list_readers, list_scenarios


@dataclass(frozen=True)
class ReaderMark:
    """`reader` is the number of the seat, as on the panel's page; `value` None: "can't tell"."""

    reader: int
    value: int | None
    sentence: str


@dataclass(frozen=True)
class CriterionPart:
    """What one criterion adds to the total, who marked it how, and which answers it is about."""

    criterion: Criterion
    mean: Fraction | None
    points: Fraction | None  # of the total of 100
    is_too_low: bool
    marks: tuple[ReaderMark, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Rationale:
    board: Board
    line: BoardLine
    parts: tuple[CriterionPart, ...]
    exclusions: tuple[Exclusion, ...]
    mark: MustMark | None
    scenarios: Mapping[str, bool]  # kept what-ifs by name: whether it would get an award; {} once signed


def get_rationale(application: Application, *, reader: User) -> Rationale:
    """Raises NoResultFound for what is not with the panel, and for whom the reader has a tie with."""
    board = get_board(application.round, reader=reader)
    line = next((one for one in board.lines if one.application.id == application.id), None)
    if line is None:
        raise NoResultFound
    return Rationale(
        board=board,
        line=line,
        parts=_parts(board, line),
        exclusions=tuple(list_exclusions_of(application, reader=reader)),
        mark=find_must_mark(application.id),
        scenarios=_scenarios(board, application.id),
    )


def _parts(board: Board, line: BoardLine) -> tuple[CriterionPart, ...]:
    scale, definition = board.definition.assessment.scale, board.definition
    marks = _marks(board, line.application.id)
    means = {one.criterion: one for one in line.result.criteria} if line.result else {}
    questions = [question for question in definition.form.questions() if question.criteria]

    def part(criterion: Criterion) -> CriterionPart:
        found = means.get(criterion.key)
        mean = found.mean if found else None
        span = scale.highest - scale.lowest
        return CriterionPart(
            criterion=criterion,
            mean=mean,
            points=None if mean is None else criterion.weight * (mean - scale.lowest) / span,
            is_too_low=bool(found and found.is_minimum_missed),
            marks=tuple(marks.get(criterion.key, ())),
            questions=tuple(one for one in questions if criterion.key in one.criteria),
        )

    return tuple(part(criterion) for criterion in definition.assessment.criteria)


def _marks(board: Board, application_id: UUID) -> dict[str, list[ReaderMark]]:
    numbers = {seat.id: number for number, seat in enumerate(list_readers(board.round), start=1)}
    query = (
        sa.select(ReviewAssignment.id, PanelSeat.id)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .where(ReviewAssignment.application_id == application_id)
    )
    readers = {assignment_id: numbers.get(seat_id, 0) for assignment_id, seat_id in db.session.execute(query)}
    found: dict[str, list[ReaderMark]] = {}
    for mark in board.marks:
        if mark.application_id == application_id:
            one = ReaderMark(readers.get(mark.assignment_id, 0), mark.value, mark.sentence.strip())
            found.setdefault(mark.criterion, []).append(one)
    for marks in found.values():
        marks.sort(key=lambda one: one.reader)
    return found


def _scenarios(board: Board, application_id: UUID) -> dict[str, bool]:
    scenarios = [] if board.ratification else list_scenarios(board.round)
    if not scenarios:
        return {}
    return {one.name: application_id in one.awards for one in compare(basis_of(board), scenarios)[1:]}
