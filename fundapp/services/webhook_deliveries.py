"""Telling addresses what happened: promised with the change, sent after it, given up after some days.

Whether the person of an address may see the thing is asked when it is sent. Where they may not, the delivery
goes without a trace, before anything was tried: nobody learns from a number or a pause that it was there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.models.event import Event
from fundapp.models.webhook import DeliveryStatus, Webhook, WebhookDelivery, WebhookKind
from fundapp.queries.webhooks import (
    Told,
    find_waiting_delivery,
    fund_of,
    list_listening,
    list_path_for,
    told_of,
)
from fundapp.sealing import CannotOpen
from fundapp.services.events import hears_events, record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.outbox import enqueue
from fundapp.services.webhooks import TEST_STEP, secrets_now

DELIVER_WEBHOOK = "deliver_webhook"
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
GIVEN_UP_AFTER = timedelta(days=5)
A_WHILE = timedelta(hours=1)
GONE = 410  # the receiver says: never again


@dataclass(frozen=True)
class Letter:
    """What is posted, byte for byte."""

    url: str
    body: bytes
    headers: dict[str, str]


@hears_events
def promise_deliveries(events: Sequence[Event]) -> None:
    """In the transaction of the change. Nothing is asked unless something happened that can be told."""
    tests = [event for event in events if event.step == TEST_STEP]
    told = [(event, each) for event in events if (each := told_of(event)) is not None]
    if not (told or tests):
        return
    hooks = list_listening()
    for event, each in told if hooks else ():
        _promise(event, each, hooks)
    for event in tests:
        for hook in hooks:
            if hook.id == event.subject_id:
                _add(hook, event, WebhookKind.TEST)


def _promise(event: Event, told: Told, hooks: Sequence[Webhook]) -> None:
    wanting = [hook for hook in hooks if told.kind in hook.kinds]
    fund_id = fund_of(told, event.subject_id) if wanting else None
    for hook in wanting:
        if hook.fund_id == fund_id:
            _add(hook, event, told.kind)


def _add(hook: Webhook, event: Event, kind: WebhookKind) -> None:
    row = WebhookDelivery(
        webhook_id=hook.id,
        event_number=event.number,
        kind=kind,
        subject_id=event.subject_id,
        happened_at=event.at,
    )
    db.session.add(row)
    db.session.flush()
    enqueue(DELIVER_WEBHOOK, delivery_id=str(row.id))


def letter_for(delivery_id: UUID, *, public_url: str, now: datetime) -> Letter | None:
    """What to post now. None: nothing any more, or not yet; then it is promised again."""
    delivery = find_waiting_delivery(delivery_id)
    if delivery is None:
        return None
    hook = delivery.webhook
    path = list_path_for(hook, delivery.kind, delivery.subject_id) if hook.stopped_at is None else None
    if path is None:
        db.session.delete(delivery)
        return None
    if hook.quiet_until is not None and hook.quiet_until > now:
        _put_off(delivery, hook.quiet_until)
        return None
    try:
        keys = secrets_now(hook, now=now)
    except CannotOpen:  # the key is not set as it was; nothing unsigned leaves
        _put_off(delivery, now + A_WHILE)
        return None
    body = json.dumps(
        {
            "type": delivery.kind.value,
            "timestamp": _written(delivery.happened_at),
            "data": {"id": str(delivery.subject_id), "url": f"{public_url.rstrip('/')}/api/v1/fund/{path}"},
        },
        separators=(",", ":"),
    ).encode()
    return Letter(hook.url, body, _headers(delivery, body, keys, now))


def note_outcome(delivery_id: UUID, status: int | None, *, now: datetime) -> None:
    """`status`: of the answer, None without one. With the job's "done", so it counts once."""
    if (found := find_waiting_delivery(delivery_id)) is None:
        return
    lock_row(Webhook, found.webhook_id)
    delivery = find_waiting_delivery(delivery_id)
    if delivery is None:  # settled by somebody else meanwhile
        return
    hook = delivery.webhook
    delivery.attempts += 1
    hook.last_status = status
    if status is not None and 200 <= status < 300:
        hook.failures, hook.failing_since, hook.quiet_until, hook.reached_at = 0, None, None, now
        _settle(delivery, DeliveryStatus.DELIVERED, now)
        return
    hook.failures += 1
    hook.failing_since = hook.failing_since or now
    hook.quiet_until = now + _pause(hook.failures)
    if status == GONE:
        _stop_silent(hook, now)
    elif now - delivery.created_at < GIVEN_UP_AFTER:
        _put_off(delivery, now + _pause(delivery.attempts))
    elif hook.failing_since <= delivery.created_at + PAUSES[-1]:
        _stop_silent(hook, now)
    else:  # others get through: it is this one that the receiver does not want
        _settle(delivery, DeliveryStatus.GIVEN_UP, now)
        hook.lost_at = now
        _tell(hook, now.date().isoformat(), now)


def _stop_silent(hook: Webhook, now: datetime) -> None:
    """Nothing is tried any more, and the person of the address hears of it."""
    hook.stopped_at, hook.was_silent = now, True
    waiting = sa.select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == hook.id, WebhookDelivery.status == DeliveryStatus.WAITING
    )
    for delivery in db.session.execute(waiting).scalars():
        _settle(delivery, DeliveryStatus.GIVEN_UP, now)
    record(hook, "give_up_webhook", actor=None, now=now, details={"status": hook.last_status})
    _tell(hook, now.isoformat(), now)


def _tell(hook: Webhook, when: str, now: datetime) -> None:
    key = f"webhook_silent:{hook.id}:{when}"
    notify(hook.user, MessageKind.WEBHOOK_SILENT, now=now, once_key=key, webhook_id=str(hook.id))


def _settle(delivery: WebhookDelivery, status: DeliveryStatus, now: datetime) -> None:
    delivery.done_at, delivery.status = now, status


def _put_off(delivery: WebhookDelivery, due_at: datetime) -> None:
    """A new promise each time: a receiver may be away for longer than one job is tried."""
    key = f"{DELIVER_WEBHOOK}:{delivery.id}:{due_at.isoformat()}"
    enqueue(DELIVER_WEBHOOK, due_at=due_at, once_key=key, delivery_id=str(delivery.id))


def _pause(failures: int) -> timedelta:
    return PAUSES[min(failures, len(PAUSES)) - 1]


def _headers(delivery: WebhookDelivery, body: bytes, keys: Sequence[bytes], now: datetime) -> dict[str, str]:
    """As the Standard Webhooks specification has them; one signature for each secret that is valid."""
    message_id, timestamp = f"msg_{delivery.id.hex}", str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "fundapp",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signature(key, message_id, timestamp, body) for key in keys),
    }


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
