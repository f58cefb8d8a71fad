"""Sessions of help, who comes, and how many groups took part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.support_session import SupportPlace, SupportSession
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.suppression import published
from fundapp.support_steps import PlaceStatus, SessionStatus

ACTIVE = (PlaceStatus.COMING, PlaceStatus.WAITING)
HAS_A_PLACE = (PlaceStatus.COMING, PlaceStatus.CAME)


def get_support_session(session_id: UUID) -> SupportSession:
    """Raises NoResultFound."""
    query = sa.select(SupportSession).where(SupportSession.id == session_id)
    return db.session.execute(query.options(joinedload(SupportSession.call))).scalar_one()


def list_support_sessions(call: Call) -> Sequence[SupportSession]:
    """Oldest first."""
    query = (
        sa.select(SupportSession)
        .where(SupportSession.call_id == call.id)
        .order_by(SupportSession.starts_at, SupportSession.id)
    )
    return db.session.execute(query).scalars().all()


def list_places(session: SupportSession, *, reader: User) -> Sequence[SupportPlace]:
    """In the order in which groups said it, without those that this reader has a tie with."""
    query = (
        sa.select(SupportPlace)
        .join(Application, Application.id == SupportPlace.application_id)
        .where(SupportPlace.session_id == session.id, SupportPlace.status != PlaceStatus.TAKEN_BACK)
        .where(application_without_conflict(reader.id))
        .options(joinedload(SupportPlace.application).joinedload(Application.organisation))
        .order_by(SupportPlace.asked_at, SupportPlace.id)
    )
    return db.session.execute(query).scalars().all()


def places_of(application: Application) -> Mapping[UUID, SupportPlace]:
    """By session, as they stand now."""
    query = sa.select(SupportPlace).where(SupportPlace.application_id == application.id)
    found = db.session.execute(query.execution_options(populate_existing=True)).scalars()
    return {each.session_id: each for each in found}


def find_place(session: SupportSession, application: Application) -> SupportPlace | None:
    return places_of(application).get(session.id)


def list_waiting(session: SupportSession) -> Sequence[SupportPlace]:
    query = (
        sa.select(SupportPlace)
        .where(SupportPlace.session_id == session.id, SupportPlace.status == PlaceStatus.WAITING)
        .order_by(SupportPlace.asked_at, SupportPlace.id)
    )
    return db.session.execute(query).scalars().all()


def list_active(session: SupportSession) -> Sequence[SupportPlace]:
    """Everybody who comes or waits, for telling them."""
    query = (
        sa.select(SupportPlace)
        .where(SupportPlace.session_id == session.id, SupportPlace.status.in_(ACTIVE))
        .options(joinedload(SupportPlace.said_by))
        .order_by(SupportPlace.asked_at, SupportPlace.id)
    )
    return db.session.execute(query).scalars().all()


def people_coming(session: SupportSession) -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(SupportPlace.people), 0)).where(
        SupportPlace.session_id == session.id, SupportPlace.status.in_(HAS_A_PLACE)
    )
    return int(db.session.execute(query).scalar_one())


def list_places_to_remind(*, after: datetime, before: datetime) -> Sequence[SupportPlace]:
    query = (
        sa.select(SupportPlace)
        .join(SupportSession, SupportSession.id == SupportPlace.session_id)
        .where(
            SupportSession.starts_at >= after,
            SupportSession.starts_at < before,
            SupportSession.status == SessionStatus.PLANNED,
            SupportPlace.status == PlaceStatus.COMING,
            SupportPlace.said_by_id.is_not(None),
        )
        .options(joinedload(SupportPlace.said_by))
        .order_by(SupportPlace.id)
    )
    return db.session.execute(query).scalars().all()


def list_sessions_of(user: User, *, since: datetime) -> Sequence[SupportSession]:
    """Those that this person said yes to, from some days ago on."""
    query = (
        sa.select(SupportSession)
        .join(SupportPlace, SupportPlace.session_id == SupportSession.id)
        .where(
            SupportPlace.said_by_id == user.id,
            SupportPlace.status.in_(HAS_A_PLACE),
            SupportSession.status == SessionStatus.PLANNED,
            SupportSession.starts_at >= since - timedelta(days=30),
        )
        .order_by(SupportSession.starts_at, SupportSession.id)
    )
    return db.session.execute(query).scalars().unique().all()


def groups_that_came(call: Call, *, reader: User) -> tuple[int | None, int | None]:
    """All, and those without a grant; None where the number, or the rest, would be 1 to 4."""
    query = (
        sa.select(Application.id, Application.status)
        .join(SupportPlace, SupportPlace.application_id == Application.id)
        .where(Application.call_id == call.id, SupportPlace.status == PlaceStatus.CAME)
        .where(application_without_conflict(reader.id))
        .distinct()
    )
    statuses = [status for _id, status in db.session.execute(query)]
    without = sum(status is not ApplicationStatus.IN_PRINCIPLE for status in statuses)
    everybody, unfunded = published([len(statuses), without])
    return everybody, unfunded
