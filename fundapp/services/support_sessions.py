"""Sessions of help: planned by the fund, open to every group that knows its decision; who comes says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow, check_seen
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.support import SupportTopic
from fundapp.models.support_session import SupportPlace, SupportSession
from fundapp.models.user import User
from fundapp.moments import LONDON
from fundapp.queries.support_needs import is_told
from fundapp.queries.support_sessions import (
    ACTIVE,
    find_place,
    list_active,
    list_places,
    list_places_to_remind,
    list_waiting,
    people_coming,
)
from fundapp.services.contact import contact_of
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify
from fundapp.support_steps import PlaceStatus, SessionStatus


class NotEnoughPlaces(FundError):
    """More people than the session has places, or than are left for a group that has places already."""

    code = "not_enough_places"


class SessionInThePast(FundError):
    """A session is planned for a day to come."""

    code = "session_in_the_past"


@dataclass(frozen=True)
class SessionWords:
    title: str
    topic: SupportTopic
    starts_at: datetime
    is_online: bool
    place: str
    languages: Collection[str]
    has_interpreters: bool
    has_child_care: bool
    costs: str
    places: int


def plan_session(
    call: Call, words: SessionWords, *, actor: User, now: datetime, once: str | None = None
) -> SupportSession:
    """The same words with the same `once` are one session. Raises SessionInThePast."""
    lock_row(Call, call.id)
    session_id = sent_id(call.id, once, actor.id, words)
    if (sent := db.session.get(SupportSession, session_id)) is not None:
        return sent
    session = SupportSession(id=session_id, call=call, created_at=now)
    _write(session, words, now)
    db.session.add(session)
    record(session, "plan", actor=actor, now=now)
    return session


def change_session(
    session: SupportSession, words: SessionWords, *, actor: User, now: datetime, seen: int | None = None
) -> None:
    """Whoever comes or waits hears that there is news; the same words again are none. `seen`: the version
    that the writer saw. Raises NotPossibleNow, NotEnoughPlaces, and StaleVersion where others changed it."""
    _lock(session, now)
    if words.places < people_coming(session):
        raise NotEnoughPlaces
    with db.session.no_autoflush:
        _write(session, words, now)
        if not db.session.is_modified(session):
            return
    check_seen(seen, session.version)
    record(session, "change", actor=actor, now=now)
    _tell_all(session, now)
    _fill(session, now)


def cancel_session(session: SupportSession, why: str, *, actor: User, now: datetime) -> None:
    """Whoever comes or waits hears that there is news. Raises NotPossibleNow."""
    _lock(session, now)
    session.why = why.strip()
    move(session, "cancel", actor=actor, now=now)
    _tell_all(session, now)


def say_coming(
    session: SupportSession,
    application: Application,
    *,
    people: int,
    needs: str,
    actor: User,
    now: datetime,
) -> SupportPlace:
    """A place, or one on the waiting list behind those who wait. Raises NotPossibleNow, NotEnoughPlaces."""
    _lock(session, now)
    if session.call_id != application.call_id or not is_told(application):
        raise NotPossibleNow("the session is for groups of the call that know their decision")
    if people > session.places:
        raise NotEnoughPlaces
    place = find_place(session, application)
    if place is not None and place.status in ACTIVE:
        _change_place(place, people)
        step = "change"
    else:
        is_free = people_coming(session) + people <= session.places and not list_waiting(session)
        step = "come" if is_free else "wait"
    if place is None:
        place = SupportPlace(session=session, application=application, created_at=now)
        place.status, place.asked_at = PlaceStatus.COMING if step == "come" else PlaceStatus.WAITING, now
        place.people, place.needs, place.said_by = people, needs.strip(), actor
        db.session.add(place)
        record(place, step, actor=actor, now=now, details={"people": people})
        return place
    place.people, place.needs, place.said_by = people, needs.strip(), actor
    if step == "change":
        record(place, step, actor=actor, now=now, details={"people": people})
        _fill(session, now)
    else:
        place.asked_at = now
        move(place, step, actor=actor, now=now, details={"people": people})
    return place


def _change_place(place: SupportPlace, people: int) -> None:
    """More people only where there is room for them."""
    more = people - place.people
    if place.status is not PlaceStatus.COMING or more <= 0:
        return
    if people_coming(place.session) + more > place.session.places:
        raise NotEnoughPlaces


def take_place_back(place: SupportPlace, *, actor: User, now: datetime) -> None:
    """Whoever waits longest moves up. Raises NotPossibleNow."""
    _lock(place.session, now)
    db.session.refresh(place)
    move(place, "take_back", actor=actor, now=now)
    _fill(place.session, now)


def mark_who_came(session: SupportSession, came: Collection[UUID], *, actor: User, now: datetime) -> None:
    """By place, once it has begun; of groups that the actor may see. Raises NotPossibleNow."""
    lock_row(SupportSession, session.id)
    db.session.refresh(session)
    if session.status is not SessionStatus.PLANNED or now < session.starts_at:
        raise NotPossibleNow("the session has not begun")
    for place in list_places(session, reader=actor):
        if place.id in came and place.status is PlaceStatus.COMING:
            move(place, "mark_came", actor=actor, now=now)
        elif place.id not in came and place.status is PlaceStatus.CAME:
            move(place, "unmark", actor=actor, now=now)


def remind_of_sessions(*, now: datetime) -> None:
    """The day before, in London: a mail that says nothing of what it is about, once."""
    tomorrow = now.astimezone(LONDON).date() + timedelta(days=1)
    first = datetime.combine(tomorrow, time(), LONDON)
    after = datetime.combine(tomorrow + timedelta(days=1), time(), LONDON)
    for place in list_places_to_remind(after=first, before=after):
        if place.said_by is None or not contact_of(place.said_by.id).wants_reminders:
            continue
        once_key = ":".join(("support_session", str(place.id), tomorrow.isoformat()))
        about = {"application_id": str(place.application_id)}
        notify(place.said_by, MessageKind.REMINDER, now=now, once_key=once_key, **about)


def _fill(session: SupportSession, now: datetime) -> None:
    """In the order of waiting; nobody is passed over for a smaller group behind."""
    db.session.flush()
    for place in list_waiting(session):
        if people_coming(session) + place.people > session.places:
            return
        move(place, "get_place", actor=None, now=now)
        db.session.flush()
        if place.said_by is not None:
            about = {"application_id": str(place.application_id)}
            notify(place.said_by, MessageKind.AWARD_UPDATE, now=now, **about)


def _tell_all(session: SupportSession, now: datetime) -> None:
    for place in list_active(session):
        if place.said_by is not None:
            about = {"application_id": str(place.application_id)}
            notify(place.said_by, MessageKind.AWARD_UPDATE, now=now, **about)


def _write(session: SupportSession, words: SessionWords, now: datetime) -> None:
    if words.starts_at <= now:
        raise SessionInThePast
    session.title, session.topic = " ".join(words.title.split()), words.topic
    session.starts_at, session.is_online, session.place = (
        words.starts_at,
        words.is_online,
        words.place.strip(),
    )
    session.languages = sorted(words.languages)
    session.has_interpreters, session.has_child_care = words.has_interpreters, words.has_child_care
    session.costs, session.places = words.costs.strip(), words.places


def _lock(session: SupportSession, now: datetime) -> None:
    lock_row(SupportSession, session.id)
    db.session.refresh(session)
    if session.status is not SessionStatus.PLANNED or now >= session.starts_at:
        raise NotPossibleNow("the session is over or cancelled")
