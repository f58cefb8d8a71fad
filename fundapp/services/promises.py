"""Promised days that pass: an apology by itself, and a new day with its reason."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.thread import MissedPromise, PromiseKind, ThreadMessage
from fundapp.models.user import User
from fundapp.queries.applications import list_members_to_tell
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.promises import (
    TIMETABLE,
    list_open_misses,
    list_overdue_messages,
    list_rounds_with_promises,
    list_waiting_for,
    promise_of,
    still_waiting,
)
from fundapp.services.contact import LONDON
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify


class DayNotAhead(FundError):
    """A new day lies after today."""

    code = "day_not_ahead"


class NewDateNeedsReason(FundError):
    """Groups read why they wait longer."""

    code = "reason_needed"


def find_missed_promises(*, now: datetime) -> None:
    """Say sorry, once for each day, to each group that still waits after it; close what was kept late."""
    for round_ in list_rounds_with_promises():
        definition = definition_of(current_version(round_.call))
        today = now.astimezone(definition.zone).date()
        for kind in TIMETABLE:
            promise = promise_of(round_, kind, definition)
            if promise is not None and promise.day < today:
                for application in list_waiting_for(round_.id, kind):
                    _say_sorry(application, kind, promise.day, now=now)
    for message in list_overdue_messages(today=now.astimezone(LONDON).date()):
        if message.answer_due_on is not None:
            _say_sorry(
                message.application, PromiseKind.REPLY, message.answer_due_on, message=message, now=now
            )
    for miss in list_open_misses():
        if not still_waiting(miss):
            miss.kept_at = now


def _say_sorry(
    application: Application,
    kind: PromiseKind,
    day: date,
    *,
    now: datetime,
    message: ThreadMessage | None = None,
) -> None:
    about = (application.id, kind.value, message.id if message else "", day)
    key = ":".join(map(str, about))
    if db.session.execute(sa.select(MissedPromise.id).where(MissedPromise.once_key == key)).first():
        return
    miss = MissedPromise(
        application=application, kind=kind, message=message, promised_on=day, once_key=key, created_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(miss)
    except sa.exc.IntegrityError:  # another worker was a moment earlier
        return
    record(miss, "miss", actor=None, now=now, call_id=application.call_id, details={"kind": kind.value})
    for member in list_members_to_tell(application):
        notify(
            member,
            MessageKind.DATE_MISSED,
            now=now,
            once_key=f"missed:{key}:{member.id}"[:160],
            application_id=str(application.id),
        )


def set_new_date(
    round_: Round, kind: PromiseKind, day: date, *, reason: str, actor: User, now: datetime
) -> None:
    """A new day for everybody who waits. They read the reason. Raises DayNotAhead and NewDateNeedsReason."""
    reason = _checked(day, reason, now)
    lock_row(Round, round_.id)
    db.session.refresh(round_)
    round_.new_dates = (round_.new_dates or {}) | {kind.value: {"day": day.isoformat(), "reason": reason}}
    details = {"kind": kind.value, "day": day.isoformat()}
    record(round_, "set_new_date", actor=actor, now=now, reason=reason, details=details)
    waiting = list_waiting_for(round_.id, kind)
    _note_new_date(kind, [each.id for each in waiting], day, reason)
    for application in waiting:
        for member in list_members_to_tell(application):
            notify(member, MessageKind.THREAD_MESSAGE, now=now, application_id=str(application.id))


def set_reply_date(message: ThreadMessage, day: date, *, reason: str, actor: User, now: datetime) -> None:
    """A new day for one answer. Raises DayNotAhead and NewDateNeedsReason."""
    reason = _checked(day, reason, now)
    lock_row(Application, message.application_id)
    message.answer_due_on, message.due_reason = day, reason
    call_id, details = message.application.call_id, {"day": day.isoformat()}
    record(message, "set_new_date", actor=actor, now=now, reason=reason, call_id=call_id, details=details)
    db.session.execute(
        sa.update(MissedPromise)
        .where(MissedPromise.message_id == message.id, MissedPromise.kept_at.is_(None))
        .values(new_date=day, new_reason=reason)
    )
    for member in list_members_to_tell(message.application):
        notify(member, MessageKind.THREAD_MESSAGE, now=now, application_id=str(message.application_id))


def _checked(day: date, reason: str, now: datetime) -> str:
    if day <= now.astimezone(LONDON).date():
        raise DayNotAhead
    if not reason.strip():
        raise NewDateNeedsReason
    return reason.strip()


def _note_new_date(kind: PromiseKind, application_ids: list[object], day: date, reason: str) -> None:
    db.session.execute(
        sa.update(MissedPromise)
        .where(
            MissedPromise.kind == kind,
            MissedPromise.application_id.in_(application_ids),
            MissedPromise.kept_at.is_(None),
        )
        .values(new_date=day, new_reason=reason)
        .execution_options(synchronize_session=False)
    )
