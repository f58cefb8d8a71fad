"""Mails: neutral, in the recipient's language, sent once, with no way to smuggle a header in."""

from __future__ import annotations

import dataclasses
import time
from datetime import UTC, timedelta
from email.header import decode_header, make_header
from email.message import Message as Email
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from flask import Flask

from forms.i18n import use_catalogues
from fundapp import TRANSLATIONS
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.run import sweep
from fundapp.mailer import OPENINGS, THERE_IS_AN_UPDATE
from fundapp.models.message import Message, OutboxJob
from fundapp.models.user import User
from fundapp.services.messages import CODE_LIFE, MessageKind, notify, wipe_stale_codes
from fundapp.settings import Settings
from tests.database.jobs.mail_server import MailServer

UPDATE_BODY = """\
There is an update for you. Sign in to read it:

http://localhost/

This mail was sent by a machine. Answers to it are not read.
"""
CODE_BODY = """\
Your code to sign in is:

042017

Type it on the page where you asked for it, in the same browser. It works once and for 10 minutes.

Did you not ask for a code? Then you need to do nothing.

This mail was sent by a machine. Answers to it are not read.
"""


def person(email: str = "amina@example.org", language: str = "en") -> User:
    user = User(email=email, name="Amina Canary", language=language)
    db.session.add(user)
    db.session.flush()
    return user


def text_of(email: Email) -> str:
    body = email.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode().replace("\r\n", "\n")


def subject_of(email: Email) -> str:
    return str(make_header(decode_header(email["Subject"])))


def rows() -> list[Message]:
    db.session.expire_all()
    return list(db.session.execute(sa.select(Message).order_by(Message.created_at)).scalars())


def the_job() -> OutboxJob:
    db.session.expire_all()
    return db.session.execute(sa.select(OutboxJob)).scalar_one()


OWN_WORDS = (MessageKind.SIGN_IN_CODE, MessageKind.REMINDER, MessageKind.INVITATION)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind not in OWN_WORDS])
def test_mail_says_only_that_there_is_an_update(own_app: Flask, mail_server: MailServer, kind: MessageKind):
    with unit_of_work():
        notify(person(), kind, now=utcnow(), application_id="canary-id", amount="canary-amount")

    sweep()

    [email] = mail_server.mails
    opening = str(OPENINGS.get(kind, THERE_IS_AN_UPDATE))
    assert text_of(email) == UPDATE_BODY.replace(str(THERE_IS_AN_UPDATE), opening)
    assert {name: value for name, value in email.items() if name not in ("Date", "Message-ID")} == {
        "From": "Updates <updates@localhost>",
        "To": "amina@example.org",
        "Subject": "There is an update for you",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
    }
    assert b"anary" not in mail_server.received[0]


def test_sign_in_mail_carries_its_code_which_is_wiped_after_sending(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        notify(person(), "sign_in_code", now=utcnow(), code="042017")

    sweep()

    [email] = mail_server.mails
    assert (email["Subject"], text_of(email)) == ("Your code", CODE_BODY)
    [message] = rows()
    assert (message.arguments, message.subject, message.body) == ({}, None, None)
    assert message.sent_at is not None


def test_code_that_could_not_be_sent_in_time_is_wiped_and_never_sent(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        notify(person(), "sign_in_code", now=utcnow() - CODE_LIFE - timedelta(seconds=1), code="042017")
    with unit_of_work():
        wipe_stale_codes(now=utcnow())

    sweep()

    assert mail_server.mails == []
    assert [(message.arguments, message.sent_at) for message in rows()] == [({}, None)]
    assert the_job().done_at is not None


def test_mail_headers_are_the_same_on_every_attempt(own_app: Flask, mail_server: MailServer):
    mail_server.refusals = ["451 later"]
    with unit_of_work():
        notify(person(), "decision_ready", now=utcnow())

    sweep()
    failed = (the_job().last_error, the_job().attempts, the_job().done_at)
    with unit_of_work():
        db.session.execute(sa.update(OutboxJob).values(due_at=utcnow()))
    sweep()

    [message] = rows()
    [email] = mail_server.mails
    assert failed == ("SMTPRecipientsRefused", 1, None)
    assert email["Message-ID"] == f"<{message.id}@localhost>"
    assert email["Date"] == message.created_at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")


def test_mail_that_is_refused_for_good_is_given_up_at_once(own_app: Flask, mail_server: MailServer):
    mail_server.refusals = ["550 no such person"]
    with unit_of_work():
        notify(person(), "decision_ready", now=utcnow())

    sweep()

    assert (the_job().last_error, the_job().attempts) == ("Undeliverable", 1)
    assert the_job().given_up_at is not None
    assert mail_server.mails == []


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nbcc: thief@example.org",
        "a@example.org\nsubject: x",
        "a@example.org, thief@example.org",
        "a b@example.org",
        "a@example.org\u2028x",
        "no address",
        "",
    ],
)
def test_mail_to_a_broken_address_is_refused_whole(own_app: Flask, mail_server: MailServer, address: str):
    with unit_of_work():
        notify(person(email=address), "decision_ready", now=utcnow())

    sweep()

    assert mail_server.mails == []
    assert the_job().last_error == "Undeliverable"


