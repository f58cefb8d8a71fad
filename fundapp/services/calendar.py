"""A person's calendar address: made, made anew, stopped."""

from __future__ import annotations

import secrets
from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.models.calendar import CalendarFeed
from fundapp.models.user import User
from fundapp.queries.own_dates import find_feed
from fundapp.services.events import record


def make_address(user: User, *, actor: User, now: datetime) -> CalendarFeed:
    """A new one; the old one stops at once."""
    lock_row(User, user.id)
    feed = find_feed(user)
    if feed is None:
        feed = CalendarFeed(user=user, created_at=now)
        db.session.add(feed)
    feed.salt = secrets.token_hex(32)
    record(feed, "make_address", actor=actor, now=now)
    return feed


def stop_address(user: User, *, actor: User, now: datetime) -> None:
    """Nobody reads anything under it any more. Twice is once."""
    lock_row(User, user.id)
    if (feed := find_feed(user)) is not None:
        record(feed, "stop_address", actor=actor, now=now)
        db.session.delete(feed)
