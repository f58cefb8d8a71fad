"""The board of a round's reading: who reads what, how far, and which rules are not kept yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from fundapp.call_file.assessment import Assessment
from fundapp.db import db
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import Round
from fundapp.models.organisation import Organisation
from fundapp.models.panel import Panel, PanelSeat, Review, ReviewAssignment
from fundapp.models.user import User
from fundapp.queries.panels import ON_THE_TABLE, WAITING
from fundapp.queries.readings import READABLE, TO_BE_READ, without_conflict


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
    concern: str = ""
    was_unlocked: bool = False


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
    """Two queries, whatever the number of applications and readers."""
    applications = _list_applications(round_, viewer)
    readers = _readers_by_application(panel, viewer=viewer) if panel else {}
    shown = [each for each in applications if each.status in ON_THE_TABLE]
    lines = tuple(_read_application(each, readers.get(each.id, ()), assessment) for each in shown)
    return PanelBoard(
        applications=lines,
        seats=_all_seat_lines(panel, readers) if panel else (),
        waiting=tuple(each for each in applications if each.status in WAITING),
    )


def read_application(application: Application, panel: Panel, assessment: Assessment) -> ReadApplication:
    """One line of the board."""
    readers = _readers_by_application(panel, application)
    return _read_application(application, readers.get(application.id, ()), assessment)


def readers_of(
    application: Application, panel: Panel, assessment: Assessment, *, viewer: User
) -> tuple[ReadApplication, tuple[SeatLine, ...]]:
    """One application's line, and how much every member reads of what the viewer may know of."""
    readers = _readers_by_application(panel, viewer=viewer)
    line = _read_application(application, readers.get(application.id, ()), assessment)
    return line, _all_seat_lines(panel, readers)


def count_read_by(seat: PanelSeat) -> int:
    """How much this member reads, also of what nobody else may know of. For rules, not for pages."""
    return len(
        [1 for found in _readers_by_application(seat.panel).values() for one in found if one.seat is seat]
    )


def list_read_applications(round_: Round, *, viewer: User) -> Sequence[Application]:
    """What is or was read in this round and the viewer may know of, by name."""
    query = (
        sa.select(Application)
        .join(Application.organisation)
        .where(
            Application.round_id == round_.id,
            Application.status.in_(READABLE),
            without_conflict(viewer.id, round_.call_id),
        )
        .options(contains_eager(Application.organisation))
        .order_by(sa.func.lower(Organisation.name), Application.id)
    )
    return db.session.execute(query).scalars().all()


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
    panel: Panel, application: Application | None = None, *, viewer: User | None = None
) -> dict[UUID, tuple[Reader, ...]]:
    """Assignments of this panel that count, in the order in which they were given."""
    query = (
        sa.select(ReviewAssignment, Review)
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
    if viewer is not None:
        query = query.where(without_conflict(viewer.id, panel.call_id))
    found: dict[UUID, list[Reader]] = defaultdict(list)
    for assignment, review in db.session.execute(query):
        found[assignment.application_id].append(_reader(assignment, review))
    return {key: tuple(readers) for key, readers in found.items()}


def _reader(assignment: ReviewAssignment, review: Review | None) -> Reader:
    if review is None:
        return Reader(assignment, assignment.seat, ReadingState.NOT_STARTED, has_concern=False)
    return Reader(
        assignment,
        assignment.seat,
        ReadingState.DONE if review.locked_at else ReadingState.STARTED,
        has_concern=review.has_concern,
        concern=review.concern if review.has_concern else "",
        was_unlocked=review.unlocked_at is not None,
    )


def _read_application(
    application: Application, readers: Sequence[Reader], assessment: Assessment
) -> ReadApplication:
    return ReadApplication(
        application=application,
        readers=tuple(readers),
        missing_kinds=missing_kinds((reader.seat.kind.value for reader in readers), assessment),
        missing_readers=max(0, assessment.minimum_readers - len(readers)),
    )


def _all_seat_lines(panel: Panel, readers: Mapping[UUID, Sequence[Reader]]) -> tuple[SeatLine, ...]:
    given: Counter[UUID] = Counter()
    done: Counter[UUID] = Counter()
    for reader in (each for found in readers.values() for each in found):
        given[reader.seat.id] += 1
        done[reader.seat.id] += reader.state is ReadingState.DONE
    return tuple(SeatLine(seat, given[seat.id], done[seat.id]) for seat in panel.seats)