def test_mail_speaks_the_recipients_language(own_app: Flask, mail_server: MailServer, tmp_path: Path):
    arabic = Catalog(locale="ar")
    arabic.add("There is an update for you", "لديك تحديث")
    arabic.add("There is an update for you. Sign in to read it:", "لديك تحديث. سجّل الدخول لقراءته:")
    folder = tmp_path / "catalogues" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, arabic)
    with unit_of_work():
        notify(person(language="ar"), "award_update", now=utcnow())
        notify(person(email="b@example.org", language="xx"), "award_update", now=utcnow())

    use_catalogues(tmp_path / "catalogues")
    try:
        sweep()
    finally:
        use_catalogues(TRANSLATIONS)

    seen = {email["To"]: (subject_of(email), text_of(email).splitlines()[0]) for email in mail_server.mails}
    assert seen == {
        "amina@example.org": ("لديك تحديث", "لديك تحديث. سجّل الدخول لقراءته:"),
        "b@example.org": ("There is an update for you", "There is an update for you. Sign in to read it:"),
    }


def test_person_who_is_disabled_is_told_nothing(own_app: Flask):
    with unit_of_work():
        user = person()
        user.is_disabled = True
        notify(user, "award_update", now=utcnow())

    assert rows() == []


def test_kind_of_mail_that_does_not_exist_is_an_error(own_app: Flask):
    with unit_of_work():
        user = person()

    with pytest.raises(ValueError, match="no_such_mail"):
        notify(user, "no_such_mail", now=utcnow())


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(
    own_app: Flask, mail_server: MailServer, own_settings: Settings
):
    """A mail server that hangs must not hold the write lock of the whole fund."""
    elsewhere = sa.create_engine(own_settings.database_url, poolclass=sa.NullPool)
    could_write: list[int] = []

    def look() -> str:
        start = time.monotonic()
        with elsewhere.begin() as connection:
            connection.exec_driver_sql("UPDATE outbox_job SET kind = kind")
            connection.exec_driver_sql("UPDATE message SET kind = kind")
        could_write.append(time.monotonic() - start < 1)
        return ""

    mail_server.next_refusal = look  # type: ignore[method-assign]
    with unit_of_work():
        notify(person(), "award_update", now=utcnow())

    sweep()

    assert could_write == [True]
    assert len(mail_server.mails) == 1


def test_demo_keeps_its_mails_on_a_page(own_app: Flask, mail_server: MailServer):
    own_app.config["SETTINGS"] = dataclasses.replace(own_app.config["SETTINGS"], demo_pages=True)
    with unit_of_work():
        notify(person(), "sign_in_code", now=utcnow(), code="042017")

    sweep()

    [message] = rows()
    assert mail_server.mails == []
    assert (message.subject, message.body, message.arguments) == ("Your code", CODE_BODY, {})
