"""Conflicts of interest: those we know of, those members declare, and what they close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, ApplicationHelper, PartnerShare
from fundapp.models.call import Call
from fundapp.models.fund import FundRole
from fundapp.models.organisation import OrganisationMember
from fundapp.models.panel import (
    ConflictOfInterest,
    ConflictResponse,
    InterestRegister,
    Panel,
    PanelSeat,
    ReviewAssignment,
)
from fundapp.models.partnership import FiscalHost
from fundapp.models.user import User
from fundapp.queries.panels import find_register, list_groups_on_the_table
from fundapp.services.events import record

STRICTNESS = (ConflictResponse.NOTE, ConflictResponse.NO_SCORING, ConflictResponse.LEAVE_ROOM)
GONE = (ApplicationStatus.WITHDRAWN, ApplicationStatus.INELIGIBLE)


class UnknownGroup(FundError):
    """The group does not take part in what this member reads."""

    code = "unknown_group"
    status = 400


@dataclass(frozen=True)
class Tie:
    """What a member declares about one group."""

    response: ConflictResponse
    reason: str


@dataclass(frozen=True)
class _Link:
    user_id: UUID
    organisation_id: UUID
    source: str


def confirm_register(seat: PanelSeat, lines: Mapping[str, str], *, actor: User, now: datetime) -> None:
    """The member's own list of ties, written before any name is shown. It may be written anew."""
    lock_row(PanelSeat, seat.id)
    register = find_register(seat)
    if register is None:
        register = InterestRegister(seat=seat, lines={}, confirmed_at=now)
        db.session.add(register)
    register.lines, register.confirmed_at = dict(lines), now
    record(seat, "confirm_register", actor=actor, now=now, call_id=seat.panel.call_id)


def declare_conflicts(seat: PanelSeat, ties: Mapping[UUID, Tie], *, actor: User, now: datetime) -> None:
    """Ties with groups on the table; from here on the papers of all other groups are open.

    Raises UnknownGroup, and NotPossibleNow before the register is confirmed or while nothing is being read.
    """
    lock_row(PanelSeat, seat.id)
    known = {each.id for each in list_groups_on_the_table(seat.panel)}
    if find_register(seat) is None or not known:
        raise NotPossibleNow("the register comes first, and names only when reading has begun")
    if not ties.keys() <= known:
        raise UnknownGroup
    for organisation_id, tie in ties.items():
        _declare(seat, organisation_id, tie, actor=actor, now=now)
    seat.conflicts_declared_at = now
    details = {"ties": len(ties)}
    record(seat, "declare_conflicts", actor=actor, now=now, call_id=seat.panel.call_id, details=details)


def declare_late(
    assignment: ReviewAssignment, organisation_id: UUID, tie: Tie, *, actor: User, now: datetime
) -> None:
    """A tie noticed while reading. Above a note, the assignment and its marks no longer count."""
    application = assignment.application
    if organisation_id not in _organisations_of(application):
        raise UnknownGroup
    lock_row(PanelSeat, assignment.seat_id)
    _declare(assignment.seat, organisation_id, tie, actor=actor, now=now)


def note_known_conflicts(
    call: Call, *, actor: User | None, now: datetime, application: Application | None = None
) -> None:
    """Ties that our own data show between panel members or staff and groups: members, helpers, hosts, …

    With an application only its groups are looked at. Fixed number of queries. A tie we know of always
    means leaving the room.
    """
    organisations = _organisations_of(application) if application else None
    found: dict[tuple[UUID, UUID], str] = {}
    for link in _known_links(call, organisations):
        found.setdefault((link.user_id, link.organisation_id), link.source)
    known = {
        (row.user_id, row.organisation_id): row
        for row in db.session.execute(
            sa.select(ConflictOfInterest).where(ConflictOfInterest.call_id == call.id)
        ).scalars()
    }
    for (user_id, organisation_id), source in sorted(found.items()):
        row = known.get((user_id, organisation_id))
        if row is None:
            row = _add(user_id, organisation_id, call.id, ConflictResponse.LEAVE_ROOM, source)
        elif row.response is ConflictResponse.LEAVE_ROOM:
            continue
        else:
            row.response, row.source = ConflictResponse.LEAVE_ROOM, source
        if row is not None:
            record(row, "note_conflict", actor=actor, now=now, details={"source": source})
            _void_assignments(user_id, organisation_id, call.id, actor=actor, now=now)


