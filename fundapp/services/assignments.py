"""Giving applications to readers, by the call's rules or by hand."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import PanelAct
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import (
    Panel,
    PanelSeat,
    Review,
    ReviewAssignment,
)
from fundapp.models.user import User
from fundapp.queries.panel_board import count_read_by
from fundapp.queries.panel_phases import check_phase
from fundapp.queries.panels import list_conflicted_users
from fundapp.queries.reader_facts import ReaderFacts, reader_facts
from fundapp.queries.readings import TO_BE_READ
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import record
from scoring.panel_to_fill import PanelToFill, Plan, PlanSeat
from scoring.reading_plan import Help


class ReaderHasConflict(FundError):
    """This member must not see the application."""

    code = "reader_has_conflict"


class ReaderIsFull(FundError):
    """This member reads as many applications as they said they could."""

    code = "reader_is_full"


def assign_readers(panel: Panel, *, actor: User, now: datetime) -> Plan:
    """Fill what is missing for every application that is being read; what was given stays.

    The plan's `unmet` names what cannot be met.
    """
    lock_row(Round, panel.round_id)
    check_phase(panel, PanelAct.ASSIGN, now)
    note_known_conflicts(panel.call, actor=actor, now=now)
    facts = reader_facts(panel)
    seed = int.from_bytes(panel.id.bytes[-4:]) + len(facts.given)  # another one for each next plan
    plan = to_fill(facts).plan(seed=seed)
    for application, seat in plan.pairs:
        _give(facts.applications[application], facts.seats[seat], actor=actor, now=now, how="plan")
    details = {"seed": plan.seed, "given": len(plan.pairs), "missing": len(plan.unmet)}
    record(panel, "assign_readers", actor=actor, now=now, details=details)
    return plan


def to_fill(facts: ReaderFacts) -> PanelToFill:
    return PanelToFill(
        list(facts.applications),
        [PlanSeat(key, seat.kind.value, seat.capacity, facts.can[key]) for key, seat in facts.seats.items()],
        kinds=facts.assessment.readers_from,
        readers=facts.assessment.minimum_readers,
        forbidden=facts.forbidden,
        given=facts.given,
        wanted=facts.wanted,
    )


def help_needed(facts: ReaderFacts) -> Help:
    """The smallest change with which every application gets its readers. Nothing is changed."""
    return to_fill(facts).smallest_help()


def add_reader(
    application: Application, seat: PanelSeat, *, actor: User, now: datetime, anyway: bool = False
) -> ReviewAssignment:
    """By hand. Raises ReaderHasConflict, NotPossibleNow and, unless `anyway`, ReaderIsFull.

    A second press changes nothing. Going past what a member can read stands in the record.
    """
    lock_row(Round, application.round_id)
    if application.status not in TO_BE_READ or seat.panel.round_id != application.round_id:
        raise NotPossibleNow("this application is not being read on this panel")
    check_phase(seat.panel, PanelAct.ASSIGN, now)
    if seat.user_id in list_conflicted_users(application):
        raise ReaderHasConflict
    query = sa.select(ReviewAssignment).where(
        ReviewAssignment.seat_id == seat.id, ReviewAssignment.application_id == application.id
    )
    known = db.session.execute(query).scalar_one_or_none()
    if known is not None:
        if known.voided_at is not None:
            raise ReaderHasConflict
        return known
    given = count_read_by(seat)
    if given >= seat.capacity and not anyway:
        raise ReaderIsFull
    how = "hand" if given < seat.capacity else "hand_above_capacity"
    return _give(application, seat, actor=actor, now=now, how=how)


def remove_reader(assignment: ReviewAssignment, *, actor: User, now: datetime) -> None:
    """Take an application back from a reader who has written nothing yet. Raises NotPossibleNow."""
    lock_row(ReviewAssignment, assignment.id)
    started = sa.select(Review.id).where(Review.assignment_id == assignment.id)
    if assignment.voided_at is not None or db.session.execute(started).first() is not None:
        raise NotPossibleNow("this reader has begun")
    check_phase(assignment.seat.panel, PanelAct.ASSIGN, now)
    call_id = assignment.application.call_id
    record(assignment, "remove", actor=actor, now=now, call_id=call_id)
    db.session.delete(assignment)


def _give(
    application: Application, seat: PanelSeat, *, actor: User, now: datetime, how: str
) -> ReviewAssignment:
    key = order_key(seat.panel.order_seed, seat.id, application.id)
    assignment = ReviewAssignment(seat=seat, application=application, order_key=key, created_at=now)
    db.session.add(assignment)
    record(assignment, "assign", actor=actor, now=now, call_id=application.call_id, details={"by": how})
    return assignment


def order_key(seed: str, seat_id: UUID, application_id: UUID) -> str:
    """A reader's order of reading: another one for each reader, the same again from the same seed."""
    return hashlib.sha256(f"{seed}:{seat_id}:{application_id}".encode()).hexdigest()[:16]
