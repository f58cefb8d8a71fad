"""Requests for data from outside: one person proposes what exactly is given, another agrees; or no."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow, check_seen
from fundapp.models.application import Application
from fundapp.models.data_rights import OutsideRequest
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.queries.data_rights import list_data_keepers
from fundapp.rights_steps import OutsideStatus
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind, notify


class NeedsAnother(FundError):
    """Whoever proposes does not agree."""

    code = "needs_another_person"
    status = 409


class NothingForImmigration(FundError):
    """Without an order nothing is given for the control of immigration."""

    code = "nothing_for_immigration"
    status = 422


@dataclass(frozen=True)
class Asked:
    asked_by: str
    basis: str
    asked: str
    is_order: bool
    for_immigration: bool
    received_on: date
    due_on: date
    application: Application | None = None


def digest_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def digest_of_proposal(request: OutsideRequest) -> str:
    """Of all that a second person agrees to: what is given, and why the group may not be told."""
    return digest_of("\n".join((request.given, request.forbidden_reason)))


def enter_request(
    fund: Fund, asked: Asked, *, actor: User, now: datetime, once: str | None = None
) -> OutsideRequest:
    """The other people named for it are told, without a word about whom; once for the same `once`."""
    lock_row(Fund, fund.id)
    about = asked.application.id if asked.application else None
    request_id = sent_id(fund.id, once, actor.id, replace(asked, application=None), about)
    if (sent := db.session.get(OutsideRequest, request_id)) is not None:
        return sent
    request = OutsideRequest(id=request_id, fund=fund, entered_by_id=actor.id, created_at=now, **vars(asked))
    db.session.add(request)
    record(request, "enter", actor=actor, now=now)
    for person in list_data_keepers(request):
        if person.id != actor.id:
            notify(person, MessageKind.DATA, now=now, outside_request_id=str(request.id))
    return request


def propose_release(request: OutsideRequest, words: str, *, seen: str, actor: User, now: datetime) -> None:
    """Word for word, instead of the last proposal; `seen` is `digest_of_proposal` of that one.

    Raises NothingForImmigration, NotPossibleNow, and StaleVersion where a newer proposal was not read.
    """
    _lock(request)
    if request.for_immigration and not request.is_order:
        raise NothingForImmigration
    check_seen(seen, digest_of_proposal(request))
    request.given, request.proposed_by_id = words, actor.id
    move(request, "propose", actor=actor, now=now, details={"digest": digest_of(words)})


def tell_the_group(request: OutsideRequest, words: str, *, actor: User, now: datetime) -> None:
    """On the page of their own data; the mail says nothing. Raises NotPossibleNow."""
    _lock(request)
    if request.application is None or request.told_at is not None:
        raise NotPossibleNow("no group, or told already")
    request.told_at, request.told_words, request.forbidden_reason = now, words, ""
    record(request, "tell_the_group", actor=actor, now=now)
    tell_group(request.application, MessageKind.DATA, now=now, outside_request_id=str(request.id))


def note_forbidden(
    request: OutsideRequest, reason: str, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """The group may not be told, for this reason. It becomes part of a proposal: whoever notes it proposes
    both, and another person agrees. `seen`: `digest_of_proposal` as the writer saw it. Raises
    NotPossibleNow, and StaleVersion where a newer reason or proposal was not read."""
    _lock(request)
    check_seen(seen, digest_of_proposal(request))
    if request.told_at is not None or request.ended_at is not None:
        raise NotPossibleNow("told already, or ended")
    request.forbidden_reason = reason
    if request.status is OutsideStatus.PROPOSED:
        request.proposed_by_id = actor.id
    record(request, "note_forbidden", actor=actor, now=now, reason=reason)


def release(request: OutsideRequest, *, seen: str, actor: User, now: datetime) -> None:
    """`seen`: `digest_of_proposal` as the second person has read it.

    Raises NeedsAnother, and NotPossibleNow where the words changed since or the group was not told.
    """
    _lock(request)
    if request.status is OutsideStatus.PROPOSED and request.proposed_by_id == actor.id:
        raise NeedsAnother
    is_told = request.application_id is None or request.told_at is not None or request.forbidden_reason
    if not is_told or seen != digest_of_proposal(request):
        raise NotPossibleNow("not told, or changed since")
    digest = digest_of(request.given)
    request.agreed_by_id, request.release_digest, request.ended_at = actor.id, digest, now
    move(request, "release", actor=actor, now=now, details={"digest": digest})


def refuse(request: OutsideRequest, reason: str, *, actor: User, now: datetime) -> None:
    """Nothing goes out. Raises NotPossibleNow."""
    _lock(request)
    request.refusal_reason, request.ended_at = reason, now
    move(request, "refuse", actor=actor, now=now, reason=reason)


def name_for_data(fund: Fund, lead: User, deputy: User, *, actor: User, now: datetime) -> None:
    """Who keeps the registers from now on."""
    lock_row(Fund, fund.id)
    fund.data_lead_id, fund.data_deputy_id = lead.id, deputy.id
    record(fund, "name_for_data", actor=actor, now=now)


def _lock(request: OutsideRequest) -> None:
    """Raises NotPossibleNow after the end."""
    lock_row(OutsideRequest, request.id)
    db.session.refresh(request)
    if request.ended_at is not None:
        raise NotPossibleNow("released or refused already")