def _declare(seat: PanelSeat, organisation_id: UUID, tie: Tie, *, actor: User, now: datetime) -> None:
    """A second declaration may be stricter than the first, never milder."""
    call_id = seat.panel.call_id
    row = db.session.execute(
        sa.select(ConflictOfInterest).where(
            ConflictOfInterest.user_id == seat.user_id,
            ConflictOfInterest.call_id == call_id,
            ConflictOfInterest.organisation_id == organisation_id,
        )
    ).scalar_one_or_none()
    if row is None:
        row = _add(seat.user_id, organisation_id, call_id, tie.response, "declared", tie.reason)
    elif STRICTNESS.index(tie.response) > STRICTNESS.index(row.response):
        row.response, row.reason = tie.response, tie.reason
    else:
        return
    if row is not None:
        details = {"response": row.response.value}
        record(row, "declare_conflict", actor=actor, now=now, reason=tie.reason or None, details=details)
        if row.response is not ConflictResponse.NOTE:
            _void_assignments(seat.user_id, organisation_id, call_id, actor=actor, now=now)


def _add(
    user_id: UUID,
    organisation_id: UUID,
    call_id: UUID,
    response: ConflictResponse,
    source: str,
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


def _known_links(call: Call, organisations: Iterable[UUID] | None) -> Iterable[_Link]:
    """Who belongs to, was nominated by, or (alone or through an organisation) helps or hosts which group."""
    takes_part = sa.select(Application.id).where(
        Application.call_id == call.id, Application.status.not_in(GONE)
    )
    groups = sa.union(
        sa.select(Application.organisation_id).where(Application.id.in_(takes_part)),
        sa.select(PartnerShare.organisation_id).where(PartnerShare.application_id.in_(takes_part)),
    )
    wanted = list(organisations) if organisations is not None else groups
    seats = sa.select(PanelSeat).join(Panel).where(Panel.call_id == call.id).subquery()
    people = sa.union(
        sa.select(seats.c.user_id), sa.select(FundRole.user_id).where(FundRole.fund_id == call.fund_id)
    )
    member = sa.select(OrganisationMember.user_id, OrganisationMember.organisation_id).where(
        OrganisationMember.user_id.in_(people)
    )
    nominated = sa.select(seats.c.user_id, seats.c.nominated_by_id).where(
        seats.c.nominated_by_id.is_not(None)
    )
    circles = sa.union(member, nominated).subquery()
    theirs = sa.select(circles.c.user_id, Application.organisation_id).select_from(circles)
    fellow_helped = (
        theirs.join(OrganisationMember, OrganisationMember.organisation_id == circles.c.organisation_id)
        .join(ApplicationHelper, ApplicationHelper.user_id == OrganisationMember.user_id)
        .join(Application, Application.id == ApplicationHelper.application_id)
    )
    by_organisation = theirs.join(
        ApplicationHelper, ApplicationHelper.organisation_id == circles.c.organisation_id
    ).join(Application, Application.id == ApplicationHelper.application_id)
    hosted_by = theirs.join(FiscalHost, FiscalHost.organisation_id == circles.c.organisation_id).join(
        Application, Application.id == FiscalHost.application_id
    )
    sources = {
        "member": member.where(OrganisationMember.organisation_id.in_(wanted)),
        "nominated": nominated.where(seats.c.nominated_by_id.in_(wanted)),
        "helper": _of_applications(ApplicationHelper).where(ApplicationHelper.user_id.in_(people)),
        "helper_of_nominator": fellow_helped,
        "helping_organisation": by_organisation,
        "host": _of_applications(FiscalHost).where(FiscalHost.user_id.in_(people)),
        "hosting_organisation": hosted_by,
    }
    taking_part = (Application.id.in_(takes_part), Application.organisation_id.in_(wanted))
    for source, query in sources.items():
        links = query if source in ("member", "nominated") else query.where(*taking_part)
        for user_id, organisation_id in db.session.execute(links.distinct()):
            yield _Link(user_id, organisation_id, source)


def _of_applications(beside: type[ApplicationHelper] | type[FiscalHost]) -> sa.Select[Any, Any]:
    """Who stands beside an application, and the group whose it is."""
    return sa.select(beside.user_id, Application.organisation_id).join(
        Application, Application.id == beside.application_id
    )
