"""What a group may already know of its application: nothing of a decision before everybody is told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, AwardStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.award import Award, Decision, Feedback
from fundapp.models.event import Event

DECISIONS = (ApplicationStatus.IN_PRINCIPLE, ApplicationStatus.RESERVE, ApplicationStatus.DECLINED)
ENDED_EARLY = (AwardStatus.DECLINED_BY_GRANTEE, AwardStatus.WITHDRAWN, AwardStatus.TERMINATED)
NO_BEFORE_THE_PANEL = ("find_ineligible", "decline")


@dataclass(frozen=True)
class News:
    """`reason`: the sentence to a "no" that is not the panel's. The rest comes with the panel's decision."""

    reason: str | None = None
    feedback: Feedback | None = None
    award_id: UUID | None = None
    award_ended: AwardStatus | None = None  # not taken up, taken back or ended early
    decision: Decision | None = None


def waits_for_the_day(application: Application) -> bool:
    """Decided, and the day on which everybody is told has not come."""
    return application.status in DECISIONS and application.group_told_at is None


def status_for_group(application: Application) -> ApplicationStatus:
    return ApplicationStatus.AT_PANEL if waits_for_the_day(application) else application.status


def find_news(application: Application) -> News:
    """In one question to the database."""
    if application.group_told_at is None:
        return News()
    if application.stage is ApplicationStage.EOI or application.status is ApplicationStatus.INELIGIBLE:
        query = (
            sa.select(Event.reason)
            .where(Event.subject_id == application.id, Event.step.in_(NO_BEFORE_THE_PANEL))
            .order_by(Event.number.desc())
        )
        return News(reason=db.session.execute(query).scalars().first())
    all_three = (
        sa.select(Feedback, Award.id, Award.status, Decision)
        .select_from(Application)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .outerjoin(Feedback, Feedback.application_id == Application.id)
        .outerjoin(Award, Award.application_id == Application.id)
        .where(Application.id == application.id)
    )
    feedback, award_id, award_status, decision = db.session.execute(all_three).one()
    return News(
        feedback=feedback,
        award_id=award_id,
        award_ended=award_status if award_status in ENDED_EARLY else None,
        decision=decision if application.status in DECISIONS else None,
    )
