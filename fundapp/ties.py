"""Ties between people and groups, as part of queries: what they close, for members and for staff alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, PartnerShare
from fundapp.models.award import (
    Award,
    CheckItem,
    Clawback,
    Exclusion,
    Instalment,
    MustMark,
    Ratification,
)
from fundapp.models.award_check import AwardCondition
from fundapp.models.bank import BankAccount
from fundapp.models.call import Call, Round
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.grant_plan import Variation
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.invitation import HandOver
from fundapp.models.meeting import MeetingItem
from fundapp.models.monitoring import CheckIn, Story
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.panel import ConflictOfInterest, ConflictResponse, PanelSeat, ReviewAssignment
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.models.scenario import Scenario
from fundapp.models.story_circle import StoryCircle
from fundapp.models.support import SupportIntroduction
from fundapp.models.theme_code import CodedText
from fundapp.models.user import User


def organisations_of(subject: object) -> tuple[UUID, set[UUID]] | None:
    """The call and the organisations a decision about this thing would touch; None: no single group."""
    match subject:
        case Application():
            return subject.call_id, {subject.organisation_id} | {s.organisation_id for s in subject.shares}
        case Award():
            return subject.call_id, {subject.organisation_id} | {s.organisation_id for s in subject.shares}
        case Instalment() | Clawback() | CheckIn() | Story() | CheckItem() | BankAccount():
            return organisations_of(subject.award)
        case AwardCondition() | Variation():
            return organisations_of(subject.award)
        case CodedText() | HarvestedOutcome():
            return organisations_of(subject.award)
        case ReviewAssignment() | ClaimOpinion() | HandOver() | MeetingItem() | MustMark():
            return organisations_of(subject.application)
        case SupportIntroduction() if subject.peer is not None:
            both = (organisations_of(subject.application), organisations_of(subject.peer.application))
            touched = (one[1] for one in both if one is not None)
            return subject.application.call_id, set[UUID]().union(*touched)
        case SupportIntroduction():
            return organisations_of(subject.application)
        case SafetyFlag():
            return organisations_of(subject.check_in)
        case Complaint() | OutsideRequest() | Breach() | LegalHold() if subject.application is not None:
            return organisations_of(subject.application)
        case ByAndForClaim():
            return subject.call_id, {subject.organisation_id}
        case PaymentLine():
            return organisations_of(subject.batch)
        case PaymentBatch():
            lines = (organisations_of(line.instalment) for line in subject.lines)
            groups = (one[1] for one in lines if one is not None)
            return subject.call_id, set[UUID]().union(*groups)
        case StoryCircle():
            read = (organisations_of(each.story) for each in subject.stories)
            return subject.call_id, set[UUID]().union(*(one[1] for one in read if one is not None))
        case Exclusion():
            both = (organisations_of(subject.application), organisations_of(subject.other))
            touched = (one[1] for one in both if one is not None)
            return subject.application.call_id, set[UUID]().union(*touched)
    return None


def people_tied(call_id: UUID, applications: Collection[Application]) -> Mapping[UUID, frozenset[UUID]]:
    """By application, who must not see it and leaves the room for it: anybody with more than a note.

    One query where the shares are loaded.
    """
    ties = db.session.execute(
        sa.select(ConflictOfInterest.organisation_id, ConflictOfInterest.user_id).where(
            ConflictOfInterest.call_id == call_id, ConflictOfInterest.response != ConflictResponse.NOTE
        )
    )
    by_group: dict[UUID, set[UUID]] = defaultdict(set)
    for organisation_id, user_id in ties:
        by_group[organisation_id].add(user_id)
    return {
        application.id: frozenset().union(
            by_group[application.organisation_id],
            *(by_group[share.organisation_id] for share in application.shares),
        )
        for application in applications
    }


def conflicted_organisations(user_id: UUID, call_id: UUID) -> sa.Select[UUID]:
    """Organisations whose papers this person must not see in this call (anything above a note)."""
    return sa.select(ConflictOfInterest.organisation_id).where(
        ConflictOfInterest.user_id == user_id,
        ConflictOfInterest.call_id == call_id,
        ConflictOfInterest.response != ConflictResponse.NOTE,
    )


def application_without_conflict(user_id: UUID | InstrumentedAttribute[UUID]) -> sa.ColumnElement[bool]:
    """For queries over Application: leaves out what this person has a conflict with, partners included.

    Or what the person of each seat has one with, where the query joins PanelSeat.
    """
    touches = sa.or_(
        ConflictOfInterest.organisation_id == Application.organisation_id,
        ConflictOfInterest.organisation_id.in_(
            sa.select(PartnerShare.organisation_id).where(PartnerShare.application_id == Application.id)
        ),
    )
    conflict = sa.select(ConflictOfInterest.id).where(
        ConflictOfInterest.user_id == user_id,
        ConflictOfInterest.call_id == Application.call_id,
        ConflictOfInterest.response != ConflictResponse.NOTE,
        touches,
    )
    return ~conflict.correlate(Application, PanelSeat).exists()


def is_conflicted(user: User, subject: object) -> bool:
    touched = organisations_of(subject)
    if touched is None:
        return False
    call_id, organisations = touched
    query = conflicted_organisations(user.id, call_id).where(
        ConflictOfInterest.organisation_id.in_(organisations)
    )
    return db.session.execute(query.limit(1)).first() is not None


def has_tie_on_the_list(user: User, subject: object) -> bool:
    """With any group of a round whose list is not public yet."""
    match subject:
        case Round():
            rounds = Application.round_id == subject.id
        case Application() | Scenario() | Exclusion():
            rounds = Application.round_id == subject.round_id
        case PanelSeat():
            rounds = Application.round_id == subject.panel.round_id
        case MustMark():
            rounds = Application.round_id == subject.application.round_id
        case Call():
            rounds = Application.call_id == subject.id
        case _:
            raise TypeError(f"no list known for {type(subject).__name__}")
    is_public = sa.select(Ratification.id).where(
        Ratification.round_id == Application.round_id, Ratification.released_at.is_not(None)
    )
    query = sa.select(Application.id).where(
        rounds,
        Application.status != ApplicationStatus.DRAFT,
        ~application_without_conflict(user.id),
        ~is_public.correlate(Application).exists(),
    )
    return db.session.execute(query.limit(1)).first() is not None
