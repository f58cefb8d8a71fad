"""More time for whoever asks: granted at once, written down with the reason."""

from __future__ import annotations

from datetime import datetime

from fundapp.errors import NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.user import User
from fundapp.queries.deadlines import grace_ends_at, may_ask_for_grace, stage_of
from fundapp.services.answers import lock_application
from fundapp.services.events import record


def ask_for_grace(application: Application, *, reason: str, actor: User, now: datetime) -> None:
    """Nobody has to agree. An empty reason is an answer too; asking again changes nothing.

    `now` is when the request came in. Raises NotPossibleNow.
    """
    lock_application(application)
    if application.grace_until is not None:
        return
    if not may_ask_for_grace(application, now):
        raise NotPossibleNow("more time is for drafts, around their deadline")
    stage = stage_of(application)
    application.grace_until = grace_ends_at(application.round, stage)
    details = {"stage": stage.value, "until": application.grace_until.isoformat()}
    record(application, "ask_for_grace", actor=actor, now=now, reason=reason.strip() or None, details=details)
