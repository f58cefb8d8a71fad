"""Complaints and appeals on procedure: acknowledged within thirty days, answered by a promised day."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.complaint import Complaint, ComplaintAbout, ComplaintKind, ComplaintOutcome
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.user import User
from fundapp.queries.complaints import find_complaint_by_code, list_handlers
from fundapp.services.claims import open_after_appeal
from fundapp.services.contact import LONDON
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind, notify
from fundapp.services.promises import DayNotAhead
from fundapp.services.tries import Limit, count_try

ACKNOWLEDGE_DAYS = 30
CODE_LENGTH = 16
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
COMPLAINTS = Limit("complaints", 100, timedelta(days=1))  # of one call: they have to be read


@dataclass(frozen=True)
class Complained:
    about: ComplaintAbout
    text: str
    language: str
    reach: str = ""


def complain(call: Call, what: Complained, *, once: str, secret: str, now: datetime) -> str:
    """From anybody. Returns the code with which they follow it; we keep its digest. Sent again, it is the
    same complaint with the same code. Raises TooManyTries.
    """
    code = _code(call, what, once=once, secret=secret)
    lock_row(Call, call.id)  # whoever presses twice
    if find_complaint_by_code(code_digest(code)) is not None:
        return code
    count_try(COMPLAINTS, str(call.id), now=now)
    complaint = _receive(call, ComplaintKind.COMPLAINT, what, now)
    complaint.code_digest = code_digest(code)
    _write_down(complaint, None, now)
    return code


def _code(call: Call, what: Complained, *, once: str, secret: str) -> str:
    """The same for the same words from the same showing of the form, and of no use to guess from without our
    secret. Other words are another complaint: none that were written are lost.
    """
    sent = json.dumps(["complaint", str(call.id), once, *astuple(what)])
    made = hmac.new(secret.encode(), sent.encode(), hashlib.sha256).digest()[:CODE_LENGTH]
    return "".join(ALPHABET[each % len(ALPHABET)] for each in made)


def appeal(application: Application, what: Complained, *, actor: User, now: datetime) -> Complaint:
    """A group says that a decision was not made by the rules. Raises NotPossibleNow before it is told, and
    while an appeal of it waits."""
    lock_row(Application, application.id)
    if application.group_told_at is None or _waits(application):
        raise NotPossibleNow("nothing is decided, or an appeal waits already")
    complaint = _receive(application.call, ComplaintKind.APPEAL, what, now, application)
    _write_down(complaint, actor, now)
    return complaint


def appeal_about_claim(
    application: Application, claim: ByAndForClaim, what: Complained, *, actor: User, now: datetime
) -> Complaint:
    """A group asks to look again at what was found about it. Raises NotPossibleNow for what is no finding
    against this group, and while an appeal of it waits."""
    lock_row(Application, application.id)
    db.session.refresh(claim)
    is_own = (claim.organisation_id, claim.call_id) == (application.organisation_id, application.call_id)
    if not is_own or claim.status is not ClaimStatus.NOT_MET or _waits(application):
        raise NotPossibleNow("nothing was found against it, or an appeal waits already")
    complaint = _receive(application.call, ComplaintKind.APPEAL, what, now, application)
    complaint.claim = claim
    _write_down(complaint, actor, now)
    return complaint


def _waits(application: Application) -> bool:
    waiting = sa.select(Complaint.id).where(
        Complaint.application_id == application.id, Complaint.answered_at.is_(None)
    )
    return db.session.execute(waiting).first() is not None


def acknowledge(complaint: Complaint, answer_by: date, *, actor: User, now: datetime) -> None:
    """Somebody has read it, handles it, and promises a day. Raises DayNotAhead."""
    _lock(complaint)
    if answer_by <= now.astimezone(LONDON).date():
        raise DayNotAhead
    complaint.handler_id, complaint.acknowledged_at, complaint.answer_by = actor.id, now, answer_by
    move(complaint, "acknowledge", actor=actor, now=now, details={"answer_by": answer_by.isoformat()})
    _tell_group(complaint, now)


def answer_complaint(
    complaint: Complaint, outcome: ComplaintOutcome, answer: str, *, actor: User, now: datetime
) -> None:
    """Whoever finds for the group in an appeal about a claim has it looked at again."""
    _lock(complaint)
    complaint.handler_id = actor.id
    complaint.outcome, complaint.answer, complaint.answered_at = outcome, answer, now
    move(complaint, "answer", actor=actor, now=now, details={"outcome": outcome.value})
    if complaint.claim is not None and outcome is not ComplaintOutcome.NOT_UPHELD:
        open_after_appeal(complaint.claim, answer, actor=actor, now=now)
    _tell_group(complaint, now)


def say_whom(complaint: Complaint, person: User, *, actor: User, now: datetime) -> None:
    """It is about this person, who does not see it from here on; others are asked to handle it."""
    _lock(complaint)
    complaint.about_id = person.id
    if complaint.handler_id == person.id:
        complaint.handler_id = None
    record(complaint, "say_whom", actor=actor, now=now, call_id=complaint.call_id)
    db.session.flush()
    _tell_handlers(complaint, now)


def code_digest(code: str) -> str:
    cleaned = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(cleaned.encode()).hexdigest()


def _receive(
    call: Call, kind: ComplaintKind, what: Complained, now: datetime, application: Application | None = None
) -> Complaint:
    complaint = Complaint(call=call, kind=kind, application=application, created_at=now)
    complaint.about, complaint.text, complaint.language = what.about, what.text, what.language
    complaint.reach = what.reach
    complaint.acknowledge_by = now.astimezone(LONDON).date() + timedelta(days=ACKNOWLEDGE_DAYS)
    db.session.add(complaint)
    return complaint


def _write_down(complaint: Complaint, actor: User | None, now: datetime) -> None:
    details = {"kind": complaint.kind.value, "about": complaint.about.value}
    record(complaint, "receive", actor=actor, now=now, call_id=complaint.call_id, details=details)
    _tell_handlers(complaint, now)


def _tell_handlers(complaint: Complaint, now: datetime) -> None:
    for person in list_handlers(complaint):
        notify(person, MessageKind.COMPLAINT, now=now, complaint_id=str(complaint.id))


def _tell_group(complaint: Complaint, now: datetime) -> None:
    if complaint.application is not None:
        told = str(complaint.application_id)
        tell_group(complaint.application, MessageKind.COMPLAINT, now=now, application_id=told)


def _lock(complaint: Complaint) -> None:
    lock_row(Complaint, complaint.id)
    db.session.refresh(complaint)
