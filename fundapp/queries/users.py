"""People, and everything a signed-in person can go on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption as ORMOption

from forms.localized import LocalizedText
from fundapp.db import db
from fundapp.lifecycles import CallStatus, WordStatus
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.fund import Fund, FundRole
from fundapp.models.invitation import Invitation
from fundapp.models.message import Message
from fundapp.models.organisation import Organisation, OrganisationMember
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.claims import list_opinions_asked_of
from fundapp.queries.invitations import open_for

SHOWN_MAILS = 100


@dataclass(frozen=True)
class Work:
    """What the first page after signing in leads to."""

    applications: Sequence[Application]
    awards: Sequence[Award]
    panels: Sequence[Panel]
    calls: Sequence[Call]
    groups: Sequence[Place] = ()
    hosting: Sequence[Place] = ()
    partnerships: Sequence[Place] = ()
    opinions: Sequence[ClaimOpinion] = ()  # that the fund has asked for
    is_asked: bool = False  # somebody has sent an invitation to this address

    @property
    def is_empty(self) -> bool:
        mine = (self.applications, self.awards, self.panels, self.calls, self.groups)
        return not any((*mine, self.hosting, self.partnerships, self.opinions, self.is_asked))

    def title_of(self, call: Call) -> LocalizedText:
        return definition_of(current_version(call)).title


def find_user_by_email(email: str) -> User | None:
    return db.session.execute(sa.select(User).where(User.email == email)).scalar_one_or_none()


def get_user(user_id: UUID) -> User:
    """Raises NoResultFound, which becomes a 404."""
    return db.session.execute(sa.select(User).where(User.id == user_id)).scalar_one()


def _call(of: InstrumentedAttribute[Call]) -> ORMOption:
    """The call with what names it: its fund and its versions."""
    return joinedload(of).options(joinedload(Call.fund), selectinload(Call.versions))


def work_of(user: User, *, now: datetime) -> Work:
    """In a fixed number of questions to the database, however much it is."""
    places = _places_of(user, now=now)
    groups = {place.id for place in places if place.kind == "group"}
    helped = sa.select(ApplicationHelper.application_id).where(
        ApplicationHelper.user_id == user.id,
        ApplicationHelper.expires_at > now,
        ApplicationHelper.ended_at.is_(None),
    )
    applications = (
        sa.select(Application, Award)
        .outerjoin(Award, Award.application_id == Application.id)
        .where(sa.or_(Application.organisation_id.in_(groups), Application.id.in_(helped)))
        .options(
            joinedload(Application.organisation),
            _call(Application.call),
            joinedload(Application.round),
        )
        .order_by(Application.created_at.desc(), Application.id)
    )
    panels = (
        sa.select(Panel)
        .where(Panel.id.in_(sa.select(PanelSeat.panel_id).where(PanelSeat.user_id == user.id)))
        .options(_call(Panel.call), joinedload(Panel.round))
        .order_by(Panel.created_at.desc(), Panel.id)
    )
    calls = (
        sa.select(Call)
        .where(Call.fund_id.in_(sa.select(FundRole.fund_id).where(FundRole.user_id == user.id)))
        .options(joinedload(Call.fund), selectinload(Call.versions))
        .order_by(Call.created_at.desc(), Call.code)
    )
    kinds = {place.kind for place in places}
    found = db.session.execute(applications).all()
    awards = [
        award
        for application, award in found
        if award is not None and award.organisation_id in groups and application.group_told_at is not None
    ]
    return Work(
        applications=[application for application, _award in found],
        awards=sorted(awards, key=lambda award: award.created_at, reverse=True),
        panels=db.session.execute(panels).scalars().all() if "seat" in kinds else (),
        calls=db.session.execute(calls).scalars().all() if "role" in kinds else (),
        groups=sorted((place for place in places if place.kind == "group"), key=lambda place: place.name),
        hosting=[place for place in places if place.kind == "host"],
        partnerships=[place for place in places if place.kind == "partner"],
        opinions=list_opinions_asked_of(user) if "seat" in kinds else (),
        is_asked="asked" in kinds,
    )


@dataclass(frozen=True)
class Place:
    """Somewhere this person belongs or was asked: by its kind, with the name of the group."""

    kind: str
    id: UUID
    name: str = ""
    status: WordStatus | None = None


def _places_of(user: User, *, now: datetime) -> list[Place]:
    """In one question to the database."""

    def rows(kind: str, row_id: Any, name: Any = "", status: Any = "") -> sa.Select[Any]:
        text = [
            sa.literal(part) if isinstance(part, str) else sa.cast(part, sa.String) for part in (name, status)
        ]
        return sa.select(sa.literal(kind), row_id, *text)

    def asked(kind: str, model: type[FiscalHost] | type[Partner]) -> sa.Select[Any]:
        return (
            rows(kind, model.id, Organisation.name, model.status)
            .join(Application, Application.id == model.application_id)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .where(model.user_id == user.id, model.status != WordStatus.ENDED)
        )

    member = OrganisationMember.organisation_id
    queries = (
        rows("group", member, Organisation.name)
        .join(Organisation, Organisation.id == member)
        .where(OrganisationMember.user_id == user.id),
        asked("host", FiscalHost),
        asked("partner", Partner),
        rows("asked", Invitation.id).where(*open_for(user, now=now)),
        rows("seat", PanelSeat.id).where(PanelSeat.user_id == user.id),
        rows("role", FundRole.id).where(FundRole.user_id == user.id),
    )
    return [
        Place(kind, row_id, name, WordStatus(status) if status else None)
        for kind, row_id, name, status in db.session.execute(sa.union_all(*queries))
    ]


def list_waiting_notices(user: User) -> Sequence[Message]:
    """What could not be mailed to this person safely, newest first."""
    query = (
        sa.select(Message)
        .where(Message.recipient_id == user.id, Message.waits_since.is_not(None))
        .order_by(Message.created_at.desc(), Message.id)
        .limit(SHOWN_MAILS)
    )
    return db.session.execute(query).scalars().all()


def list_latest_mails() -> Sequence[Message]:
    """For the demo's mail page, newest first."""
    query = (
        sa.select(Message)
        .options(joinedload(Message.recipient))
        .order_by(Message.created_at.desc(), Message.id)
        .limit(SHOWN_MAILS)
    )
    return db.session.execute(query).scalars().all()


