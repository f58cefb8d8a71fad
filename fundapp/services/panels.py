"""The panel of a round: who sits on it, when reading begins, when applications come to the meeting."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.definition import CallDefinition
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import PanelAct, next_status
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import Round
from fundapp.models.fund import FundRole
from fundapp.models.meeting import MeetingPresence
from fundapp.models.organisation import Organisation
from fundapp.models.panel import InterestRegister, Panel, PanelSeat, ReviewAssignment, SeatKind
from fundapp.models.panel_claim import PanelClaim
from fundapp.models.practice import PracticeSheet
from fundapp.models.training import PanelTraining
from fundapp.models.user import User
from fundapp.models.vote import Ballot
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_board import read_application
from fundapp.queries.panel_phases import check_phase, phase_of
from fundapp.queries.panels import WAITING, find_panel
from fundapp.queries.papers import list_packs_of
from fundapp.queries.readings import TO_BE_READ
from fundapp.services.answers import lock_application
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import move, record
from fundapp.services.papers import take_away
from fundapp.services.redaction import check_copies
from fundapp.services.votes import prepare_draw


class SeatsAreFull(FundError):
    """All seats of this kind are taken."""

    code = "seats_are_full"


class AlreadyOnPanel(FundError):
    """This person has a seat on the panel."""

    code = "already_on_panel"


class CannotChair(FundError):
    """A member of this kind cannot take the chair, or somebody else has it."""

    code = "cannot_chair"


class SeesTheNames(FundError):
    """Works on the fund's side of a call whose readers must not know the names."""

    code = "sees_the_names"


class SeatHasWork(NotPossibleNow):
    """What this member has done for the panel stays in the record."""

    code = "seat_has_work"


class NotReadEnough(FundError):
    """Fewer locked sheets than the call wants."""

    code = "not_read_enough"


@dataclass(frozen=True)
class NewSeat:
    email: str
    name: str
    kind: SeatKind
    capacity: int
    nominated_by: Organisation | None = None
    is_chair: bool = False
    language: str = "en"
    reads_in: tuple[str, ...] = ()  # nothing: the person's own language and the call's first one


def set_up_panel(round_: Round, *, actor: User, now: datetime) -> Panel:
    """The panel of a round, with the call's quorum; a second press gives the first one back."""
    lock_row(Round, round_.id)
    if (known := find_panel(round_)) is not None:
        return known
    definition = definition_of(current_version(round_.call))
    rules = definition.panel
    seed = secrets.token_hex(8)
    panel = Panel(call=round_.call, round=round_, quorum=rules.quorum, order_seed=seed, created_at=now)
    panel.names_are_hidden = definition.assessment.hides_names
    db.session.add(panel)
    record(panel, "set_up", actor=actor, now=now, details={"order_seed": seed})
    prepare_draw(round_, actor=actor, now=now)
    return panel


def add_seat(panel: Panel, new: NewSeat, *, actor: User, now: datetime) -> PanelSeat:
    """Give a person a seat; somebody new gets an account for their mail address.

    Raises SeatsAreFull, AlreadyOnPanel, CannotChair, SeesTheNames and NotInThisPhase.
    """
    lock_row(Round, panel.round_id)
    check_phase(panel, PanelAct.CHANGE_SEATS, now)
    definition = definition_of(current_version(panel.call))
    seats = db.session.execute(sa.select(PanelSeat).where(PanelSeat.panel_id == panel.id)).scalars().all()
    rule = definition.panel.seat(new.kind.value)
    if sum(seat.kind is new.kind for seat in seats) >= rule.number:
        raise SeatsAreFull
    if new.is_chair and (not rule.can_chair or any(seat.is_chair for seat in seats)):
        raise CannotChair
    user = _user_for(new)
    if any(seat.user_id == user.id for seat in seats):
        raise AlreadyOnPanel
    if definition.assessment.hides_names and _works_for_the_fund(user, panel):
        raise SeesTheNames
    term = term_of(definition, now.astimezone(definition.zone).date())
    seat = PanelSeat(
        panel=panel,
        user=user,
        kind=new.kind,
        nominated_by=new.nominated_by,
        is_chair=new.is_chair,
        capacity=new.capacity,
        languages=list(new.reads_in),
        term_from=term[0] if term else None,
        term_to=term[1] if term else None,
        created_at=now,
    )
    db.session.add(seat)
    record(seat, "add", actor=actor, now=now, call_id=panel.call_id, details={"kind": new.kind.value})
    note_known_conflicts(panel.call, actor=actor, now=now)
    return seat


def term_of(definition: CallDefinition, first: date) -> tuple[date, date] | None:
    """Of somebody who begins on this day; None where the call sets no term."""
    recruitment = definition.panel.recruitment
    if recruitment is None:
        return None
    years, month = divmod(first.month - 1 + recruitment.term_months, 12)
    day = min(first.day, 28)
    return first, date(first.year + years, month + 1, day)


