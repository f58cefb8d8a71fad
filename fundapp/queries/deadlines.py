"""Until when a group can send, and when it can ask for more time."""

from __future__ import annotations

from datetime import datetime, timedelta

from forms.definition import Stage
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.call import Round

ASK_FROM = timedelta(days=7)  # before the deadline


def stage_of(application: Application) -> Stage:
    return Stage(application.stage.value)


def deadline_of(round_: Round, stage: Stage) -> datetime:
    return round_.eoi_closes_at if stage is Stage.EOI else round_.full_closes_at


def grace_ends_at(round_: Round, stage: Stage) -> datetime:
    """Hours of grace run by the clock, also over a change of hour."""
    return deadline_of(round_, stage) + timedelta(minutes=round_.grace_minutes)


def last_moment_of(application: Application) -> datetime:
    """The deadline, or the end of the time this group has asked for; that moment itself is in time."""
    return application.grace_until or deadline_of(application.round, stage_of(application))


def is_late(application: Application, now: datetime) -> bool:
    return application.status is ApplicationStatus.DRAFT and now > last_moment_of(application)


def may_ask_for_grace(application: Application, now: datetime) -> bool:
    """A draft that was there before the deadline, from a week before it until the grace would be over."""
    round_, stage = application.round, stage_of(application)
    deadline = deadline_of(round_, stage)
    return (
        application.status is ApplicationStatus.DRAFT
        and application.grace_until is None
        and round_.grace_minutes > 0
        and application.created_at <= deadline
        and deadline - ASK_FROM <= now <= grace_ends_at(round_, stage)
    )