@dataclass(frozen=True)
class Person:
    """Somebody of the demo, with what they do there."""

    user: User
    role: str
    place: str


def list_people_by_role(*, most: int = 6) -> list[Person]:
    """Some people of each role, for the demo's page where one can be anybody."""
    staff = (
        sa.select(User, FundRole.kind, Fund.name)
        .join(FundRole, FundRole.user_id == User.id)
        .join(Fund, Fund.id == FundRole.fund_id)
        .order_by(FundRole.kind, User.email)
    )
    panel = (
        sa.select(User, Call.code)
        .join(PanelSeat, PanelSeat.user_id == User.id)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(Call, Call.id == Panel.call_id)
        .where(Call.status.in_((CallStatus.CLOSED, CallStatus.DECIDING)))
        .order_by(Call.code, User.email)
    )
    people = [Person(user, kind.value, place) for user, kind, place in db.session.execute(staff)]
    people += [Person(user, "panel", code) for user, code in db.session.execute(panel)]
    people += [Person(user, "applicant", name) for user, name in db.session.execute(_applicants())]
    people += [Person(user, "around", name) for user, name in db.session.execute(_around_groups())]
    counts: dict[tuple[str, str], int] = {}
    shown = []
    for person in people:
        key = (person.role, person.place if person.role == "panel" else "")
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            shown.append(person)
    return shown


def _applicants() -> sa.Select[User, str]:
    return (
        sa.select(User, Organisation.name)
        .join(OrganisationMember, OrganisationMember.user_id == User.id)
        .join(Organisation, Organisation.id == OrganisationMember.organisation_id)
        .order_by(Organisation.created_at, Organisation.name, OrganisationMember.created_at, User.email)
    )


def _around_groups() -> sa.Select[User, str]:
    """Helpers, hosts and partners, with the group they stand beside."""
    helpers = sa.select(ApplicationHelper.user_id, ApplicationHelper.application_id)
    asked = [
        sa.select(kind.user_id, kind.application_id).where(kind.user_id.is_not(None))
        for kind in (FiscalHost, Partner)
    ]
    beside = sa.union(helpers, *asked).subquery()
    return (
        sa.select(User, Organisation.name)
        .join(beside, beside.c.user_id == User.id)
        .join(Application, Application.id == beside.c.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .order_by(Organisation.name, User.email)
    )
