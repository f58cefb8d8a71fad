"""Sessions of help: for every group that knows its decision; the full ones keep their order."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.contact import ContactRule
from fundapp.models.support_session import SupportPlace
from fundapp.moments import LONDON
from fundapp.queries.support_sessions import (
    find_place,
    groups_that_came,
    list_places,
    list_sessions_of,
    people_coming,
)
from fundapp.services.support_sessions import (
    NotEnoughPlaces,
    SessionWords,
    cancel_session,
    change_session,
    mark_who_came,
    remind_of_sessions,
    say_coming,
    take_place_back,
)
from fundapp.support_steps import PlaceStatus, SessionStatus
from tests.factories import ApplicationFactory, ConflictFactory, SupportSessionFactory, UserFactory, days
from tests.grants import mails_to

P = PlaceStatus


@pytest.fixture
def session(db_session):
    with unit_of_work():
        return SupportSessionFactory(places=3)


def group(session, **traits):
    told = {"group_told_at": utcnow(), "status": ApplicationStatus.DECLINED} | traits
    return ApplicationFactory(call=session.call, submitted=True, **told)


def come(session, application, people=1, actor=None, needs=""):
    with unit_of_work():
        return say_coming(
            session, application, people=people, needs=needs, actor=actor or UserFactory(), now=utcnow()
        )


def meanwhile(place, **values):
    """Somebody else, after this request has read the row."""
    change = sa.update(SupportPlace).values(version=place.version + 1, **values)
    db.session.execute(change.where(SupportPlace.id == place.id).execution_options(synchronize_session=False))


def take_back(place):
    with unit_of_work():
        take_place_back(place, actor=UserFactory(), now=utcnow())


def test_group_says_that_it_comes_while_a_colleague_takes_that_back(session):
    application = group(session)
    place = come(session, application)
    meanwhile(place, status=P.TAKEN_BACK)

    come(session, application, people=2)

    assert (find_place(session, application).status, people_coming(session)) == (P.COMING, 2)


def test_place_that_was_given_meanwhile_does_not_grow_beyond_the_room(session):
    come(session, group(session), people=2)
    application = group(session)
    waiting = come(session, application, people=2)
    assert waiting.status is P.WAITING
    meanwhile(waiting, status=P.COMING, people=1)

    with pytest.raises(NotEnoughPlaces):
        come(session, application, people=3)


def test_group_without_a_grant_comes_and_takes_it_back(session):
    application = group(session)
    place = come(session, application, people=2, needs="An interpreter")
    assert (place.status, place.needs, people_coming(session)) == (P.COMING, "An interpreter", 2)

    take_back(place)

    assert (place.status, people_coming(session)) == (P.TAKEN_BACK, 0)
    assert come(session, application) is place


def test_full_session_keeps_the_order_and_passes_nobody_over(session):
    first, large, small = group(session), group(session), group(session)
    place, waits, behind = come(session, first, 2), come(session, large, 3), come(session, small, 1)
    assert [each.status for each in (place, waits, behind)] == [P.COMING, P.WAITING, P.WAITING]

    take_back(place)

    assert [each.status for each in (waits, behind)] == [P.COMING, P.WAITING]
    assert mails_to(waits.said_by) == ["award_update"]
    assert mails_to(behind.said_by) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_there_is_never_more_than_there_is_room(db_session, acts):
    with unit_of_work():
        session = SupportSessionFactory(places=3)
        groups = [group(session) for _each in range(4)]
    for number, people in acts:
        known = find_place(session, groups[number])
        try:
            if people:
                come(session, groups[number], people)
            elif known is not None:
                take_back(known)
        except (NotEnoughPlaces, NotPossibleNow):
            pass  # refused

        assert people_coming(session) <= 3


def test_more_people_than_there_are_places_for_are_refused(session):
    with pytest.raises(NotEnoughPlaces):
        come(session, group(session), 4)
    application = group(session)
    come(session, application, 1)
    come(session, group(session), 2)
    with pytest.raises(NotEnoughPlaces):
        come(session, application, 2)


def test_nobody_comes_before_the_decision_is_told_nor_to_another_call_nor_afterwards(session):
    with pytest.raises(NotPossibleNow):
        come(session, group(session, group_told_at=None, status=ApplicationStatus.AT_PANEL))
    with pytest.raises(NotPossibleNow):
        come(session, group(SupportSessionFactory()))
    with pytest.raises(NotPossibleNow):
        come(over := SupportSessionFactory(starts_at=days(-1)), group(over))


def test_cancelled_session_says_why_to_all_who_come_or_wait(session):
    places = [come(session, group(session), 2) for _each in range(2)]

    with unit_of_work():
        cancel_session(session, "The teacher is ill.", actor=UserFactory(), now=utcnow())

    assert (session.status, session.why) == (SessionStatus.CANCELLED, "The teacher is ill.")
    assert [mails_to(each.said_by) for each in places] == [["award_update"], ["award_update"]]
    with pytest.raises(NotPossibleNow):
        come(session, group(session))


def test_reminder_the_day_before_in_london_once_and_without_content(session):
    session.starts_at = datetime(2027, 3, 28, 0, 30, tzinfo=LONDON)  # the night in which clocks change
    db.session.flush()
    place, wants_none = come(session, group(session)), come(session, group(session))
    db.session.add(ContactRule(user_id=wants_none.said_by_id, mail_is_safe=True, wants_reminders=False))
    db.session.flush()
    day_before = datetime(2027, 3, 27, 8, tzinfo=LONDON)

    for now in (day_before - timedelta(days=1), day_before, day_before, day_before + timedelta(days=1)):
        with unit_of_work():
            remind_of_sessions(now=now)

    assert mails_to(place.said_by) == ["reminder"]
    assert mails_to(wants_none.said_by) == []


def test_session_stands_in_the_calendar_of_whoever_said_yes(session):
    place = come(session, group(session), 3)
    waits = come(session, group(session))

    assert list(list_sessions_of(place.said_by, since=utcnow())) == [session]
    assert list(list_sessions_of(waits.said_by, since=utcnow())) == []


def test_who_came_is_counted_and_small_numbers_are_not_shown(session):
    session.places = 20
    places = [come(session, group(session)) for _each in range(5)]
    places += [come(session, group(session, status=ApplicationStatus.IN_PRINCIPLE))]
    manager = UserFactory()
    session.starts_at = days(-1)
    db.session.flush()

    def mark(came):
        with unit_of_work():
            mark_who_came(session, {each.id for each in came}, actor=manager, now=utcnow())

    mark(places[:4])
    assert groups_that_came(session.call, reader=manager) == (None, None)
    mark(places[:5])
    assert groups_that_came(session.call, reader=manager) == (5, 5)
    mark(places)
    assert groups_that_came(session.call, reader=manager) == (6, None)


def test_whoever_has_a_tie_does_not_see_that_the_group_comes(session):
    place, tied = come(session, group(session)), UserFactory()
    organisation = place.application.organisation
    ConflictFactory(user_id=tied.id, call_id=session.call_id, organisation=organisation)

    assert list_places(session, reader=tied) == []
    assert list(list_places(session, reader=UserFactory())) == [place]


def changed(session, seen=None, **words):
    names = (field.name for field in fields(SessionWords))
    now = {name: getattr(session, name) for name in names}
    with unit_of_work():
        change_session(session, SessionWords(**now | words), actor=UserFactory(), now=utcnow(), seen=seen)


def test_same_change_sent_twice_is_one_and_mailed_once(session):
    coming = UserFactory()
    come(session, group(session), actor=coming)
    seen = session.version

    changed(session, seen, place="The blue room")
    changed(session, seen, place="The blue room")

    assert mails_to(coming) == ["award_update"]


def test_change_of_a_colleague_is_not_written_over_unseen(session):
    seen = session.version
    changed(session, seen, place="The blue room")

    with pytest.raises(StaleVersion):
        changed(session, seen, place="The hall")

    db.session.expire_all()
    assert session.place == "The blue room"
