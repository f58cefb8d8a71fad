"""What the panel does: seats, ties, marks; and what the fund's secretary does for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from fundapp.db import db
from fundapp.demo.calls import Scene
from fundapp.demo.people import address_of
from fundapp.demo.words import panel_words, readers_question, readers_sentence
from fundapp.models.application import Application
from fundapp.models.panel import Panel, PanelSeat, ReviewAssignment, SeatKind
from fundapp.queries.calls import current_version, definition_of
from fundapp.services.assignments import assign_readers
from fundapp.services.conflicts import Tie, confirm_register, declare_conflicts
from fundapp.services.panels import NewSeat, add_seat, set_up_panel, start_review
from fundapp.services.readings import NewMark, NewNote, lock_review, save_mark, save_note

CAPACITY = 22  # a little more than a ninth of all readings, so that ties can be worked around
NEW = "0"  # the rev of a mark that nobody has made yet


def seat_panel(scene: Scene, *, at: datetime) -> Panel:
    """The nine voting seats of the call, each with a person."""
    people, manager = scene.people, scene.people.staff.manager
    panel = set_up_panel(scene.round, actor=manager, now=at)
    for place, row in enumerate(panel_words("seats")):
        umbrella = row.get("umbrella")
        nominated_by = people.umbrellas[umbrella] if umbrella is not None else None
        kind = SeatKind(row["kind"])
        if kind is SeatKind.PAST_GRANTEE:
            nominated_by = people.past_grantee
        seat = add_seat(
            panel,
            NewSeat(
                email=address_of(row["person"]),
                name=row["person"],
                kind=kind,
                capacity=CAPACITY,
                nominated_by=nominated_by,
                is_chair=row.get("chair", False),
                language=row.get("language", "en"),
            ),
            actor=manager,
            now=at + timedelta(minutes=place),
        )
        confirm_register(seat, panel_words("register"), actor=seat.user, now=at + timedelta(days=1))
    return panel


def seats_of(panel: Panel) -> Sequence[PanelSeat]:
    query = sa.select(PanelSeat).where(PanelSeat.panel_id == panel.id)
    return db.session.execute(query.order_by(PanelSeat.created_at, PanelSeat.id)).scalars().all()


def open_papers(
    panel: Panel, scene: Scene, *, at: datetime, ties: dict[str, tuple[Application, Tie]], silent: str = ""
) -> None:
    """Reading begins: ties declared, by all but the silent one, and everybody gets their readings."""
    manager = scene.people.staff.manager
    start_review(scene.round, actor=manager, now=at)
    for seat in seats_of(panel):
        if seat.user.name == silent:
            continue
        declared = {}
        if seat.user.name in ties:
            application, tie = ties[seat.user.name]
            declared = {application.organisation_id: tie}
        declare_conflicts(seat, declared, actor=seat.user, now=at + timedelta(hours=2))
    assign_readers(panel, actor=manager, now=at + timedelta(hours=4))


def assignments_of(panel: Panel) -> Sequence[ReviewAssignment]:
    query = (
        sa.select(ReviewAssignment)
        .join(ReviewAssignment.application)
        .join(ReviewAssignment.seat)
        .where(PanelSeat.panel_id == panel.id, ReviewAssignment.voided_at.is_(None))
        .order_by(Application.submitted_at, Application.receipt, PanelSeat.created_at)
    )
    return db.session.execute(query).scalars().all()


def mark_sheet(
    assignment: ReviewAssignment,
    quality: float,
    scene: Scene,
    *,
    at: datetime,
    only: int | None = None,
    cant_tell: str = "",
) -> None:
    """A reader's marks for one application around its quality, criterion by criterion."""
    reader = assignment.seat.user
    chance = scene.chance_of(assignment.application.organisation.name, place_of(assignment))
    criteria = definition_of(current_version(scene.call)).assessment.criteria
    for criterion in criteria[:only]:
        if criterion.key == cant_tell:
            mark = NewMark(cant_tell=True, question=readers_question(criterion.key))
        else:
            level = level_near(quality, chance)
            mark = NewMark(value=level, sentence=readers_sentence(criterion.key, level, chance))
        save_mark(assignment, criterion.key, mark, rev=NEW, actor=reader, now=at)


def place_of(assignment: ReviewAssignment) -> int:
    """Among the readers of its application. Who reads differs from demo to demo; marks and list do not."""
    earlier = (
        sa.select(sa.func.count())
        .select_from(ReviewAssignment)
        .join(ReviewAssignment.seat)
        .where(
            ReviewAssignment.application_id == assignment.application_id,
            ReviewAssignment.voided_at.is_(None),
            PanelSeat.created_at < assignment.seat.created_at,
        )
    )
    return db.session.execute(earlier).scalar_one()


def lock_sheet(assignment: ReviewAssignment, scene: Scene, *, at: datetime) -> None:
    reader = assignment.seat.user
    if scene.chance.random() < 0.2:
        note = scene.chance.choice(panel_words("notes"))
        save_note(assignment, NewNote(note), rev=NEW, actor=reader, now=at)
    lock_review(assignment, actor=reader, now=at + timedelta(minutes=5))


def level_near(quality: float, chance: Random) -> int:
    return max(1, min(4, round(chance.gauss(quality, 0.5))))
