"""The dates of one person for the calendar of their phone, under an address that nobody can guess.

Titles say nothing about funds or groups: others may look at the same calendar.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import activate, translate
from fundapp.clock import utcnow
from fundapp.documents.calendar import Dated, calendar_file
from fundapp.models.calendar import CalendarFeed
from fundapp.models.monitoring import CheckIn
from fundapp.models.panel import Panel
from fundapp.models.support_session import SupportSession
from fundapp.moments import LONDON
from fundapp.queries.own_dates import get_feed, list_check_ins_of, list_panels_of
from fundapp.queries.support_sessions import list_sessions_of
from fundapp.web.access import public

bp = Blueprint("calendar", __name__)


@bp.get("/calendar/<uuid:feed_id>/<feed_key>.ics")
@public("a calendar program has no sign-in: whoever was given the address reads the dates, and nothing else")
def feed(feed_id: UUID, feed_key: str) -> ResponseReturnValue:
    """In the person's language. Under an address that was stopped there is nothing."""
    found = get_feed(feed_id)
    if not hmac.compare_digest(key_of(found).encode(), feed_key.encode()) or found.user.is_disabled:
        raise NotFound
    with activate(found.user.language):
        entries = [entry for panel in list_panels_of(found.user) for entry in dates_of(panel)]
        entries += [_conversation(check_in) for check_in in list_check_ins_of(found.user)]
        entries += [_session(each) for each in list_sessions_of(found.user, since=utcnow())]
        content = calendar_file(translate("Dates"), entries)
    return Response(content, content_type="text/calendar; charset=utf-8")


def address_of(feed: CalendarFeed | None) -> str | None:
    if feed is None:
        return None
    path = url_for("calendar.feed", feed_id=feed.id, feed_key=key_of(feed))
    return f"{current_app.config['SETTINGS'].public_url.rstrip('/')}{path}"


def key_of(feed: CalendarFeed) -> str:
    """Forty characters that nobody finds without our secret."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"calendar:{feed.id}:{feed.salt}".encode(), hashlib.sha256).hexdigest()[:40]


def dates_of(panel: Panel) -> Iterator[Dated]:
    """In the active language; what begins or ends at midnight in London is a day and has no hour."""
    round_, dated = panel.round, partial(Dated, panel.id, written_at=panel.created_at)
    if panel.practice_opens_at is not None and panel.practice_closes_at is not None:
        first, last = _day(panel.practice_opens_at), _last_day(panel.practice_closes_at)
        yield dated("practice", translate("Practice"), first, last_day=last)
    closes = round_.scoring_closes_at
    yield dated("opens", translate("You can begin"), _whole(round_.scoring_opens_at))
    ends = _last_day(closes) if _is_midnight(closes) else closes
    yield dated("ends", translate("Last day for your part"), ends)
    yield dated("meeting", translate("Meeting"), _whole(round_.panel_meets_at))


def _conversation(check_in: CheckIn) -> Dated:
    return Dated(
        check_in.id, "talk", translate("Conversation"), check_in.due_on, written_at=check_in.created_at
    )


def _session(session: SupportSession) -> Dated:
    return Dated(
        session.id, "session", translate("Meeting"), session.starts_at, written_at=session.created_at
    )


def _whole(at: datetime) -> date | datetime:
    return _day(at) if _is_midnight(at) else at


def _is_midnight(at: datetime) -> bool:
    return at.astimezone(LONDON).time() == time()


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _last_day(end: datetime) -> date:
    return _day(end - timedelta(seconds=1))
