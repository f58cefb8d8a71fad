"""Mails: neutral, text only, in the recipient's language, through SMTP or onto the demo's own page."""

from __future__ import annotations

import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app

from forms.i18n import _, activate, has_catalogue, translate
from fundapp.clock import utcnow
from fundapp.models.message import Message
from fundapp.models.recruitment import PanelCandidate
from fundapp.services.messages import CODE_LIFE, MessageKind
from fundapp.services.outbox import Hopeless
from fundapp.services.recruitment import candidate_ticket
from fundapp.settings import Settings

SMTP_TIMEOUT = 20  # seconds; well inside the lease of the job that sends

UPDATE_SUBJECT = _("There is an update for you")
CODE_SUBJECT = _("Your code")
SUBJECTS = (UPDATE_SUBJECT, CODE_SUBJECT)  # no mail has another one
THERE_IS_AN_UPDATE = _("There is an update for you. Sign in to read it:")
OPENINGS: dict[str, str] = {
    MessageKind.DRAFT_STARTED: _("What you wrote is kept. To go on, sign in with this e-mail address:"),
    MessageKind.REMINDER: _("A date is coming near. Sign in to see it, or to turn reminders off:"),
    MessageKind.DATE_MISSED: _("We have not kept a date we gave you. We are sorry. Sign in to read more:"),
    MessageKind.RING_FENCE_WARNING: _("Something needs a look before a date comes. Sign in to see it:"),
    MessageKind.CALL_NOTICE: _("Something changed after you began to write. Sign in to read it:"),
    MessageKind.DATA_CLOCK: _("Something needs a look before a date comes. Sign in to see it:"),
    MessageKind.DRAFT_ENDS: _("A date is coming near. Sign in to see it:"),
    MessageKind.ADDRESS_CHANGED: _("How we reach you was changed. If it was not you, our number is here:"),
}
TEMPLATES = {MessageKind.SIGN_IN_CODE: "sign_in_code", MessageKind.INVITATION: "invitation"}


class Undeliverable(Hopeless):
    """This mail can never be sent as it is: a broken address, or one the mail server refuses for good."""


@dataclass(frozen=True)
class Mail:
    message_id: UUID
    recipient: str
    subject: str
    body: str
    written_at: datetime


def write_mail(message: Message) -> Mail:
    """Says nothing about group, fund, stage, amount or person: somebody else may read over a shoulder."""
    kind = MessageKind(message.kind)
    template = current_app.jinja_env.get_template(f"email/{TEMPLATES.get(kind, 'update')}.txt")
    with activate(message.language):
        body = template.render(
            _=translate,
            opening=str(OPENINGS.get(message.kind, THERE_IS_AN_UPDATE)),
            url=f"{_settings().public_url.rstrip('/')}/",
            language=message.language,
            code=message.arguments.get("code", ""),
            minutes=int(CODE_LIFE.total_seconds() // 60),
        )
        subject = str(CODE_SUBJECT if kind is MessageKind.SIGN_IN_CODE else UPDATE_SUBJECT)
    address = message.address or message.recipient.email
    return Mail(message.id, address, subject, f"{body}\n", message.created_at)


def write_drawn_mail(candidate: PanelCandidate) -> Mail:
    """To somebody without an account, with the way to the page on which they say yes or no."""
    language = candidate.language if has_catalogue(candidate.language) else "en"
    ticket = candidate_ticket(candidate, _settings().secret_key)
    template = current_app.jinja_env.get_template("email/drawn.txt")
    with activate(language):
        url = f"{_settings().public_url.rstrip('/')}/{language}/your-number/{ticket}"
        body = template.render(_=translate, url=url)
        return Mail(candidate.id, candidate.email, str(UPDATE_SUBJECT), f"{body}\n", utcnow())


def is_worth_sending(message: Message, *, now: datetime) -> bool:
    """False for what was sent already and for codes that no longer open anything."""
    if message.sent_at is not None:
        return False
    if message.kind == MessageKind.INVITATION:
        return "code" in message.arguments
    if message.kind == MessageKind.SIGN_IN_CODE:
        return "code" in message.arguments and now < message.created_at + CODE_LIFE
    return True


def as_email(mail: Mail) -> EmailMessage:
    """With headers that are the same on every attempt. Raises Undeliverable for an address that is none."""
    settings = _settings()
    email = EmailMessage(policy=SMTP)
    try:
        email["From"] = _one_line(settings.mail_from)
        email["To"] = Address(addr_spec=_one_line(mail.recipient))
        email["Subject"] = _one_line(mail.subject)
        email["Date"] = mail.written_at
        email["Message-ID"] = f"<{mail.message_id}@{urlsplit(settings.public_url).hostname or 'localhost'}>"
        email["Auto-Submitted"] = "auto-generated"
        email.set_content(mail.body, subtype="plain", charset="utf-8")
    except (MessageError, ValueError, IndexError) as error:
        raise Undeliverable from error
    return email


def _one_line(value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
        raise ValueError("a header is one line")
    return value


def send(mail: Mail) -> None:
    """Hand the mail to the mail server; in the demo nothing leaves the machine."""
    email = as_email(mail)
    if keeps_mail():
        return
    try:
        with _mail_server(_settings()) as server:
            server.send_message(email)
    except smtplib.SMTPRecipientsRefused as error:
        if all(500 <= code < 600 for code, _answer in error.recipients.values()):
            raise Undeliverable from error
        raise


def keeps_mail() -> bool:
    """Whether mails stay on their rows, for the demo's page, instead of being sent."""
    return _settings().demo_pages


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _mail_server(settings: Settings) -> smtplib.SMTP:
    """An open connection, encrypted as set."""
    safe = ssl.create_default_context()
    where = (settings.mail_host, settings.mail_port)
    if settings.mail_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=SMTP_TIMEOUT, context=safe)
    else:
        server = smtplib.SMTP(*where, timeout=SMTP_TIMEOUT)
    try:
        if settings.mail_tls == "starttls":
            server.starttls(context=safe)
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server
