"""Conflicts of interest: those we know of, those members declare, and what they close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow, check_seen
from fundapp.models.application import Application, PartnerShare
from fundapp.models.call import Call, Round
from fundapp.models.panel import (
    ConflictOfInterest,
    ConflictResponse,
    InterestRegister,
    PanelSeat,
    ReviewAssignment,
    TieSource,
)
from fundapp.models.user import User
from fundapp.queries.known_ties import find_known_ties
from fundapp.queries.panels import (
    digest_of_groups,
    find_register,
    list_groups_of_call,
    list_groups_on_the_table,
    list_groups_to_ask,
)
from fundapp.services.events import record

STRICTNESS = (ConflictResponse.NOTE, ConflictResponse.NO_SCORING, ConflictResponse.LEAVE_ROOM)

# What a tie that nobody had to declare means; every other one means leaving the room.
MILDER = {
    TieSource.SUPPLIER: ConflictResponse.NO_SCORING,
    TieSource.PAST: ConflictResponse.NO_SCORING,
    TieSource.SHARED_MEMBER: ConflictResponse.NO_SCORING,
    TieSource.MAIL_HOUSE: ConflictResponse.NO_SCORING,
    TieSource.SAME_SET_ASIDE: ConflictResponse.NO_SCORING,
    TieSource.SAME_RING_FENCE: ConflictResponse.NOTE,
}


class UnknownGroup(FundError):
    """The group does not take part in what this member reads."""

    code = "unknown_group"
    status = 400


@dataclass(frozen=True)
class Tie:
    """What a member declares about one group."""

    response: ConflictResponse
    reason: str


def confirm_register(seat: PanelSeat, lines: Mapping[str, str], *, actor: User, now: datetime) -> None:
    """The member's own list of ties, written before any name is shown. It may be written anew."""
    lock_row(PanelSeat, seat.id)
    register = find_register(seat)
    if register is None:
        register = InterestRegister(seat=seat, lines={}, confirmed_at=now)
        db.session.add(register)
    register.lines, register.confirmed_at = dict(lines), now
    record(seat, "confirm_register", actor=actor, now=now, call_id=seat.panel.call_id)
    db.session.flush()
    note_known_conflicts(seat.panel.call, actor=actor, now=now)


