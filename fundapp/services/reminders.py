"""Reminders before a deadline: to people with drafts, and to readers with marks still to write."""

from __future__ import annotations

from datetime import datetime, timedelta

from fundapp.queries.deadlines import last_moment_of, stage_of
from fundapp.queries.reminders import list_drafts_ending, list_readers_behind
from fundapp.services.contact import LONDON, contact_of
from fundapp.services.messages import MessageKind, notify

DAYS_BEFORE = (7, 2, 0)  # a week before, two days before, on the last day


def remind(*, now: datetime) -> None:
    """For every draft that ends in so many days. Each person hears of each of these days once."""
    today = now.astimezone(LONDON).date()
    for application, person in list_drafts_ending(after=now, within=timedelta(days=max(DAYS_BEFORE) + 1)):
        last_day = last_moment_of(application).astimezone(LONDON).date()
        if (last_day - today).days not in DAYS_BEFORE or not contact_of(person.id).wants_reminders:
            continue
        about = (application.id, stage_of(application), last_day, today, person.id)
        notify(
            person,
            MessageKind.REMINDER,
            now=now,
            once_key=":".join(("reminder", *map(str, about))),
            application_id=str(application.id),
        )


def remind_readers(*, now: datetime) -> None:
    """For every member who has not locked everything when scoring ends in so many days, each day once."""
    today = now.astimezone(LONDON).date()
    for seat, round_ in list_readers_behind(after=now, within=timedelta(days=max(DAYS_BEFORE) + 1)):
        last_day = (round_.scoring_closes_at - timedelta(seconds=1)).astimezone(LONDON).date()
        if (last_day - today).days not in DAYS_BEFORE or not contact_of(seat.user_id).wants_reminders:
            continue
        once_key = ":".join(("reader", *map(str, (seat.id, last_day, today))))
        notify(seat.user, MessageKind.REMINDER, now=now, once_key=once_key, panel_id=str(seat.panel_id))
