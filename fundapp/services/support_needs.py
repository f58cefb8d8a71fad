"""In which topics a group would like help: the fund notes them, the group has the last word."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.support import SupportNeed, SupportTopic
from fundapp.models.user import User
from fundapp.queries.support_needs import find_need, list_suggested, was_sent
from fundapp.services.events import move, record


def note_topics(
    application: Application, topics: Collection[SupportTopic], *, actor: User, now: datetime
) -> SupportNeed:
    """What somebody of the fund has read in the answers. Raises NotPossibleNow where the group wants none."""
    need = _locked(application, now)
    if need.wants_none:
        raise NotPossibleNow("the group wants no help")
    need.noted = [topic.value for topic in SupportTopic if topic in topics]
    need.read_at, need.read_by_id = now, actor.id
    details = {"topics": need.noted}
    record(need, "note_topics", actor=actor, now=now, call_id=application.call_id, details=details)
    return need


def say_topics(
    application: Application,
    topics: Collection[SupportTopic],
    *,
    wants_none: bool,
    actor: User,
    now: datetime,
) -> SupportNeed:
    """The group's own word: from now on it is what counts. Whoever wants none is offered nothing any more.

    Raises NotPossibleNow before the group has applied.
    """
    need = _locked(application, now)
    need.own = [] if wants_none else [topic.value for topic in SupportTopic if topic in topics]
    need.said_at, need.wants_none = now, wants_none
    for each in list_suggested(application) if wants_none else ():
        each.answered_at, each.answered_by_id = now, actor.id
        with db.session.no_autoflush:
            move(each, "do_not_want", actor=actor, now=now)
    details = {"topics": need.own, "wants_none": wants_none}
    record(need, "say_topics", actor=actor, now=now, call_id=application.call_id, details=details)
    return need


def _locked(application: Application, now: datetime) -> SupportNeed:
    lock_row(Application, application.id)
    if not was_sent(application):
        raise NotPossibleNow("nothing was sent yet")
    need = find_need(application)
    if need is None:
        need = SupportNeed(application=application, noted=[], own=[], wants_none=False, created_at=now)
        db.session.add(need)
    return need
