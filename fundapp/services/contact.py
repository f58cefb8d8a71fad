"""Safe contact: what a person says about mail, and the change of an address."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.models.contact import ContactRule
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.queries.users import find_user_by_email
from fundapp.services.events import record
from fundapp.services.messages import CODE_LIFE, MessageKind, notify
from fundapp.services.sign_in import (
    CODES_ALL,
    CODES_ANYWHERE,
    CODES_HERE,
    CODES_NETWORK,
    AskedFrom,
    code_digest,
)
from fundapp.services.tries import Limit, count_try
from fundapp.services.users import end_sessions

LONDON = ZoneInfo("Europe/London")
CODE_GUESSES = Limit("new_address_guess", 5, CODE_LIFE)


class AddressNotFree(FundError):
    """Somebody else signs in with this address."""

    code = "address_not_free"


@dataclass(frozen=True)
class Contact:
    """A person's rule as it holds, also where nothing was said."""

    mail_is_safe: bool = True
    hours: tuple[int, int] | None = None
    wants_reminders: bool = True

    def wait_until(self, now: datetime) -> datetime | None:
        """When mail may arrive next; None: now. Hours may go over midnight."""
        if self.hours is None:
            return None
        first, last = self.hours
        local = now.astimezone(LONDON)
        is_within = first <= local.hour < last if first < last else local.hour >= first or local.hour < last
        if is_within:
            return None
        opens = local.replace(hour=first, minute=0, second=0, microsecond=0)
        return opens if opens > local else opens + timedelta(days=1)


def contact_of(user_id: UUID, session: Session | None = None) -> Contact:
    query = sa.select(ContactRule).where(ContactRule.user_id == user_id)
    rule = (session or db.session).execute(query).scalar_one_or_none()
    if rule is None:
        return Contact()
    hours = None
    if rule.hours_from is not None and rule.hours_to is not None:
        hours = (rule.hours_from, rule.hours_to)
    return Contact(rule.mail_is_safe, hours, rule.wants_reminders)


def set_contact(user: User, contact: Contact, *, now: datetime) -> None:
    """What the person says now. The event says only that it changed."""
    lock_row(User, user.id)
    query = sa.select(ContactRule).where(ContactRule.user_id == user.id)
    rule = db.session.execute(query).scalar_one_or_none() or ContactRule(user_id=user.id)
    rule.mail_is_safe, rule.wants_reminders = contact.mail_is_safe, contact.wants_reminders
    rule.hours_from, rule.hours_to = contact.hours or (None, None)
    db.session.add(rule)
    record(user, "set_contact", actor=user, now=now)


def ask_for_new_address(
    user: User, address: str, *, browser_secret: str, asked_from: AskedFrom, now: datetime
) -> str:
    """Send a code to the new address; returns what `proof_of` gives for the right code. Raises TooManyTries.

    Known and unknown addresses get the same answer here.
    """
    for limit, key in (
        (CODES_HERE, asked_from.both),
        (CODES_ANYWHERE, asked_from.address),
        (CODES_NETWORK, asked_from.network),
        (CODES_ALL, "all"),
    ):
        count_try(limit, key, now=now)
    code = f"{secrets.randbelow(10**6):06d}"
    notify(user, MessageKind.SIGN_IN_CODE, now=now, address=address.lower(), code=code)
    return proof_of(address, code, browser_secret)


def proof_of(address: str, code: str, browser_secret: str) -> str:
    """Keyed with what only the asking browser holds: a copy of the database opens nothing."""
    return code_digest(f"{address.lower()}:{code}", browser_secret)


def count_guess(user: User, *, now: datetime) -> None:
    """A code of six digits may be tried a few times only. Raises TooManyTries."""
    count_try(CODE_GUESSES, str(user.id), now=now)


def change_address(user: User, address: str, *, old_is_safe: bool, now: datetime) -> None:
    """From now on the person signs in with the new address, which has been proved; sessions end.

    A neutral notice goes to the old address if the person says that it is safe and has never said
    that it is not. It names neither address. Raises AddressNotFree.
    """
    lock_row(User, user.id)
    old, contact = user.email, contact_of(user.id)
    address = address.lower()
    if address == old:
        return
    if find_user_by_email(address) is not None:
        raise AddressNotFree
    user.email = address
    end_sessions(user, now=now)
    record(user, "change_address", actor=user, now=now)
    if old_is_safe and contact.mail_is_safe:
        notify(user, MessageKind.ADDRESS_CHANGED, now=now, address=old)
    if not contact.mail_is_safe:  # said of the address that is gone
        set_contact(user, Contact(True, contact.hours, contact.wants_reminders), now=now)


def mark_seen(user: User, *, now: datetime) -> None:
    """The person has read what waited on their first page; a code in it has had its use."""
    db.session.execute(
        sa.update(Message)
        .where(Message.recipient_id == user.id, Message.waits_since <= now)
        .values(waits_since=None, arguments={})
        .execution_options(synchronize_session=False)
    )
