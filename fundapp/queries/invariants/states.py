"""States that need something else to be there."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.lifecycles import BEING_BUILT
from fundapp.models.application import Application
from fundapp.models.call import Call, CallVersion
from fundapp.models.monitoring import Story, StoryConsent
from fundapp.models.panel import (
    ConflictOfInterest,
    ConflictResponse,
    PanelSeat,
    Review,
    ReviewAssignment,
)
from fundapp.models.story_circle import CircleStory, StoryCircle
from fundapp.queries.invariants.rule import Invariant, Rows
from fundapp.story_steps import StoryStatus


def _published_without_a_version() -> Rows:
    frozen = sa.exists().where(CallVersion.call_id == Call.id, CallVersion.frozen_at.is_not(None))
    return sa.select(Call.id).where(Call.status.not_in(BEING_BUILT), ~frozen)


def _answered_in_a_draft() -> Rows:
    return (
        sa.select(Application.id)
        .join(CallVersion, CallVersion.id == Application.call_version_id)
        .where(CallVersion.frozen_at.is_(None))
    )


def _read_by_somebody_tied() -> Rows:
    """Sheets that count of readers with more than a note about the group."""
    return (
        sa.select(Review.id)
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .join(
            ConflictOfInterest,
            sa.and_(
                ConflictOfInterest.user_id == PanelSeat.user_id,
                ConflictOfInterest.call_id == Application.call_id,
                ConflictOfInterest.organisation_id == Application.organisation_id,
            ),
        )
        .where(
            Review.locked_at.is_not(None),
            ReviewAssignment.voided_at.is_(None),
            ConflictOfInterest.response != ConflictResponse.NOTE,
        )
    )


def _consented_without_consent() -> Rows:
    standing = sa.exists().where(StoryConsent.story_id == Story.id, StoryConsent.withdrawn_at.is_(None))
    return sa.select(Story.id).where(Story.status == StoryStatus.CONSENTED, ~standing)


def _chosen_but_not_read() -> Rows:
    read = sa.exists().where(
        CircleStory.circle_id == StoryCircle.id, CircleStory.story_id == StoryCircle.story_id
    )
    return sa.select(StoryCircle.id).where(StoryCircle.story_id.is_not(None), ~read)


STATES: tuple[Invariant, ...] = (
    Invariant("published_is_frozen", "A published call has a frozen version.", _published_without_a_version),
    Invariant("answered_in_frozen", "Nobody answers a version that can still change.", _answered_in_a_draft),
    Invariant("no_tied_reader", "No sheet of a reader with a tie counts.", _read_by_somebody_tied),
    Invariant("story_has_consent", "A story that is shown has a consent.", _consented_without_consent),
    Invariant("chosen_was_read", "A circle chose a story that it has read.", _chosen_but_not_read),
)
