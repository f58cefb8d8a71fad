"""What people say about mail holds for every kind of notice, at the moment of sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.run import sweep
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.queries.users import list_waiting_notices
from fundapp.services.contact import Contact, change_address, mark_seen, set_contact
from fundapp.services.messages import MessageKind, notify
from tests.database.jobs.mail_server import MailServer
from tests.factories import ApplicationFactory

NOTICES = [kind for kind in MessageKind if kind is not MessageKind.SIGN_IN_CODE]


def person(email: str = "amina@example.org") -> User:
    user = User(email=email, language="en")
    db.session.add(user)
    db.session.flush()
    return user


def promise_everything(user: User) -> None:
    """One notice of each kind; a reminder is about a real draft."""
    draft = str(ApplicationFactory().id)
    for kind in NOTICES:
        notify(user, kind, now=utcnow(), application_id=draft, code="042017")


def recipients(mail_server: MailServer) -> list[str]:
    return [str(mail["To"]) for mail in mail_server.mails]


def waiting_for(user: User) -> list[str]:
    db.session.expire_all()
    return sorted(message.kind for message in list_waiting_notices(user))


def test_nothing_of_any_kind_is_mailed_to_who_says_it_is_unsafe(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        unsafe, safe = person(), person("safe@example.org")
        set_contact(unsafe, Contact(mail_is_safe=False), now=utcnow())
        promise_everything(unsafe)
        promise_everything(safe)

    for _time in range(3):
        sweep()

    assert recipients(mail_server) == ["safe@example.org"] * len(NOTICES)
    assert waiting_for(unsafe) == sorted(NOTICES)
    assert waiting_for(safe) == []


def test_unsafe_said_after_the_promise_still_holds(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        user = person()
        promise_everything(user)
    with unit_of_work():
        set_contact(user, Contact(mail_is_safe=False), now=utcnow())

    sweep()

    assert recipients(mail_server) == []


def test_code_goes_where_the_person_asks_for_it(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        user = person()
        set_contact(user, Contact(mail_is_safe=False, hours=(3, 4)), now=utcnow())
        notify(user, MessageKind.SIGN_IN_CODE, now=utcnow(), code="042017")

    sweep()

    assert recipients(mail_server) == ["amina@example.org"]


def test_what_waits_goes_when_it_was_seen(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        user = person()
        set_contact(user, Contact(mail_is_safe=False), now=utcnow())
        notify(user, MessageKind.AWARD_UPDATE, now=utcnow())
    sweep()
    assert waiting_for(user) == ["award_update"]

    with unit_of_work():
        mark_seen(user, now=utcnow())

    assert waiting_for(user) == []


@pytest.mark.parametrize(
    ("hours", "promised_at", "sent_at"),
    [
        ((9, 17), "2027-07-01 10:00", "2027-07-01 10:00"),
        ((9, 17), "2027-07-01 17:30", "2027-07-02 08:00"),  # nine in London is eight in UTC in summer
        ((22, 2), "2027-01-10 12:00", "2027-01-10 22:00"),
        ((22, 2), "2027-01-10 23:30", "2027-01-10 23:30"),
        ((9, 17), "2027-03-27 18:00", "2027-03-28 08:00"),  # the night of the change
    ],
)
def test_mail_waits_for_the_hours_that_are_safe(
    own_app: Flask, mail_server: MailServer, hours, promised_at, sent_at
):
    moment = datetime.fromisoformat(promised_at).replace(tzinfo=UTC)
    due = datetime.fromisoformat(sent_at).replace(tzinfo=UTC)
    with time_machine.travel(moment, tick=False) as clock:
        with unit_of_work():
            user = person()
            set_contact(user, Contact(hours=hours), now=utcnow())
            notify(user, MessageKind.AWARD_UPDATE, now=utcnow())
        sweep()
        if due > moment:
            assert recipients(mail_server) == []
            clock.move_to(due - timedelta(minutes=1))
            sweep()
            assert recipients(mail_server) == []
        clock.move_to(due)
        sweep()
        sweep()

    assert recipients(mail_server) == ["amina@example.org"]


def test_mail_that_fails_goes_to_nobody_else(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        user = User(email="no address at all", language="en")
        db.session.add(user)
        person("other@example.org")
        notify(user, MessageKind.AWARD_UPDATE, now=utcnow())

    sweep()

    assert recipients(mail_server) == []


@pytest.mark.parametrize(
    ("was_safe", "says_safe", "notices"),
    [(True, True, ["old@example.org"]), (True, False, []), (False, True, []), (False, False, [])],
)
def test_change_of_address_tells_the_old_one_only_where_that_is_safe(
    own_app: Flask, mail_server: MailServer, was_safe, says_safe, notices
):
    with unit_of_work():
        user = person("old@example.org")
        set_contact(user, Contact(mail_is_safe=was_safe), now=utcnow())
        promise_everything(user)  # not sent yet: nothing of it may go to the address that is gone

    with unit_of_work():
        change_address(user, "New@example.org", old_is_safe=says_safe, now=utcnow())
    sweep()

    gone_out = recipients(mail_server)
    assert [address for address in gone_out if address == "old@example.org"] == notices
    assert all(b"new@example" not in sent for sent in mail_server.received if b"old@example" in sent)
    bodies = [str(mail.get_payload()) for mail in mail_server.mails]
    assert [body for body in bodies if "example.org" in body] == []
    addresses = db.session.execute(sa.select(Message.address).where(Message.address.is_not(None)))
    assert addresses.all() == []
