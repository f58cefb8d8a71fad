"""What the panel's hour is for: which application comes when, and what its readers have marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.assessment import Assessment
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.meeting import MeetingItem
from fundapp.models.panel import Panel, PanelSeat, Review, ReviewAssignment
from fundapp.queries.awards import Board
from fundapp.queries.certainty import Certainty, certainty_of
from fundapp.queries.marks import Levels, list_marks, sheets_of
from fundapp.queries.rankings import read_round
from fundapp.queries.what_if import basis_of
from fundapp.ties import people_tied
from scoring.agenda import MeetingEntry, Tier, meeting_order
from scoring.aggregate import ApplicationResult
from scoring.moderation import AgendaPoint, agenda

NEARLY_NEVER, NEARLY_ALWAYS = Fraction(5, 100), Fraction(95, 100)
MIDDLE = Fraction(1, 2)


@dataclass(frozen=True)
class Planned:
    """One application's place on the agenda and why it is there."""

    application_id: UUID
    tier: Tier


@dataclass(frozen=True)
class ItemReading:
    """What the readers of one application have marked; nobody is named."""

    result: ApplicationResult | None
    points: tuple[AgendaPoint, ...]
    sheets: tuple[Levels, ...]  # one for each reader
    has_concern: bool


def plan_meeting(board: Board, panel: Panel) -> tuple[Planned, ...]:
    """What is at the panel, in the order in which it should be talked about."""
    lines = board.undecided
    results = [result for line in lines if (result := board.reading.results.get(line.application.id))]
    urgent = {UUID(item.application): at for at, item in enumerate(agenda(results, board.reading.rubric))}
    concerns = _with_concern(panel)
    certain = {} if board.ratification else certainty_of(basis_of(board))
    members = {seat.user_id for seat in panel.seats}
    out = people_tied(panel.call_id, [line.application for line in lines])
    entries = []
    for place, line in enumerate(lines):
        key = line.application.id
        tier, urgency = _tier(key, place, urgent, certain.get(key), has_concern=key in concerns)
        people = frozenset(str(user_id) for user_id in out[key] & members)
        entries.append(MeetingEntry(str(key), tier, urgency, people))
    return tuple(Planned(UUID(entry.application), entry.tier) for entry in meeting_order(entries))


def equal_items(board: Board, items: Iterable[MeetingItem]) -> list[MeetingItem]:
    """Those no rule of the call can tell apart, and those a vote has told apart already."""
    equal = {each for group in board.reading.ranking.vote_needed for each in group}
    return [item for item in items if str(item.application_id) in equal or item.votes is not None]


def read_item(application: Application, assessment: Assessment) -> ItemReading:
    """Of locked sheets that count."""
    marks = [mark for mark in list_marks(application.round_id) if mark.application_id == application.id]
    reading = read_round([application], marks, assessment)
    return ItemReading(
        result=reading.results.get(application.id),
        points=reading.points(application.id),
        sheets=sheets_of(marks).get(application.id, ()),
        has_concern=application.id in _with_concern_of([application.id]),
    )


def _tier(
    key: UUID, place: int, urgent: Mapping[UUID, int], certainty: Certainty | None, *, has_concern: bool
) -> tuple[Tier, int]:
    if has_concern or key in urgent:
        return Tier.TO_TALK_ABOUT, 0 if has_concern else 1 + urgent[key]
    if certainty is not None and (
        NEARLY_NEVER < certainty.chance < NEARLY_ALWAYS or certainty.flips_without > 0
    ):
        return Tier.NEAR_THE_LINE, int(100 * abs(certainty.chance - MIDDLE))
    return Tier.CLEAR, place


def _with_concern(panel: Panel) -> frozenset[UUID]:
    query = (
        sa.select(ReviewAssignment.application_id)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .where(PanelSeat.panel_id == panel.id)
    )
    return _concerned(query)


def _with_concern_of(application_ids: Sequence[UUID]) -> frozenset[UUID]:
    return _concerned(
        sa.select(ReviewAssignment.application_id).where(ReviewAssignment.application_id.in_(application_ids))
    )


def _concerned(query: sa.Select[UUID]) -> frozenset[UUID]:
    query = query.join(Review, Review.assignment_id == ReviewAssignment.id).where(
        Review.has_concern.is_(True), ReviewAssignment.voided_at.is_(None)
    )
    return frozenset(db.session.execute(query).scalars())
