"""Telling people: a message is promised with the change it reports and sent after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.services.outbox import enqueue

SEND_MESSAGE = "send_message"
CODE_LIFE = timedelta(minutes=10)  # a code mail is worth nothing afterwards


class MessageKind(StrEnum):
    SIGN_IN_CODE = "sign_in_code"
    APPLICATION_RECEIVED = "application_received"
    DECISION_READY = "decision_ready"
    CHECK_IN_DUE = "check_in_due"
    CLARIFICATION_ASKED = "clarification_asked"
    INVITED_TO_FULL = "invited_to_full"
    AWARD_UPDATE = "award_update"
    FUND_REPLIED = "fund_replied"
    DRAFT_STARTED = "draft_started"
    REMINDER = "reminder"
    DATE_MISSED = "date_missed"
    RING_FENCE_WARNING = "ring_fence_warning"
    THREAD_MESSAGE = "thread_message"
    ADDRESS_CHANGED = "address_changed"
    ANSWER_TYPED = "answer_typed"
    TRANSCRIPT_WRITTEN = "transcript_written"
    RECORDING_UNUSABLE = "recording_unusable"
    INVITATION = "invitation"
    PEOPLE_CHANGED = "people_changed"
    CLARIFICATION_ANSWERED = "clarification_answered"
    READER_CONCERN = "reader_concern"
    READER_QUESTION = "reader_question"
    PANEL_CLAIM = "panel_claim"
    MARKS_TYPED = "marks_typed"
    TRANSLATION_OBJECTED = "translation_objected"
    CALL_NOTICE = "call_notice"
    COMPLAINT = "complaint"
    CLAIM_NOT_MET = "claim_not_met"
    CLAIM_OPINION = "claim_opinion"
    SAFETY = "safety"
    DRAFT_ENDS = "draft_ends"
    DATA = "data"
    DATA_CLOCK = "data_clock"
    WEBHOOK_SILENT = "webhook_silent"


WITH_CODE = (MessageKind.SIGN_IN_CODE, MessageKind.INVITATION)  # kept only until it is sent


def notify(
    recipient: User,
    kind: MessageKind | str,
    *,
    now: datetime,
    once_key: str | None = None,
    address: str | None = None,
    **arguments: str,
) -> None:
    """Promise one mail in the recipient's language; a `once_key` that is known promises nothing.

    Mails are neutral: of the arguments only a code is ever shown. People who are disabled are told
    nothing. `address`: instead of the person's own, for an address that is new or no longer theirs.
    """
    db.session.flush()  # the recipient may be as new as the message
    if recipient.is_disabled:
        return
    message_id = uuid4()
    if not enqueue(SEND_MESSAGE, once_key=once_key, message_id=str(message_id)):
        return
    message = Message(
        id=message_id,
        recipient=recipient,
        address=address,
        kind=MessageKind(kind).value,
        arguments=arguments,
        language=recipient.language,
        created_at=now,
    )
    db.session.add(message)
    db.session.flush()


def mark_sent(message_id: UUID, *, subject: str | None, body: str | None, now: datetime) -> None:
    """In the transaction that marks the job done. The words are given only where a demo shows them."""
    message = db.session.get(Message, message_id)
    if message is None:  # erased meanwhile
        return
    message.sent_at, message.subject, message.body = now, subject, body
    message.address = None
    if message.kind in WITH_CODE:
        message.arguments = {}


def keep_waiting(message_id: UUID, *, now: datetime) -> None:
    """Mail to this person is not safe: the notice waits on their first page and goes nowhere else."""
    message = db.session.get(Message, message_id)
    if message is not None:
        message.waits_since, message.address = now, None


def send_later(message_id: UUID, *, due_at: datetime) -> None:
    """Put off to an hour at which mail is safe."""
    enqueue(SEND_MESSAGE, due_at=due_at, message_id=str(message_id))


def wipe_stale_codes(*, now: datetime) -> None:
    """Codes that could not be sent in time are of no use to anybody but a thief."""
    db.session.execute(
        sa.update(Message)
        .where(
            Message.kind == MessageKind.SIGN_IN_CODE.value,
            Message.sent_at.is_(None),
            Message.created_at < now - CODE_LIFE,
        )
        .values(arguments={}, address=None)
        .execution_options(synchronize_session=False)
    )