def remove_seat(seat: PanelSeat, *, actor: User, now: datetime) -> None:
    """Take back a seat of somebody who reads nothing yet, with the packs made for it.

    Raises NotPossibleNow, and SeatHasWork where the member has taken part in anything.
    """
    lock_row(Round, seat.panel.round_id)
    check_phase(seat.panel, PanelAct.CHANGE_SEATS, now)
    given = sa.select(ReviewAssignment.id).where(ReviewAssignment.seat_id == seat.id)
    if db.session.execute(given.limit(1)).first() is not None:
        raise NotPossibleNow("this member has applications to read")
    asked = sa.select(PanelClaim.id).where(PanelClaim.seat_id == seat.id)
    if db.session.execute(asked.limit(1)).first() is not None:
        raise NotPossibleNow("this member has asked to be paid")
    if any(db.session.execute(each.limit(1)).first() is not None for each in _work_of(seat)):
        raise SeatHasWork
    record(seat, "remove", actor=actor, now=now, call_id=seat.panel.call_id)
    for pack in list_packs_of(seat):
        take_away(pack)
    db.session.flush()
    db.session.execute(sa.delete(PracticeSheet).where(PracticeSheet.seat_id == seat.id))
    db.session.execute(sa.delete(InterestRegister).where(InterestRegister.seat_id == seat.id))
    db.session.delete(seat)


def _work_of(seat: PanelSeat) -> list[sa.Select[UUID]]:
    """Finished practice and training are work; who came to a meeting or voted stands in its record."""
    return [
        sa.select(PracticeSheet.id).where(
            PracticeSheet.seat_id == seat.id, PracticeSheet.locked_at.is_not(None)
        ),
        sa.select(PanelTraining.id).where(PanelTraining.seat_id == seat.id),
        sa.select(MeetingPresence.id).where(MeetingPresence.seat_id == seat.id),
        sa.select(Ballot.id).where(Ballot.seat_id == seat.id),
    ]


def start_review(round_: Round, *, actor: User, now: datetime) -> int:
    """Every full application of the round that waits goes to its readers; gives their number.

    Members who had declared their conflicts are asked again, because there are new names. Raises
    CopiesMissing where the call hides names and one would be read with them.
    """
    lock_row(Round, round_.id)
    hides_names = definition_of(current_version(round_.call)).assessment.hides_names
    applications = _list_waiting(round_)
    if (panel := find_panel(round_)) is not None:
        check_phase(panel, PanelAct.START_REVIEW, now)
        panel.names_are_hidden = hides_names
    if hides_names:
        check_copies(applications)
    for application in applications:
        move(application, "start_review", actor=actor, now=now)
    if applications:
        note_known_conflicts(round_.call, actor=actor, now=now)
        _ask_again(round_, actor=actor, now=now)
    return len(applications)


def bring_to_panel(application: Application, *, actor: User, now: datetime) -> None:
    """From its readers to the meeting. Raises NotReadEnough and NotPossibleNow."""
    lock_application(application)
    panel = find_panel(application.round)
    if panel is None or application.status not in TO_BE_READ:
        raise NotPossibleNow("only what is being read comes to the panel")
    check_phase(panel, PanelAct.BRING, now)
    assessment = definition_of(application.call_version).assessment
    if read_application(application, panel, assessment).done < assessment.minimum_readers:
        raise NotReadEnough
    move(application, "bring_to_panel", actor=actor, now=now)


def close_panel(panel: Panel, *, actor: User, now: datetime) -> None:
    """The panel's work is over. Raises NotPossibleNow before the meeting; a second press changes nothing."""
    lock_row(Round, panel.round_id)
    db.session.refresh(panel, ["closed_at"])
    if panel.closed_at is None:
        next_status(phase_of(panel, now), "close")
        panel.closed_at = now
        record(panel, "close", actor=actor, now=now)


def _works_for_the_fund(user: User, panel: Panel) -> bool:
    role = sa.select(FundRole.id).where(FundRole.user_id == user.id, FundRole.fund_id == panel.call.fund_id)
    return db.session.execute(role.limit(1)).first() is not None


def _user_for(new: NewSeat) -> User:
    email = new.email.strip().lower()
    user = db.session.execute(sa.select(User).where(User.email == email)).scalar_one_or_none()
    if user is None:
        user = User(email=email, name=new.name.strip(), language=new.language)
        db.session.add(user)
        db.session.flush()
    return user


def _list_waiting(round_: Round) -> Sequence[Application]:
    query = (
        sa.select(Application)
        .where(
            Application.round_id == round_.id,
            Application.stage == ApplicationStage.FULL,
            Application.status.in_(WAITING),
        )
        .order_by(Application.submitted_at, Application.id)
        .with_for_update()
    )
    return db.session.execute(query).scalars().all()


def _ask_again(round_: Round, *, actor: User, now: datetime) -> None:
    query = (
        sa.select(PanelSeat)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(Panel.round_id == round_.id, PanelSeat.conflicts_declared_at.is_not(None))
        .order_by(PanelSeat.id)
    )
    for seat in db.session.execute(query).scalars().all():
        seat.conflicts_declared_at = None
        record(seat, "ask_for_conflicts", actor=actor, now=now, call_id=round_.call_id)
