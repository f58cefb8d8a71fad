"""Sending the mails that changes have promised."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.clock import utcnow
from fundapp.db import Json, short_transaction
from fundapp.jobs.kinds import Store, job
from fundapp.mailer import Mail, is_worth_sending, keeps_mail, send, write_mail
from fundapp.models.message import Message
from fundapp.services.messages import SEND_MESSAGE, mark_sent


@job(SEND_MESSAGE)
def send_message(arguments: Json) -> Store:
    """Hand one mail to the mail server; "sent" is stored with "done"."""
    mail = _mail_to_send(UUID(arguments["message_id"]))
    if mail is None:
        return _nothing
    send(mail)
    return partial(_remember_sent, mail)


def _mail_to_send(message_id: UUID) -> Mail | None:
    """Read in a transaction of its own, over before the mail server is spoken to."""
    with short_transaction(writes=False) as session:
        message = session.execute(
            sa.select(Message).where(Message.id == message_id).options(joinedload(Message.recipient))
        ).scalar_one_or_none()
        if message is None or not is_worth_sending(message, now=utcnow()):
            return None
        return write_mail(message)


def _remember_sent(mail: Mail) -> None:
    kept = keeps_mail()
    mark_sent(
        mail.message_id,
        subject=mail.subject if kept else None,
        body=mail.body if kept else None,
        now=utcnow(),
    )


def _nothing() -> None:
    """Sent before, erased, or a code that is too old."""
