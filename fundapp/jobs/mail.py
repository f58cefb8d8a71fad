"""Sending the mails that changes have promised."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from fundapp.clock import utcnow
from fundapp.db import Json, short_transaction
from fundapp.jobs.kinds import Store, job
from fundapp.lifecycles import ApplicationStatus, CandidateStatus
from fundapp.mailer import Mail, is_worth_sending, keeps_mail, send, write_drawn_mail, write_mail
from fundapp.models.application import Application
from fundapp.models.message import Message
from fundapp.models.recruitment import PanelCandidate
from fundapp.models.user import User
from fundapp.queries.reminders import has_something_open
from fundapp.services.contact import Contact, contact_of
from fundapp.services.messages import SEND_MESSAGE, MessageKind, keep_waiting, mark_sent, send_later
from fundapp.services.outbox import enqueue
from fundapp.services.recruitment import TELL_DRAWN


@job(SEND_MESSAGE)
def send_message(arguments: Json) -> Store:
    """Hand one mail to the mail server; "sent" is stored with "done"."""
    mail = _mail_to_send(UUID(arguments["message_id"]))
    if not isinstance(mail, Mail):
        return mail
    send(mail)
    return partial(_remember_sent, mail)


@job(TELL_DRAWN)
def tell_drawn(arguments: Json) -> Store:
    """Hand the mail to somebody who was drawn to the mail server."""
    mail = _drawn_mail(UUID(arguments["candidate_id"]))
    if not isinstance(mail, Mail):
        return mail
    send(mail)
    return _nothing


def _drawn_mail(candidate_id: UUID) -> Mail | Store:
    """Nothing once they have answered or are forgotten; whoever signs in here is told when it is safe."""
    now = utcnow()
    with short_transaction(writes=False) as session:
        candidate = session.get(PanelCandidate, candidate_id)
        if candidate is None or candidate.status is not CandidateStatus.DRAWN or candidate.said_yes_at:
            return _nothing
        user_id = session.execute(sa.select(User.id).where(User.email == candidate.email)).scalar()
        contact = contact_of(user_id, session) if user_id is not None else Contact()
        if not contact.mail_is_safe or candidate.said_no_at is not None:
            return _nothing
        if (safe_at := contact.wait_until(now)) is not None:
            return partial(_tell_drawn_later, candidate_id, safe_at)
        return write_drawn_mail(candidate)


def _tell_drawn_later(candidate_id: UUID, due_at: datetime) -> None:
    enqueue(TELL_DRAWN, due_at=due_at, candidate_id=str(candidate_id))


def _mail_to_send(message_id: UUID) -> Mail | Store:
    """Read in a transaction of its own, over before the mail server is spoken to; or what to do instead.

    Whether mail is safe is asked now and not when it was promised: a person may have said so in between.
    """
    now = utcnow()
    with short_transaction(writes=False) as session:
        message = session.execute(
            sa.select(Message).where(Message.id == message_id).options(joinedload(Message.recipient))
        ).scalar_one_or_none()
        if message is None or not is_worth_sending(message, now=now) or _is_overtaken(message, session):
            return _nothing
        if message.kind != MessageKind.SIGN_IN_CODE:  # asked for by the person, at this moment
            contact = contact_of(message.recipient_id, session)
            if not contact.mail_is_safe:
                return partial(keep_waiting, message_id, now=now)
            if (safe_at := contact.wait_until(now)) is not None:
                return partial(send_later, message_id, due_at=safe_at)
        return write_mail(message)


def _is_overtaken(message: Message, session: Session) -> bool:
    """A reminder is for what is still to do: a draft that was sent or taken back, and marks that are locked
    meanwhile, need none."""
    if message.kind != MessageKind.REMINDER:
        return False
    if (panel_id := message.arguments.get("panel_id")) is not None:
        return not has_something_open(UUID(panel_id), message.recipient_id, session)
    query = sa.select(Application.status).where(Application.id == UUID(message.arguments["application_id"]))
    return session.execute(query).scalar_one_or_none() is not ApplicationStatus.DRAFT


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
