"""Giving applications to readers, by the call's rules or by hand."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import PanelAct
from fundapp.models.application import Application, PartnerShare
from fundapp.models.call import Round
from fundapp.models.panel import (
    ConflictOfInterest,
    ConflictResponse,
    Panel,
    PanelSeat,
    Review,
    ReviewAssignment,
)
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_board import seat_loads
from fundapp.queries.panel_phases import check_phase
from fundapp.queries.panels import list_conflicted_users
from fundapp.queries.readings import TO_BE_READ
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import record
from fundapp.services.reader_plan import Plan, PlanSeat, plan_readers


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
    assessment = definition_of(current_version(panel.call)).assessment
    applications = _list_to_be_read(panel)
    seats = {str(line.seat.id): line.seat for line in seat_loads(panel)}
    given, voided = _pairs(panel)
    plan = plan_readers(
        list(applications),
        [PlanSeat(key, seat.kind.value, seat.capacity) for key, seat in seats.items()],
        kinds=assessment.readers_from,
        readers=assessment.minimum_readers,
        forbidden=voided | _conflicted_pairs(panel, applications, seats),
        given=given,
    )
    for application, seat in plan.pairs:
        _give(applications[application], seats[seat], actor=actor, now=now, how="plan")
    return plan


def add_reader(application: Application, seat: PanelSeat, *, actor: User, now: datetime) -> ReviewAssignment:
    """By hand. Raises ReaderHasConflict, ReaderIsFull, NotPossibleNow. A second press changes nothing."""
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
    given = next((line.given for line in seat_loads(seat.panel) if line.seat.id == seat.id), 0)
    if given >= seat.capacity:
        raise ReaderIsFull
    return _give(application, seat, actor=actor, now=now, how="hand")


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


def _list_to_be_read(panel: Panel) -> dict[str, Application]:
    query = (
        sa.select(Application)
        .where(Application.round_id == panel.round_id, Application.status.in_(TO_BE_READ))
        .order_by(Application.submitted_at, Application.id)
    )
    return {str(each.id): each for each in db.session.execute(query).scalars()}


def _pairs(panel: Panel) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Assignments that stand, and those that were voided and never come back."""
    query = (
        sa.select(ReviewAssignment.application_id, ReviewAssignment.seat_id, ReviewAssignment.voided_at)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(PanelSeat.panel_id == panel.id, Application.status.in_(TO_BE_READ))
    )
    rows = db.session.execute(query).all()
    given = {(str(application), str(seat)) for application, seat, voided in rows if voided is None}
    voided = {(str(application), str(seat)) for application, seat, voided in rows if voided is not None}
    return given, voided


def _conflicted_pairs(
    panel: Panel, applications: dict[str, Application], seats: dict[str, PanelSeat]
) -> set[tuple[str, str]]:
    ties = db.session.execute(
        sa.select(ConflictOfInterest.user_id, ConflictOfInterest.organisation_id).where(
            ConflictOfInterest.call_id == panel.call_id,
            ConflictOfInterest.response != ConflictResponse.NOTE,
        )
    )
    tied = {(user_id, organisation_id) for user_id, organisation_id in ties}
    partners = db.session.execute(
        sa.select(PartnerShare.application_id, PartnerShare.organisation_id)
        .join(Application, Application.id == PartnerShare.application_id)
        .where(Application.round_id == panel.round_id)
    )
    groups = {key: {each.organisation_id} for key, each in applications.items()}
    for application_id, organisation_id in partners:
        groups.get(str(application_id), set()).add(organisation_id)
    return {
        (key, seat_key)
        for key, organisations in groups.items()
        for seat_key, seat in seats.items()
        if any((seat.user_id, organisation) in tied for organisation in organisations)
    }
