"""Panels, their seats and groups, conflicts of interest, and questions to groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, Clarification, PartnerShare
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.organisation import Organisation
from fundapp.models.panel import (
    ConflictOfInterest,
    InterestRegister,
    Panel,
    PanelSeat,
    ReaderQuestion,
    ReviewAssignment,
    TieSource,
)
from fundapp.models.user import User
from fundapp.queries.readings import TO_BE_READ, without_conflict
from fundapp.ties import people_tied

ON_THE_TABLE = (*TO_BE_READ, ApplicationStatus.AT_PANEL)
WAITING = (ApplicationStatus.SUBMITTED, ApplicationStatus.ELIGIBLE)


_CALL = joinedload(Panel.call).options(
    joinedload(Call.fund), selectinload(Call.versions).options(defer(CallVersion.content))
)


def get_panel(panel_id: UUID) -> Panel:
    """With its round and call. Raises NoResultFound."""
    query = sa.select(Panel).where(Panel.id == panel_id).options(joinedload(Panel.round), _CALL)
    return db.session.execute(query).scalar_one()


def get_round(round_id: UUID) -> Round:
    """With its call and the call's version. Raises NoResultFound."""
    call = joinedload(Round.call).options(
        joinedload(Call.fund), selectinload(Call.versions).options(defer(CallVersion.content))
    )
    return db.session.execute(sa.select(Round).where(Round.id == round_id).options(call)).scalar_one()


def get_application(application_id: UUID) -> Application:
    """With call, round, group, partners and version, without its answers. Raises NoResultFound."""
    query = (
        sa.select(Application)
        .where(Application.id == application_id)
        .options(
            joinedload(Application.call),
            joinedload(Application.round),
            joinedload(Application.organisation),
            joinedload(Application.call_version).options(defer(CallVersion.content)),
            joinedload(Application.shares),
        )
    )
    return db.session.execute(query).unique().scalar_one()


def find_panel(round_: Round) -> Panel | None:
    """With its seats and the people on them."""
    seats = joinedload(Panel.seats).options(joinedload(PanelSeat.user), joinedload(PanelSeat.nominated_by))
    query = sa.select(Panel).where(Panel.round_id == round_.id).options(joinedload(Panel.round), seats)
    return db.session.execute(query).unique().scalar_one_or_none()


def get_seat(seat_id: UUID) -> PanelSeat:
    """With its panel and person. Raises NoResultFound."""
    query = (
        sa.select(PanelSeat)
        .where(PanelSeat.id == seat_id)
        .options(
            joinedload(PanelSeat.user),
            joinedload(PanelSeat.panel).options(joinedload(Panel.round), _CALL),
        )
    )
    return db.session.execute(query).scalar_one()


def get_seat_of(panel: Panel, user: User) -> PanelSeat:
    """Raises NoResultFound when the person is not on the panel."""
    query = sa.select(PanelSeat).where(PanelSeat.panel_id == panel.id, PanelSeat.user_id == user.id)
    return db.session.execute(query).scalar_one()


def find_register(seat: PanelSeat) -> InterestRegister | None:
    query = sa.select(InterestRegister).where(InterestRegister.seat_id == seat.id)
    return db.session.execute(query).scalar_one_or_none()


def list_groups_on_the_table(panel: Panel) -> Sequence[Organisation]:
    """Groups and partners whose applications are being read, by name."""
    read = sa.select(Application.id).where(
        Application.round_id == panel.round_id, Application.status.in_(ON_THE_TABLE)
    )
    return _groups_behind(read)


def list_groups_to_ask(panel: Panel, member: User, *, now: datetime) -> Sequence[Organisation]:
    """Those on the table with which no tie is known; whether one with a tie is there says nothing."""
    known = {tie.organisation_id for tie in list_ties_said(panel, member, now=now)}
    return [group for group in list_groups_on_the_table(panel) if group.id not in known]


def digest_of_groups(groups: Iterable[Organisation]) -> str:
    """The same as long as the same groups are asked about."""
    return digest_of_data(sorted(each.id.hex for each in groups))


def list_groups_of_call(call: Call, *, reader: User) -> Sequence[Organisation]:
    """Groups that have sent something, and their partners, by name; without what a tie closes."""
    sent = sa.select(Application.id).where(
        Application.call_id == call.id,
        Application.status.not_in((ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)),
        without_conflict(reader.id, call.id),
    )
    return _groups_behind(sent)


