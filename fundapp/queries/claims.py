"""Claims to be led by and for a community: for their group, and what umbrella organisations say of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from forms.definition import Question
from fundapp.claim_steps import OpinionStatus
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, Application
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.event import Event
from fundapp.models.organisation import ByAndForClaim, Organisation
from fundapp.models.panel import InterestRegister, Panel, PanelSeat, SeatKind
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.ties import application_without_conflict


def list_own_claims(application: Application) -> Sequence[ByAndForClaim]:
    """Of the group that applies; what was found about its partners is theirs."""
    query = sa.select(ByAndForClaim).where(
        ByAndForClaim.call_id == application.call_id,
        ByAndForClaim.organisation_id == application.organisation_id,
    )
    return db.session.execute(query.order_by(ByAndForClaim.community)).scalars().all()


def list_applications_with(claim: ByAndForClaim) -> Sequence[Application]:
    """Those of the claim's own group in this call, as far as it sent them."""
    query = sa.select(Application).where(
        Application.call_id == claim.call_id,
        Application.organisation_id == claim.organisation_id,
        Application.status != ApplicationStatus.DRAFT,
    )
    return db.session.execute(query.order_by(Application.created_at, Application.id)).scalars().all()


def find_last_words(claim: ByAndForClaim) -> str | None:
    """What was written with the last thing that happened to it."""
    query = sa.select(Event.reason).where(Event.subject_id == claim.id).order_by(Event.number.desc()).limit(1)
    return db.session.execute(query).scalar()


def list_askable(claim: ByAndForClaim, application: Application, *, now: datetime) -> Sequence[PanelSeat]:
    """Who sits for an umbrella organisation, wrote down their ties, and has none with this application.

    Nobody about a group that is kept confidential, nor before the panel meets in a call that hides names.
    """
    hides_names = definition_for(application).assessment.hides_names
    is_confidential = application.keeps_confidential or claim.organisation.is_confidential
    if is_confidential or (hides_names and now < application.round.panel_meets_at):
        return ()
    query = (
        sa.select(PanelSeat)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(Application, Application.call_id == Panel.call_id)
        .join(User, User.id == PanelSeat.user_id)
        .where(
            Application.id == application.id,
            PanelSeat.kind == SeatKind.UMBRELLA,
            PanelSeat.id.in_(sa.select(InterestRegister.seat_id)),
            User.is_disabled.is_(False),
            application_without_conflict(PanelSeat.user_id),
        )
        .options(joinedload(PanelSeat.user), joinedload(PanelSeat.nominated_by))
        .order_by(User.name, User.email, PanelSeat.id)
    )
    by_person = {seat.user_id: seat for seat in db.session.execute(query).scalars()}
    return list(by_person.values())


def list_opinions(claim_ids: Sequence[UUID]) -> Sequence[ClaimOpinion]:
    """Newest first."""
    query = (
        sa.select(ClaimOpinion)
        .where(ClaimOpinion.claim_id.in_(claim_ids))
        .options(joinedload(ClaimOpinion.user))
        .order_by(ClaimOpinion.created_at.desc(), ClaimOpinion.id)
    )
    return db.session.execute(query).scalars().all()


def get_opinion(opinion_id: UUID) -> ClaimOpinion:
    """Raises NoResultFound."""
    query = (
        sa.select(ClaimOpinion)
        .where(ClaimOpinion.id == opinion_id)
        .options(
            joinedload(ClaimOpinion.claim).joinedload(ByAndForClaim.organisation),
            joinedload(ClaimOpinion.application).joinedload(Application.organisation),
        )
    )
    return db.session.execute(query).scalar_one()


def list_opinions_asked_of(user: User) -> Sequence[ClaimOpinion]:
    """Those that still wait, without a group this person has a tie with."""
    query = (
        sa.select(ClaimOpinion)
        .join(Application, Application.id == ClaimOpinion.application_id)
        .join(ByAndForClaim, ByAndForClaim.id == ClaimOpinion.claim_id)
        .where(
            ClaimOpinion.user_id == user.id,
            ClaimOpinion.status == OpinionStatus.ASKED,
            Application.is_confidential.is_(False),
            ~sa.select(Organisation.id)
            .where(
                Organisation.id.in_((Application.organisation_id, ByAndForClaim.organisation_id)),
                Organisation.is_confidential.is_(True),
            )
            .correlate(Application, ByAndForClaim)
            .exists(),
            application_without_conflict(user.id),
        )
        .order_by(ClaimOpinion.answer_by, ClaimOpinion.id)
    )
    return db.session.execute(query).scalars().all()


def answers_to_show(application: Application) -> Sequence[tuple[Question, Answer]]:
    """What may be shown with a question about a claim: answers in words, none about safety."""
    given = {answer.question_key: answer for answer in application.answers if answer.value}
    return [
        (question, given[question.key])
        for section in definition_for(application).form.sections
        for question in section.questions
        if not section.about_safety and question.is_in_words and question.key in given
    ]
