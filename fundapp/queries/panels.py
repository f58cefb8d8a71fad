"""Panels as members and the fund see them: seats, who reads what, and which rules are not kept yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from fundapp.call_file.assessment import Assessment
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, ApplicationStage, Clarification, PartnerShare
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.organisation import Organisation
from fundapp.models.panel import (
    ConflictOfInterest,
    ConflictResponse,
    InterestRegister,
    Panel,
    PanelSeat,
    ReaderQuestion,
    Review,
    ReviewAssignment,
)
from fundapp.models.user import User
from fundapp.queries.readings import TO_BE_READ, without_conflict

ON_THE_TABLE = (*TO_BE_READ, ApplicationStatus.AT_PANEL)
WAITING = (ApplicationStatus.SUBMITTED, ApplicationStatus.ELIGIBLE)


class ReadingState(StrEnum):
    NOT_STARTED = "not_started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True)
class Reader:
    """One assignment as the fund sees it: how far, never what."""

    assignment: ReviewAssignment
    seat: PanelSeat
    state: ReadingState
    has_concern: bool


@dataclass(frozen=True)
class ReadApplication:
    application: Application
    readers: tuple[Reader, ...]
    missing_kinds: tuple[str, ...]  # kinds of seat of which one reader is wanted
    missing_readers: int

    @property
    def done(self) -> int:
        return sum(reader.state is ReadingState.DONE for reader in self.readers)

    @property
    def keeps_the_rules(self) -> bool:
        return not self.missing_kinds and not self.missing_readers

    def is_ready(self, assessment: Assessment) -> bool:
        """Read enough to be talked about; a question to the group may still be open."""
        return self.application.status in TO_BE_READ and self.done >= assessment.minimum_readers

    @property
    def has_concern(self) -> bool:
        return any(reader.has_concern for reader in self.readers)


@dataclass(frozen=True)
class SeatLine:
    seat: PanelSeat
    given: int = 0
    done: int = 0


@dataclass(frozen=True)
class PanelBoard:
    """Everything about the reading of one round, without what its reader may not see."""

    applications: tuple[ReadApplication, ...] = ()
    seats: tuple[SeatLine, ...] = ()
    waiting: tuple[Application, ...] = field(default=())  # sent in full, not being read yet

    @property
    def given(self) -> int:
        return sum(len(each.readers) for each in self.applications)

    @property
    def done(self) -> int:
        return sum(each.done for each in self.applications)


_CALL = joinedload(Panel.call).options(
    joinedload(Call.fund), selectinload(Call.versions).options(defer(CallVersion.content))
)


def get_panel(panel_id: UUID) -> Panel:
    """With its round and call. Raises NoResultFound."""
    query = sa.select(Panel).where(Panel.id == panel_id).options(joinedload(Panel.round), _CALL)
    return db.session.execute(query).scalar_one()


def find_panel(round_: Round) -> Panel | None:
    """With its seats and the people on them."""
    seats = selectinload(Panel.seats).options(joinedload(PanelSeat.user), joinedload(PanelSeat.nominated_by))
    query = sa.select(Panel).where(Panel.round_id == round_.id).options(joinedload(Panel.round), seats)
    return db.session.execute(query).scalar_one_or_none()


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
    leads = sa.select(Application.organisation_id).where(Application.id.in_(read))
    partners = sa.select(PartnerShare.organisation_id).where(PartnerShare.application_id.in_(read))
    query = (
        sa.select(Organisation)
        .where(sa.or_(Organisation.id.in_(leads), Organisation.id.in_(partners)))
        .order_by(sa.func.lower(Organisation.name), Organisation.id)
    )
    return db.session.execute(query).scalars().all()


def list_conflicts_of(user: User, panel: Panel) -> Sequence[ConflictOfInterest]:
    """A member's own ties in this call, by name."""
    query = (
        sa.select(ConflictOfInterest)
        .join(ConflictOfInterest.organisation)
        .where(ConflictOfInterest.user_id == user.id, ConflictOfInterest.call_id == panel.call_id)
        .options(contains_eager(ConflictOfInterest.organisation))
        .order_by(sa.func.lower(Organisation.name), Organisation.id)
    )
    return db.session.execute(query).scalars().all()


def list_umbrellas() -> Sequence[Organisation]:
    """Organisations that may name members."""
    query = sa.select(Organisation).where(Organisation.is_umbrella.is_(True))
    return (
        db.session.execute(query.order_by(sa.func.lower(Organisation.name), Organisation.id)).scalars().all()
    )


