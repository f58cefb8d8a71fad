"""Signing in: a mailed code for groups and panel members, a passphrase and a changing code for staff."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import CursorResult

from fundapp.db import db
from fundapp.models.user import SignInCode, User
from fundapp.queries.users import find_user_by_email
from fundapp.services.messages import CODE_LIFE, SEND_MESSAGE, MessageKind, notify
from fundapp.services.outbox import enqueue
from fundapp.services.tries import Limit, count_try

MOST_TRIES = 5
HOUR = timedelta(hours=1)

# For each address from one network tighter than from everywhere, so that strangers cannot lock its owner out.
CODES_HERE = Limit("code_here", 6, HOUR)
CODES_ANYWHERE = Limit("code_address", 20, HOUR)
CODES_NETWORK = Limit("code_network", 60, HOUR)
CODES_ALL = Limit("code_all", 3000, HOUR)
GUESSES_NETWORK = Limit("guess_network", 200, HOUR)
STAFF_HERE = Limit("staff_here", 10, HOUR)
STAFF_ANYWHERE = Limit("staff_address", 20, HOUR)
STAFF_NETWORK = Limit("staff_network", 100, HOUR)
STAFF_ALL = Limit("staff_all", 1000, HOUR)

HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
NOBODYS_HASH = HASHER.hash(secrets.token_urlsafe(16))  # so that an unknown address costs the same time


@dataclass(frozen=True)
class AskedFrom:
    """Who asks, as keyed digests: limits need to know "the same again", not who it is."""

    address: str
    network: str

    @property
    def both(self) -> str:
        return f"{self.address[:32]}:{self.network[:32]}"


def browser_digest(browser_secret: str) -> str:
    return hashlib.sha256(f"browser:{browser_secret}".encode()).hexdigest()


def code_digest(code: str, browser_secret: str) -> str:
    """Keyed with what only the asking browser holds: a copy of the database opens nothing."""
    return hmac.new(browser_secret.encode(), code.encode(), hashlib.sha256).hexdigest()


def ask_for_code(
    email: str, *, browser_secret: str, asked_from: AskedFrom, language: str, now: datetime
) -> None:
    """Send a code. A new address becomes a person at once: known and unknown ones get the same answer.

    Staff and disabled people get none by mail. Raises TooManyTries.
    """
    for limit, key in (
        (CODES_HERE, asked_from.both),
        (CODES_ANYWHERE, asked_from.address),
        (CODES_NETWORK, asked_from.network),
        (CODES_ALL, "all"),
    ):
        count_try(limit, key, now=now)
    user = person_with(email.lower(), language)
    may_enter = not (user.is_staff or user.is_disabled)
    code = f"{secrets.randbelow(10**6):06d}"
    browser = browser_digest(browser_secret)
    db.session.execute(sa.delete(SignInCode).where(SignInCode.browser_digest == browser))
    db.session.add(
        SignInCode(
            user=user if may_enter else None,
            code_digest=code_digest(code, browser_secret),
            browser_digest=browser,
            expires_at=now + CODE_LIFE,
        )
    )
    if may_enter:
        notify(user, MessageKind.SIGN_IN_CODE, now=now, code=code)
    else:
        enqueue(SEND_MESSAGE, message_id=str(uuid4()))  # the same work; there is no such message


def person_with(email: str, language: str) -> User:
    """Whoever has this address; a new address becomes a person at once."""
    known = find_user_by_email(email)
    if known is not None:
        return known
    user = User(email=email, language=language)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except sa.exc.IntegrityError:  # asked twice at the same moment
        known = find_user_by_email(email)
        if known is None:
            raise
        return known
    return user


def use_code(
    code: str, *, browser_secret: str, asked_from: AskedFrom, language: str, now: datetime
) -> User | None:
    """Whom this code lets in, once; None when it is wrong, old, used, void or of another browser.

    The count of tries must be stored either way, so this raises nothing but TooManyTries.
    """
    count_try(GUESSES_NETWORK, asked_from.network, now=now)
    browser = browser_digest(browser_secret)
    is_live = (
        SignInCode.browser_digest == browser,
        SignInCode.used_at.is_(None),
        SignInCode.expires_at > now,
        SignInCode.tries < MOST_TRIES,
    )
    tried = sa.update(SignInCode).where(*is_live).values(tries=SignInCode.tries + 1)
    if not _touched(tried):
        return None
    used = (
        sa.update(SignInCode)
        .where(
            SignInCode.browser_digest == browser,
            SignInCode.used_at.is_(None),
            SignInCode.code_digest == code_digest(code, browser_secret),
            SignInCode.user_id.is_not(None),
        )
        .values(used_at=now)
        .returning(SignInCode.user_id)
        .execution_options(synchronize_session=False)
    )
    user_id = db.session.execute(used).scalar_one_or_none()
    user = db.session.get(User, user_id) if user_id else None
    if user is None or user.is_disabled:
        return None
    user.language = language  # mails come in the language the person reads now
    return user


def check_passphrase(email: str, passphrase: str, *, asked_from: AskedFrom, now: datetime) -> User | None:
    """First step of staff. Takes the same time for everybody; raises TooManyTries."""
    for limit, key in (
        (STAFF_HERE, asked_from.both),
        (STAFF_ANYWHERE, asked_from.address),
        (STAFF_NETWORK, asked_from.network),
        (STAFF_ALL, "all"),
    ):
        count_try(limit, key, now=now)
    user = find_user_by_email(email.lower())
    may_enter = user is not None and user.is_staff and not user.is_disabled and user.totp_secret is not None
    stored = user.passphrase_hash if user is not None and may_enter else None
    if not _is_hash_of(stored or NOBODYS_HASH, passphrase) or user is None or stored is None:
        return None
    if HASHER.check_needs_rehash(stored):
        user.passphrase_hash = HASHER.hash(passphrase)
    return user


def _is_hash_of(stored: str, passphrase: str) -> bool:
    try:
        return HASHER.verify(stored, passphrase)
    except (VerificationError, InvalidHashError):
        return False


def use_changing_code(user: User, code: str, *, asked_from: AskedFrom, now: datetime) -> bool:
    """Second step of staff: the app's code of now, one step before or after, never the same one twice."""
    count_try(STAFF_HERE, f"second:{asked_from.both}", now=now)
    count_try(STAFF_ANYWHERE, f"second:{user.id}", now=now)
    if user.totp_secret is None or user.is_disabled or not user.is_staff:
        return False
    app = pyotp.TOTP(user.totp_secret)
    current = int(now.timestamp()) // app.interval
    matching = [s for s in (current - 1, current, current + 1) if _same(app.generate_otp(s), code)]
    return any(_claim_step(user, step) for step in matching)


def _claim_step(user: User, step: int) -> bool:
    """True for exactly one of several who show the same code at once."""
    claimed = (
        sa.update(User)
        .where(User.id == user.id, sa.or_(User.totp_last_step.is_(None), User.totp_last_step < step))
        .values(totp_last_step=step)
    )
    return _touched(claimed)


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())


def _touched(statement: sa.Update) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1