def _groups_behind(applications: sa.Select[UUID]) -> Sequence[Organisation]:
    """Who sent them, and their partners, by name."""
    leads = sa.select(Application.organisation_id).where(Application.id.in_(applications))
    partners = sa.select(PartnerShare.organisation_id).where(PartnerShare.application_id.in_(applications))
    query = (
        sa.select(Organisation)
        .where(sa.or_(Organisation.id.in_(leads), Organisation.id.in_(partners)))
        .order_by(sa.func.lower(Organisation.name), Organisation.id)
    )
    return db.session.execute(query).scalars().all()


def list_conflicts_of(user: User, call_id: UUID) -> Sequence[ConflictOfInterest]:
    """A person's own ties in this call, by name."""
    query = (
        sa.select(ConflictOfInterest)
        .join(ConflictOfInterest.organisation)
        .where(ConflictOfInterest.user_id == user.id, ConflictOfInterest.call_id == call_id)
        .options(contains_eager(ConflictOfInterest.organisation))
        .order_by(sa.func.lower(Organisation.name), Organisation.id)
    )
    return db.session.execute(query).scalars().all()


def list_ties_said(panel: Panel, member: User, *, now: datetime) -> Sequence[ConflictOfInterest]:
    """What a member reads of their own ties. Whom they recognised in a copy without names would be named here
    too early."""
    ties = list_conflicts_of(member, panel.call_id)
    if not panel.hides_names(now):
        return ties
    return [tie for tie in ties if tie.source != TieSource.RECOGNISED]


def list_umbrellas() -> Sequence[Organisation]:
    """Organisations that may name members."""
    query = sa.select(Organisation).where(Organisation.is_umbrella.is_(True))
    return (
        db.session.execute(query.order_by(sa.func.lower(Organisation.name), Organisation.id)).scalars().all()
    )


def list_conflicted_users(application: Application) -> frozenset[UUID]:
    """Who must not see this application."""
    return people_tied(application.call_id, [application])[application.id]


def list_readers_to_tell(application: Application) -> Sequence[User]:
    """Who reads this application and has no tie with anybody in it."""
    query = (
        sa.select(User)
        .join(PanelSeat, PanelSeat.user_id == User.id)
        .join(ReviewAssignment, ReviewAssignment.seat_id == PanelSeat.id)
        .where(ReviewAssignment.application_id == application.id, ReviewAssignment.voided_at.is_(None))
        .order_by(User.email)
    )
    tied = list_conflicted_users(application)
    return [user for user in db.session.execute(query).scalars() if user.id not in tied]


def list_reader_questions(round_: Round, *, viewer: User) -> Sequence[ReaderQuestion]:
    """What readers want to ask and what became of it; those that wait come first."""
    query = (
        sa.select(ReaderQuestion)
        .join(ReaderQuestion.assignment)
        .join(ReviewAssignment.application)
        .where(
            Application.round_id == round_.id,
            ReviewAssignment.voided_at.is_(None),
            ReaderQuestion.raised_at.is_not(None),
            ReaderQuestion.clarification_id.is_(None),
            without_conflict(viewer.id, round_.call_id),
        )
        .options(
            contains_eager(ReaderQuestion.assignment)
            .contains_eager(ReviewAssignment.application)
            .joinedload(Application.organisation)
        )
        .order_by(ReaderQuestion.not_sent_reason.is_not(None), ReaderQuestion.raised_at, ReaderQuestion.id)
    )
    return db.session.execute(query).scalars().all()


def list_sent_questions(round_: Round, *, viewer: User) -> Sequence[Clarification]:
    """What groups of the round were asked; unanswered first."""
    query = (
        sa.select(Clarification)
        .join(Clarification.application)
        .where(Application.round_id == round_.id, without_conflict(viewer.id, round_.call_id))
        .options(
            contains_eager(Clarification.application).joinedload(Application.organisation),
            selectinload(Clarification.translations),
        )
        .order_by(Clarification.answered_at.is_not(None), Clarification.created_at, Clarification.id)
    )
    return db.session.execute(query).scalars().all()


def get_reader_question(question_id: UUID) -> ReaderQuestion:
    """With its application. Raises NoResultFound, also before it was handed to the secretary."""
    query = (
        sa.select(ReaderQuestion)
        .join(ReaderQuestion.assignment)
        .where(
            ReaderQuestion.id == question_id,
            ReaderQuestion.raised_at.is_not(None),
            ReviewAssignment.voided_at.is_(None),
        )
        .options(
            contains_eager(ReaderQuestion.assignment)
            .joinedload(ReviewAssignment.application)
            .options(
                joinedload(Application.call), joinedload(Application.round), selectinload(Application.shares)
            )
        )
    )
    return db.session.execute(query).scalar_one()