def missing_kinds(kinds: Iterable[str], assessment: Assessment) -> tuple[str, ...]:
    """The kinds of seat from which the call wants one reader and has none."""
    have, missing = Counter(kinds), []
    for kind in assessment.readers_from:
        if have[kind]:
            have[kind] -= 1
        else:
            missing.append(kind)
    return tuple(missing)


def board_of(round_: Round, panel: Panel | None, assessment: Assessment, *, viewer: User) -> PanelBoard:
    """Six queries at most, whatever the number of applications and readers."""
    applications = _list_applications(round_, viewer)
    readers = _readers_by_application(panel) if panel else {}
    shown = [each for each in applications if each.status in ON_THE_TABLE]
    lines = tuple(_read_application(each, readers.get(each.id, ()), assessment) for each in shown)
    return PanelBoard(
        applications=lines,
        seats=_seat_lines(panel, [reader for found in readers.values() for reader in found]) if panel else (),
        waiting=tuple(each for each in applications if each.status in WAITING),
    )


def read_application(application: Application, panel: Panel, assessment: Assessment) -> ReadApplication:
    """One line of the board."""
    readers = _readers_by_application(panel, application)
    return _read_application(application, readers.get(application.id, ()), assessment)


def seat_loads(panel: Panel) -> tuple[SeatLine, ...]:
    readers = _readers_by_application(panel)
    return _seat_lines(panel, [reader for found in readers.values() for reader in found])


def list_conflicted_users(application: Application) -> set[UUID]:
    """Who must not see this application."""
    organisations = [application.organisation_id, *(share.organisation_id for share in application.shares)]
    query = sa.select(ConflictOfInterest.user_id).where(
        ConflictOfInterest.call_id == application.call_id,
        ConflictOfInterest.organisation_id.in_(organisations),
        ConflictOfInterest.response != ConflictResponse.NOTE,
    )
    return set(db.session.execute(query).scalars())


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
        .options(contains_eager(Clarification.application).joinedload(Application.organisation))
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


def _list_applications(round_: Round, viewer: User) -> Sequence[Application]:
    query = (
        sa.select(Application)
        .join(Application.organisation)
        .where(
            Application.round_id == round_.id,
            Application.stage == ApplicationStage.FULL,
            Application.status.in_((*ON_THE_TABLE, *WAITING)),
            without_conflict(viewer.id, round_.call_id),
        )
        .options(contains_eager(Application.organisation))
        .order_by(sa.func.lower(Organisation.name), Application.id)
    )
    return db.session.execute(query).scalars().all()


def _readers_by_application(
    panel: Panel, application: Application | None = None
) -> dict[UUID, tuple[Reader, ...]]:
    """Assignments of this panel that count, in the order in which they were given."""
    query = (
        sa.select(ReviewAssignment, Review.locked_at, Review.has_concern, Review.id)
        .join(ReviewAssignment.seat)
        .join(ReviewAssignment.application)
        .outerjoin(Review, Review.assignment_id == ReviewAssignment.id)
        .where(
            PanelSeat.panel_id == panel.id,
            ReviewAssignment.voided_at.is_(None),
            Application.status.in_(ON_THE_TABLE),
        )
        .options(contains_eager(ReviewAssignment.seat).joinedload(PanelSeat.user))
        .order_by(PanelSeat.created_at, ReviewAssignment.id)
    )
    if application is not None:
        query = query.where(Application.id == application.id)
    found: dict[UUID, list[Reader]] = defaultdict(list)
    for assignment, locked_at, has_concern, review_id in db.session.execute(query):
        state = ReadingState.STARTED if review_id else ReadingState.NOT_STARTED
        state = ReadingState.DONE if locked_at else state
        found[assignment.application_id].append(Reader(assignment, assignment.seat, state, bool(has_concern)))
    return {key: tuple(readers) for key, readers in found.items()}


def _read_application(
    application: Application, readers: Sequence[Reader], assessment: Assessment
) -> ReadApplication:
    return ReadApplication(
        application=application,
        readers=tuple(readers),
        missing_kinds=missing_kinds((reader.seat.kind.value for reader in readers), assessment),
        missing_readers=max(0, assessment.minimum_readers - len(readers)),
    )


def _seat_lines(panel: Panel, readers: Iterable[Reader]) -> tuple[SeatLine, ...]:
    given: Counter[UUID] = Counter()
    done: Counter[UUID] = Counter()
    for reader in readers:
        given[reader.seat.id] += 1
        done[reader.seat.id] += reader.state is ReadingState.DONE
    return tuple(SeatLine(seat, given[seat.id], done[seat.id]) for seat in panel.seats)