def declare_conflicts(
    seat: PanelSeat, ties: Mapping[UUID, Tie], *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Ties with groups on the table; from here on the papers of all other groups are open.

    `seen`: digest of the groups that the member was asked about. Raises StaleVersion when others are on the
    table since, UnknownGroup, and NotPossibleNow before the register is confirmed or while nothing is being
    read.
    """
    lock_row(Round, seat.panel.round_id)  # whoever brings new names waits, or has brought them
    lock_row(PanelSeat, seat.id)
    check_seen(seen, digest_of_groups(list_groups_to_ask(seat.panel, seat.user, now=now)))
    known = {each.id for each in list_groups_on_the_table(seat.panel)}
    if find_register(seat) is None or not known:
        raise NotPossibleNow("the register comes first, and names only when reading has begun")
    if not ties.keys() <= known:
        raise UnknownGroup
    for organisation_id, tie in ties.items():
        _declare(seat.user_id, seat.panel.call_id, organisation_id, tie, actor=actor, now=now)
    seat.conflicts_declared_at = now
    details = {"ties": len(ties)}
    record(seat, "declare_conflicts", actor=actor, now=now, call_id=seat.panel.call_id, details=details)


def declare_late(
    assignment: ReviewAssignment, organisation_id: UUID, tie: Tie, *, actor: User, now: datetime
) -> None:
    """A tie noticed while reading. Above a note, the assignment and its marks no longer count.

    Without names nobody knows which group of the application it is with: it is noted for each of them.
    """
    application = assignment.application
    groups = _organisations_of(application)
    if organisation_id not in groups:
        raise UnknownGroup
    lock_row(PanelSeat, assignment.seat_id)
    seat, source = assignment.seat, TieSource.RECOGNISED
    if not seat.panel.hides_names(now):
        groups, source = {organisation_id}, TieSource.DECLARED
    for each in sorted(groups):
        _declare(seat.user_id, seat.panel.call_id, each, tie, source, actor=actor, now=now)


def declare_own(user: User, call: Call, organisation_id: UUID, tie: Tie, *, now: datetime) -> None:
    """A tie of somebody who works for the fund with any group of the call. Raises UnknownGroup."""
    lock_row(User, user.id)
    if organisation_id not in {each.id for each in list_groups_of_call(call, reader=user)}:
        raise UnknownGroup
    _declare(user.id, call.id, organisation_id, tie, actor=user, now=now)


def declare_when_asked(user: User, call_id: UUID, organisation_id: UUID, tie: Tie, *, now: datetime) -> None:
    """A tie of somebody whom the fund asked about this group outside the reading."""
    lock_row(User, user.id)
    _declare(user.id, call_id, organisation_id, tie, actor=user, now=now)


def note_known_conflicts(
    call: Call, *, actor: User | None, now: datetime, application: Application | None = None
) -> None:
    """Write down the ties that our own data and the members' registers show (queries/known_ties.py).

    With an application only its groups are looked at. Fixed number of queries. The strictest one counts.
    """
    organisations = _organisations_of(application) if application else None
    found: dict[tuple[UUID, UUID], tuple[ConflictResponse, TieSource]] = {}
    for tie in find_known_ties(call, organisations, now=now):
        pair, response = (tie.user_id, tie.organisation_id), response_to(tie.source)
        if pair not in found or _is_stricter(response, found[pair][0]):
            found[pair] = response, tie.source
    known = {
        (row.user_id, row.organisation_id): row
        for row in db.session.execute(
            sa.select(ConflictOfInterest).where(ConflictOfInterest.call_id == call.id)
        ).scalars()
    }
    for (user_id, organisation_id), (response, source) in sorted(found.items()):
        row = known.get((user_id, organisation_id))
        if row is None:
            row = _add(user_id, organisation_id, call.id, response, source)
        elif _is_stricter(response, row.response):
            row.response, row.source = response, source
        else:
            continue
        if row is not None:
            details = {"source": source.value, "response": response.value}
            record(row, "note_conflict", actor=actor, now=now, details=details)
            if response is not ConflictResponse.NOTE:
                _void_assignments(user_id, organisation_id, call.id, actor=actor, now=now)


def response_to(source: TieSource) -> ConflictResponse:
    """What follows from a tie that our own data, or the member's register, show."""
    return MILDER.get(source, ConflictResponse.LEAVE_ROOM)


def _is_stricter(one: ConflictResponse, other: ConflictResponse) -> bool:
    return STRICTNESS.index(one) > STRICTNESS.index(other)


def _declare(
    user_id: UUID,
    call_id: UUID,
    organisation_id: UUID,
    tie: Tie,
    source: TieSource = TieSource.DECLARED,
    *,
    actor: User,
    now: datetime,
) -> None:
    """A second declaration may be stricter than the first, never milder. Where it comes from stays: a source
    that changes under the member's eyes would say which group an application without names is of.
    """
    known = _find(user_id, organisation_id, call_id)
    new = None if known else _add(user_id, organisation_id, call_id, tie.response, source, tie.reason)
    row = new or known or _find(user_id, organisation_id, call_id)
    if row is None or (row is not new and not _is_stricter(tie.response, row.response)):
        return
    row.response, row.reason = tie.response, tie.reason or None
    details = {"response": row.response.value}
    record(row, "declare_conflict", actor=actor, now=now, reason=tie.reason or None, details=details)
    if row.response is not ConflictResponse.NOTE:
        _void_assignments(user_id, organisation_id, call_id, actor=actor, now=now)


def _find(user_id: UUID, organisation_id: UUID, call_id: UUID) -> ConflictOfInterest | None:
    """As it is once nobody else is writing it."""
    query = sa.select(ConflictOfInterest).where(
        ConflictOfInterest.user_id == user_id,
        ConflictOfInterest.call_id == call_id,
        ConflictOfInterest.organisation_id == organisation_id,
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(query).scalar_one_or_none()


def _add(
    user_id: UUID,
    organisation_id: UUID,
    call_id: UUID,
    response: ConflictResponse,
    source: TieSource,
    reason: str = "",
) -> ConflictOfInterest | None:
    """None when somebody else wrote down the same tie at this moment."""
    row = ConflictOfInterest(
        user_id=user_id,
        call_id=call_id,
        organisation_id=organisation_id,
        response=response,
        source=source,
        reason=reason or None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return None
    return row


def _void_assignments(
    user_id: UUID, organisation_id: UUID, call_id: UUID, *, actor: User | None, now: datetime
) -> None:
    shared = sa.select(PartnerShare.application_id).where(PartnerShare.organisation_id == organisation_id)
    query = (
        sa.select(ReviewAssignment)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(
            PanelSeat.user_id == user_id,
            Application.call_id == call_id,
            sa.or_(Application.organisation_id == organisation_id, Application.id.in_(shared)),
            ReviewAssignment.voided_at.is_(None),
        )
        .order_by(ReviewAssignment.id)
    )
    for assignment in db.session.execute(query).scalars().all():
        assignment.voided_at = now
        record(assignment, "void", actor=actor, now=now, call_id=call_id)


def _organisations_of(application: Application) -> set[UUID]:
    shares = sa.select(PartnerShare.organisation_id).where(PartnerShare.application_id == application.id)
    return {application.organisation_id, *db.session.execute(shares).scalars()}
