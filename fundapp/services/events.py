"""Writing down what happened, in one unbroken chain."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, cast
from uuid import UUID

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Json, before_commit, db
from fundapp.lifecycles import next_status
from fundapp.models.event import Event, EventChain
from fundapp.models.user import User

FIRST_DIGEST = "0" * 64
_PENDING = "pending_events"
Listener = Callable[[Sequence[Event]], None]
_listeners: list[Listener] = []


class HasStatus(Protocol):
    id: UUID
    __tablename__: str

    @property
    def status(self) -> StrEnum: ...


@dataclass(frozen=True)
class BrokenLink:
    """Where the chain no longer fits, and `what` does not: a key of WORDS in `fundapp audit`."""

    number: int
    what: str


def record(
    subject: object,
    step: str,
    *,
    actor: User | None,
    now: datetime | None = None,
    reason: str | None = None,
    call_id: UUID | None = None,
    details: Json | None = None,
) -> None:
    """Promise an event; it gets its place in the chain when the unit of work ends."""
    kind = str(getattr(subject, "__tablename__", type(subject).__name__))
    db.session.flush()  # the subject's id exists from here on
    subject_id: UUID = getattr(subject, "id")  # noqa: B009 - any row may be the subject
    salt = secrets.token_hex(16) if reason else None
    event = Event(
        at=now or utcnow(),
        actor_id=actor.id if actor else None,
        call_id=call_id or _call_id_of(subject),
        subject_kind=kind,
        subject_id=subject_id,
        step=step,
        details=details or {},
        reason=reason,
        reason_salt=salt,
        reason_digest=reason_digest(salt, reason) if reason and salt else None,
    )
    db.session.info.setdefault(_PENDING, []).append(event)


def move(
    subject: HasStatus,
    step: str,
    *,
    actor: User | None,
    now: datetime | None = None,
    reason: str | None = None,
    details: Json | None = None,
) -> None:
    """The only way a status changes: check the step, set it, write down who and why."""
    before = subject.status
    subject.status = next_status(before, step)  # type: ignore[misc]
    change = {"from": before.value, "to": subject.status.value}
    record(subject, step, actor=actor, now=now, reason=reason, details=change | (details or {}))


def hears_events(listener: Listener) -> Listener:
    """Register what looks at the sealed events of each unit of work, inside its transaction."""
    _listeners.append(listener)
    return listener


def _call_id_of(subject: object) -> UUID | None:
    if getattr(subject, "__tablename__", "") == "call":
        return getattr(subject, "id", None)
    return getattr(subject, "call_id", None)


@before_commit
def seal() -> None:
    """Give the promised events their numbers and digests. The chain is locked last, and shortly."""
    pending: list[Event] = db.session.info.pop(_PENDING, [])
    if not pending:
        return
    chain = db.session.execute(
        sa.select(EventChain).where(EventChain.id == 1).with_for_update()
    ).scalar_one_or_none()
    if chain is None:
        chain = EventChain(id=1, last_number=0, last_digest=FIRST_DIGEST)
        db.session.add(chain)
    for event in pending:
        event.number = chain.last_number + 1
        event.previous_digest = chain.last_digest
        event.digest = event_digest(event)
        chain.last_number, chain.last_digest = event.number, event.digest
        db.session.add(event)
    for listener in _listeners:
        listener(pending)


def reason_digest(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}\x00{reason}".encode()).hexdigest()


def event_digest(event: Event) -> str:
    """SHA-256 over every column but the reason itself, in one fixed written form."""
    fields = [
        event.number,
        event.at.isoformat(),
        str(event.actor_id or ""),
        str(event.call_id or ""),
        event.subject_kind,
        str(event.subject_id),
        event.step,
        event.details,
        event.reason_digest or "",
        event.previous_digest,
    ]
    written = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """An entry whose digest somebody keeps outside the database."""

    number: int
    digest: str


def newest() -> Kept | None:
    chain = db.session.get(EventChain, 1)
    return Kept(chain.last_number, chain.last_digest) if chain and chain.last_number else None


def broken_links(kept: Kept | None = None) -> Iterator[BrokenLink]:
    """Everything about the chain that no longer fits; nothing when all is well.

    A record that was cut off together with its end fits again: only what is `kept` elsewhere finds that.
    """
    previous, number = FIRST_DIGEST, 0
    is_found = kept is None
    for event in _entries():
        number += 1
        is_found = is_found or Kept(event.number, event.digest) == kept
        if event.number != number:
            yield BrokenLink(event.number, "number")
            number = event.number
        if event.previous_digest != previous:
            yield BrokenLink(number, "previous")
        if event.digest != event_digest(event):
            yield BrokenLink(number, "digest")
        if event.reason and reason_digest(event.reason_salt or "", event.reason) != event.reason_digest:
            yield BrokenLink(number, "reason")
        previous = event.digest
    chain = db.session.get(EventChain, 1)
    if (chain.last_number if chain else 0) != number or (
        chain.last_digest if chain else FIRST_DIGEST
    ) != previous:
        yield BrokenLink(number, "end")
    if kept and not is_found:
        yield BrokenLink(kept.number, "kept")


def _entries() -> Iterator[Event]:
    """As plain rows with the names of the columns: three times as fast as objects."""
    rows = sa.select(*Event.__table__.c).order_by(Event.number).execution_options(yield_per=1000)
    yield from cast(Iterable[Event], db.session.execute(rows))
