"""What somebody is to a thing: works for its fund, belongs to its group, helps, was asked, or reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import WordStatus
from fundapp.models.api_key import ApiKey
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.award import Award, CheckItem, Clawback, Exclusion, Instalment, MustMark, Ratification
from fundapp.models.award_check import AwardCondition
from fundapp.models.bank import BankAccount
from fundapp.models.call import Call, Round
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.codesign import CodesignPoint, CodesignSession
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.codesign_voice import CodesignLink
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.event import Event
from fundapp.models.file import StoredFile
from fundapp.models.form_trial import FormTrial
from fundapp.models.fund import Fund, FundRole, FundRoleKind
from fundapp.models.funder_feedback import FeedbackYear
from fundapp.models.grant_plan import Variation
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.invitation import HandOver
from fundapp.models.meeting import MeetingItem
from fundapp.models.monitoring import CheckIn, Story, StoryUse
from fundapp.models.organisation import ByAndForClaim, MemberRight, Organisation, OrganisationMember
from fundapp.models.panel import Panel, PanelSeat, ReviewAssignment, SeatKind
from fundapp.models.panel_claim import PanelClaim
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.models.scenario import Scenario
from fundapp.models.shared_themes import SharedThemes
from fundapp.models.story_circle import CircleSeat, StoryCircle
from fundapp.models.support import SupportIntroduction, SupportOffer
from fundapp.models.support_session import SupportSession
from fundapp.models.theme_code import CodedText, ThemeCode
from fundapp.models.user import User
from fundapp.models.webhook import Webhook
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
            Round()
            | Panel()
            | Application()
            | Award()
            | CodesignPoint()
            | CodesignSession()
            | CodesignLink()
            | FeedbackYear()
            | CodesignRecording()
        ):
            return subject.call.fund_id
        case FormTrial() | PaymentBatch() | ThemeCode() | SharedThemes():
            return subject.call.fund_id
        case CodedText() | HarvestedOutcome():
            return subject.call.fund_id
        case PaymentLine():
            return subject.batch.call.fund_id
        case Scenario() | Exclusion():
            return subject.round.call.fund_id
        case Instalment() | Clawback() | CheckIn() | Story() | CheckItem() | BankAccount():
            return subject.award.call.fund_id
        case AwardCondition() | Variation():
            return subject.award.call.fund_id
        case PanelClaim():
            return subject.seat.panel.call.fund_id
        case PanelSeat():
            return subject.panel.call.fund_id
        case HandOver() | MeetingItem() | MustMark():
            return subject.application.call.fund_id
        case Complaint() | StoryCircle() | SupportOffer() | SupportSession():
            return subject.call.fund_id
        case SupportIntroduction():
            return subject.application.call.fund_id
        case SafetyFlag():
            return subject.check_in.award.call.fund_id
        case OutsideRequest() | Breach():
            return subject.fund_id
        case LegalHold():
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
        case CheckIn() | Story() | BankAccount() | Variation() | HarvestedOutcome() | CodedText():
            return subject.award.organisation_id
        case StoryUse():
            return subject.story.award.organisation_id
        case SupportIntroduction():
            return subject.application.organisation_id
        case StoryCircle() if subject.story is not None:
            return subject.story.award.organisation_id
        case StoryCircle():
            raise NoResultFound
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


def owns_it(user: User, subject: object) -> bool:
    if not isinstance(subject, ApiKey | Webhook):
        raise TypeError("neither a key nor an address for events")
    return subject.user_id == user.id


def was_asked(user: User, subject: object) -> bool:
    """The person who has taken up the question to a host or to a partner."""
    if not isinstance(subject, FiscalHost | Partner):
        raise TypeError("only hosts and partners are asked")
    return subject.user_id == user.id and subject.status is not WordStatus.ENDED


def signs_for_the_host(user: User, subject: object) -> bool:
    """Whoever gave the word of a host that holds money, and whoever may send things for that organisation."""
    if not isinstance(subject, FiscalHost):
        raise TypeError("only hosts hold money")
    if subject.status is not WordStatus.CONFIRMED or subject.organisation_id is None:
        return False
    return subject.user_id == user.id or right_of(user.id, subject.organisation_id) is MemberRight.SUBMIT


def either(*rules: Rule) -> Rule:
    return lambda user, subject: any(rule(user, subject) for rule in rules)


def has_seat(user: User, subject: object) -> bool:
    if not isinstance(subject, Panel):
        raise TypeError("a seat is on a panel")
    query = sa.select(PanelSeat.id).where(PanelSeat.panel_id == subject.id, PanelSeat.user_id == user.id)
    return db.session.execute(query.limit(1)).first() is not None


def sits_in_circle(user: User, subject: object) -> bool:
    """Was invited, still belongs to the group they speak for, and has no tie with one whose story is read."""
    if not isinstance(subject, StoryCircle):
        raise TypeError("a seat is in a circle")
    query = sa.select(CircleSeat).where(CircleSeat.circle_id == subject.id, CircleSeat.user_id == user.id)
    seat = db.session.execute(query).scalar_one_or_none()
    if seat is None or (seat.organisation_id is not None and right_of(user.id, seat.organisation_id) is None):
        return False
    return not is_conflicted(user, subject)


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


def gives_opinion(user: User, subject: object) -> bool:
    """Was asked, sits for an umbrella organisation and has no tie with anybody in the application.

    Nobody gives one while names are hidden from the panel, or about a group that is kept confidential.
    """
    if not isinstance(subject, ClaimOpinion):
        raise TypeError("not an opinion about a claim")
    application = subject.application
    seats = (
        sa.select(PanelSeat)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(
            Panel.call_id == application.call_id,
            PanelSeat.user_id == user.id,
            PanelSeat.kind == SeatKind.UMBRELLA,
        )
    )
    own = db.session.execute(seats).scalars().all()
    is_open = bool(own) and not any(seat.panel.hides_names(utcnow()) for seat in own)
    is_confidential = application.keeps_confidential or subject.claim.organisation.is_confidential
    is_asked = subject.user_id == user.id and not is_confidential
    return is_asked and is_open and not is_conflicted(user, subject)


def handles_complaint(user: User, subject: object) -> bool:
    """Never whom it is about, nor whoever does that work; of an appeal, nobody with a tie and not the person
    who signed the list; of a claim, nobody who had a hand in what was found."""
    if not isinstance(subject, Complaint):
        raise TypeError("not a complaint")
    if not works_as(FundRoleKind.MANAGER, FundRoleKind.ADMIN)(user, subject) or user.id == subject.about_id:
        return False
    if subject.application is not None and _signed_the_list(user, subject.application):
        return False
    if subject.claim is not None and had_a_hand(user, subject.claim):
        return False
    kinds = {kind.value for kind in FundRoleKind} & {subject.about.value}
    return not any(works_as(FundRoleKind(kind))(user, subject) for kind in kinds)


def _signed_the_list(user: User, application: Application) -> bool:
    query = sa.select(Ratification.id).where(
        Ratification.round_id == application.round_id, Ratification.ratified_by_id == user.id
    )
    return db.session.execute(query).first() is not None


def had_a_hand(user: User, claim: ByAndForClaim) -> bool:
    """Checked or decided it once, or asked to look at it again. Who declared it belongs to the group."""
    steps = sa.select(Event.number).where(
        Event.subject_id == claim.id, Event.actor_id == user.id, Event.step != "declare"
    )
    is_in_the_record = db.session.execute(steps.limit(1)).first() is not None
    return is_in_the_record or user.id in (claim.checked_by_id, claim.again_asked_by_id)


def keeps_people_safe(user: User, subject: object) -> bool:
    """One of those named for it, without a tie; an administrator while none of them is free."""
    fund = db.session.get_one(Fund, fund_id_of(subject))
    if user.id in fund.named_for_safety:
        return not is_conflicted(user, subject)
    if not works_as(FundRoleKind.ADMIN)(user, subject):
        return False
    named = [db.session.get_one(User, each) for each in fund.named_for_safety]
    return isinstance(subject, Fund) or all(is_conflicted(each, subject) for each in named)


def keeps_data(user: User, subject: object) -> bool:
    """One of the two named for it, without a tie; an administrator while not both of them are free."""
    fund = db.session.get_one(Fund, fund_id_of(subject))
    if user.id in fund.named_for_data:
        return not is_conflicted(user, subject)
    if not works_as(FundRoleKind.ADMIN)(user, subject):
        return False
    named = [db.session.get_one(User, each) for each in fund.named_for_data]
    free = [each for each in named if not is_conflicted(each, subject)]
    return isinstance(subject, Fund) or len(free) < 2
