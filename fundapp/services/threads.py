"""Messages between a group and the fund: either side starts, each page is one message, all stay."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.thread import ThreadMessage
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.queries.threads import (
    belongs_to_group,
    find_sent,
    list_helpers_to_tell,
    list_managers_to_tell,
    list_unanswered,
)
from fundapp.services.answers import lock_application
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind, notify
from fundapp.working_days import working_days_later


def write_to_fund(
    application: Application, text: str, *, once: str, actor: User, now: datetime
) -> ThreadMessage:
    """From the group or its helper. The fund promises its answer by a day. Raises TextNeeded."""
    lock_application(application)
    if (known := find_sent(application, once)) is not None:
        return known
    definition = definition_for(application)
    today = now.astimezone(definition.zone).date()
    message = _add(
        ThreadMessage(
            application=application,
            from_fund=False,
            by_helper=not belongs_to_group(actor, application),
            author_id=actor.id,
            text=_text(text),
            once=once,
            answer_due_on=working_days_later(today, definition.monitoring.reply_days),
            created_at=now,
        ),
        actor=actor,
        now=now,
    )
    for manager in list_managers_to_tell(application):
        notify(manager, MessageKind.THREAD_MESSAGE, now=now, call_id=str(application.call_id))
    return message


def write_to_group(
    application: Application, text: str, *, once: str, actor: User, now: datetime
) -> ThreadMessage:
    """From the fund; it answers everything the group has written so far. Raises TextNeeded."""
    lock_application(application)
    if (known := find_sent(application, once)) is not None:
        return known
    message = _add(
        ThreadMessage(
            application=application,
            from_fund=True,
            author_id=actor.id,
            text=_text(text),
            once=once,
            created_at=now,
        ),
        actor=actor,
        now=now,
    )
    _settle(application, now)
    about = {"application_id": str(application.id)}
    tell_group(application, MessageKind.THREAD_MESSAGE, now=now, **about)
    for helper in list_helpers_to_tell(application, now=now):
        notify(helper, MessageKind.THREAD_MESSAGE, now=now, **about)
    return message


def settle_thread(application: Application, *, actor: User, now: datetime) -> None:
    """What the group wrote needs no answer, such as a thank you."""
    lock_application(application)
    if _settle(application, now):
        record(application, "settle_thread", actor=actor, now=now)


def _settle(application: Application, now: datetime) -> int:
    waiting = list_unanswered(application)
    for each in waiting:
        each.settled_at = now
    return len(waiting)


def _text(text: str) -> str:
    if not text.strip():
        raise TextNeeded
    return text.strip()


def _add(message: ThreadMessage, *, actor: User, now: datetime) -> ThreadMessage:
    db.session.add(message)
    record(message, "write", actor=actor, now=now, call_id=message.application.call_id)
    return message
