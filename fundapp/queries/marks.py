"""What the readers of a round wrote and marked: locked sheets of assignments that still count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.assessment import Assessment
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.panel import Review, ReviewAssignment, Score


@dataclass(frozen=True)
class Mark:
    """One reader's level for one criterion; None stands for "can't tell"."""

    application_id: UUID
    assignment_id: UUID
    criterion: str
    value: int | None
    sentence: str


@dataclass(frozen=True)
class Wording:
    """Readers' sentences for a group, as a first text of its feedback."""

    strengths: str
    to_improve: str
    sentences: Mapping[str, list[str]]


Levels = Mapping[str, int | None]  # by criterion; None: can't tell


def sheets_of(marks: Iterable[Mark]) -> Mapping[UUID, tuple[Levels, ...]]:
    """By application, sorted by their marks, so that nobody can follow one reader through them."""
    by_reader: dict[tuple[UUID, UUID], dict[str, int | None]] = defaultdict(dict)
    for mark in marks:
        by_reader[mark.application_id, mark.assignment_id][mark.criterion] = mark.value
    sheets: dict[UUID, list[Levels]] = defaultdict(list)
    for (application_id, _reader), sheet in by_reader.items():
        sheets[application_id].append(sheet)
    return {
        key: tuple(sorted(found, key=lambda sheet: sorted((one, level or 0) for one, level in sheet.items())))
        for key, found in sheets.items()
    }


def list_marks(round_id: UUID) -> tuple[Mark, ...]:
    """Of every application of the round, in an order that never changes. One query."""
    rows = db.session.execute(
        sa.select(
            ReviewAssignment.application_id,
            ReviewAssignment.id,
            Score.criterion_key,
            Score.value,
            Score.sentence,
        )
        .join(Review, Review.assignment_id == ReviewAssignment.id)
        .join(Score, Score.review_id == Review.id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(
            Application.round_id == round_id,
            Review.locked_at.is_not(None),
            ReviewAssignment.voided_at.is_(None),
            sa.or_(Score.value.is_not(None), Score.cant_tell.is_(True)),
        )
        .order_by(ReviewAssignment.application_id, ReviewAssignment.id, Score.criterion_key)
    )
    return tuple(Mark(*row) for row in rows)


def wording_by_application(marks: Iterable[Mark], assessment: Assessment) -> dict[UUID, Wording]:
    """Sentences with a level in the upper half of the scale are strengths, the others what to improve."""
    order = {criterion.key: place for place, criterion in enumerate(assessment.criteria)}
    by_application: dict[UUID, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.sentence.strip() and mark.criterion in order:
            by_application[mark.application_id].append(mark)
    return {
        application_id: _wording(sorted(found, key=lambda mark: order[mark.criterion]), assessment)
        for application_id, found in by_application.items()
    }


def _wording(marks: list[Mark], assessment: Assessment) -> Wording:
    twice_middle = assessment.scale.lowest + assessment.scale.highest
    strong = [m.sentence.strip() for m in marks if m.value is not None and 2 * m.value > twice_middle]
    weak = [m.sentence.strip() for m in marks if m.value is None or 2 * m.value <= twice_middle]
    sentences: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        sentences[mark.criterion].append(mark.sentence.strip())
    return Wording("\n".join(dict.fromkeys(strong)), "\n".join(dict.fromkeys(weak)), dict(sentences))
