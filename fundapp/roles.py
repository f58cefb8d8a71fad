"""What somebody is to a thing: works for its fund, belongs to its group, helps, was asked, or reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.award import Award, CheckItem, Clawback, Exclusion, Instalment, MustMark
from fundapp.models.call import Call, Round
from fundapp.models.codesign import CodesignPoint, CodesignSession
from fundapp.models.codesign_voice import CodesignLink
from fundapp.models.file import StoredFile
from fundapp.models.fund import Fund, FundRole, FundRoleKind
from fundapp.models.invitation import HandOver
from fundapp.models.meeting import MeetingItem
from fundapp.models.monitoring import CheckIn, Story
from fundapp.models.organisation import ByAndForClaim, MemberRight, Organisation, OrganisationMember
from fundapp.models.panel import Panel, PanelSeat, ReviewAssignment
from fundapp.models.panel_claim import PanelClaim
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.scenario import Scenario
from fundapp.models.user import User
from fundapp.ties import has_tie_on_the_list, is_conflicted

Rule = Callable[[User, object], bool]
_RIGHTS = "rights of members"  # where a session remembers them


def anybody(_user: User, _subject: object) -> bool:
    return True


def fund_id_of(subject: object) -> UUID:
    """The fund a thing belongs to."""
    match subject:
        case Fund():
            return subject.id
        case Call():
            return subject.fund_id
        case (
            Round() | Panel() | Application() | Award() | CodesignPoint() | CodesignSession() | CodesignLink()
        ):
            return subject.call.fund_id
        case Scenario() | Exclusion():
            return subject.round.call.fund_id
        case Instalment() | Clawback() | CheckIn() | Story() | CheckItem():
            return subject.award.call.fund_id
        case PanelClaim():
            return subject.seat.panel.call.fund_id
        case PanelSeat():
            return subject.panel.call.fund_id
        case HandOver() | MeetingItem() | MustMark():
            return subject.application.call.fund_id
        case ByAndForClaim():
            return db.session.execute(sa.select(Call.fund_id).where(Call.id == subject.call_id)).scalar_one()
    raise TypeError(f"no fund known for {type(subject).__name__}")


def works_as(*kinds: FundRoleKind) -> Rule:
    """Works for the fund of the thing in one of these roles, and has no conflict that keeps them out."""

    def rule(user: User, subject: object) -> bool:
        role = sa.select(FundRole.id).where(
            FundRole.user_id == user.id,
            FundRole.fund_id == fund_id_of(subject),
            FundRole.kind.in_(kinds),
        )
        if db.session.execute(role.limit(1)).first() is None:
            return False
        return not is_conflicted(user, subject)

    return rule


def without_tie_on_the_list(*kinds: FundRoleKind) -> Rule:
    """Like `works_as`; and until everybody is told, no tie with any group of the round.

    Places, proposals and sums of a list say something about each group on it. So whoever has a tie with one
    of them leaves the whole list to others.
    """
    works = works_as(*kinds)
    return lambda user, subject: works(user, subject) and not has_tie_on_the_list(user, subject)


def _organisation_id(subject: object) -> UUID:
    match subject:
        case Organisation():
            return subject.id
        case Application() | Award():
            return subject.organisation_id
        case StoredFile() if subject.organisation_id is not None:
            return subject.organisation_id
        case CheckIn() | Story():
            return subject.award.organisation_id
    raise TypeError(f"no organisation known for {type(subject).__name__}")


@sa.event.listens_for(Session, "after_flush")
def _forget_rights(session: Session, _context: object) -> None:
    session.info.pop(_RIGHTS, None)


def belongs_with(*rights: MemberRight) -> Rule:
    """A member of the group that owns the thing, with one of these rights."""

    def rule(user: User, subject: object) -> bool:
        return right_of(user.id, _organisation_id(subject)) in rights

    return rule


def right_of(user_id: UUID, organisation_id: UUID) -> MemberRight | None:
    """Asked once for each page, and again after a change."""
    known: dict[tuple[UUID, UUID], MemberRight | None] = db.session.info.setdefault(_RIGHTS, {})
    key = (user_id, organisation_id)
    if key not in known:
        query = sa.select(OrganisationMember.right).where(
            OrganisationMember.user_id == user_id, OrganisationMember.organisation_id == organisation_id
        )
        known[key] = db.session.execute(query).scalar_one_or_none()
    return known[key]


def helps_now(user: User, subject: object) -> bool:
    """A helper of this application whose time has not run out."""
    now: datetime = utcnow()
    query = sa.select(ApplicationHelper.id).where(
        ApplicationHelper.user_id == user.id,
        ApplicationHelper.application_id == getattr(subject, "id", None),
        ApplicationHelper.expires_at > now,
        ApplicationHelper.ended_at.is_(None),
    )
    return db.session.execute(query.limit(1)).first() is not None


def was_asked(user: User, subject: object) -> bool:
    """The person who has taken up the question to a host or to a partner."""
    if not isinstance(subject, FiscalHost | Partner):
        raise TypeError("only hosts and partners are asked")
    return subject.user_id == user.id and subject.status is not WordStatus.ENDED


def either(*rules: Rule) -> Rule:
    return lambda user, subject: any(rule(user, subject) for rule in rules)


def has_seat(user: User, subject: object) -> bool:
    if not isinstance(subject, Panel):
        raise TypeError("a seat is on a panel")
    query = sa.select(PanelSeat.id).where(PanelSeat.panel_id == subject.id, PanelSeat.user_id == user.id)
    return db.session.execute(query.limit(1)).first() is not None


def asks_for_it(user: User, subject: object) -> bool:
    if not isinstance(subject, PanelClaim):
        raise TypeError("not a claim of a panel member")
    return subject.seat.user_id == user.id


def reads_without_conflict(user: User, subject: object) -> bool:
    """Own assignment, conflicts declared first, none with anybody in the application."""
    if not isinstance(subject, ReviewAssignment):
        raise TypeError("reading is by assignment")
    seat = subject.seat
    return (
        seat.user_id == user.id
        and subject.voided_at is None
        and seat.conflicts_declared_at is not None
        and not is_conflicted(user, subject)
    )
