"""Links by which the people of a session take part without an account."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import date, datetime
from uuid import UUID

from fundapp.db import db, sent_id
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import CallStatus
from fundapp.models.codesign import CodesignSession
from fundapp.models.codesign_voice import CodesignLink
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.services.codesign import lock_record, today_of
from fundapp.services.events import record

TOKEN_BYTES = 32


class LinkEndsBefore(FundError):
    """The last day of the link is over already."""

    code = "link_ends_before"
    status = 422


def link_digest(token: str) -> str:
    """All that is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(
    session: CodesignSession,
    *,
    people: int,
    ends_on: date,
    actor: User,
    now: datetime,
    once: str | None = None,
    secret: str = "",
) -> tuple[CodesignLink, str]:
    """The link and its token, which nobody can read again; with the same `once` both are the same. Raises
    LinkEndsBefore and NotPossibleNow."""
    lock_record(session.call)
    link_id = sent_id(session.id, once, actor.id, people, ends_on)
    token = _token(link_id, once, secret) if once else secrets.token_urlsafe(TOKEN_BYTES)
    if (sent := db.session.get(CodesignLink, link_id)) is not None:
        return sent, token
    if session.call.status is not CallStatus.CO_DESIGN:
        raise NotPossibleNow("links are for a call in co-design")
    if ends_on < today_of(definition_of(current_version(session.call)), now):
        raise LinkEndsBefore
    link = CodesignLink(
        id=link_id,
        call=session.call,
        session_key=session.key,
        digest=link_digest(token),
        people=people,
        ends_on=ends_on,
        made_by_id=actor.id,
    )
    db.session.add(link)
    details = {"session": session.key, "people": people, "ends_on": ends_on.isoformat()}
    record(link, "make_link", actor=actor, now=now, details=details)
    return link, token


def _token(link_id: UUID, once: str, secret: str) -> str:
    """Whoever reads the database alone cannot make it."""
    signed = hmac.digest(secret.encode(), f"co-design link:{link_id}:{once}".encode(), "sha256")
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def stop_link(link: CodesignLink, *, actor: User, now: datetime) -> None:
    """Nobody says anything by it any more. Twice is once."""
    lock_record(link.call)
    if link.stopped_at is None:
        link.stopped_at = now
        record(link, "stop_link", actor=actor, now=now, details={"session": link.session_key})
