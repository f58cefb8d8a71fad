"""People who work for a fund: added with a one-time code, and what ends their sessions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import pyotp
import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import FundError
from fundapp.models.api_key import ApiKey
from fundapp.models.fund import Fund, FundRole, FundRoleKind
from fundapp.models.user import SignInCode, User
from fundapp.queries.users import find_user_by_email
from fundapp.services.events import record
from fundapp.services.sign_in import HASHER, MOST_TRIES, STAFF_HERE, STAFF_NETWORK, AskedFrom
from fundapp.services.tries import count_try
from fundapp.services.webhooks import stop_all_of

SET_UP_LIFE = timedelta(hours=48)
SHORTEST_PASSPHRASE = 15
LONGEST_PASSPHRASE = 128
WEAK_WORDS = (
    "passphrase",
    "password",
    "passwort",
    "contraseña",
    "qwerty",
    "12345",
    "letmein",
    "fundapp",
    "grants",
)


class AddressTaken(FundError):
    code = "address_taken"


class WeakPassphrase(FundError):
    """`why` is "short", "long", "known" or "address"."""

    code = "weak_passphrase"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def add_staff(
    email: str, *, name: str, fund: Fund, kind: FundRoleKind, actor: User | None, now: datetime
) -> str:
    """A person with a role. The one-time code returned is good for two days. Raises AddressTaken."""
    user = find_user_by_email(email.lower())
    if user is not None and not user.is_staff:
        raise AddressTaken
    if user is None:
        user = User(email=email.lower(), name=name, is_staff=True)
        db.session.add(user)
    give_role(user, fund=fund, kind=kind, actor=actor, now=now)
    return new_set_up_code(user, now=now)


def give_role(user: User, *, fund: Fund, kind: FundRoleKind, actor: User | None, now: datetime) -> None:
    """A changed role ends the person's sessions."""
    db.session.flush()
    known = sa.select(FundRole.id).where(
        FundRole.user_id == user.id, FundRole.fund_id == fund.id, FundRole.kind == kind
    )
    if db.session.execute(known).first() is None:
        db.session.add(FundRole(user=user, fund=fund, kind=kind))
        record(user, "give_role", actor=actor, now=now, details={"fund": str(fund.id), "role": kind.value})
    end_sessions(user, now=now)


def take_role(user: User, *, fund: Fund, kind: FundRoleKind, actor: User | None, now: datetime) -> None:
    db.session.execute(
        sa.delete(FundRole).where(
            FundRole.user_id == user.id, FundRole.fund_id == fund.id, FundRole.kind == kind
        )
    )
    record(user, "take_role", actor=actor, now=now, details={"fund": str(fund.id), "role": kind.value})
    end_sessions(user, now=now)


def disable(user: User, *, actor: User | None, now: datetime) -> None:
    user.is_disabled = True
    end_sessions(user, now=now)
    record(user, "disable", actor=actor, now=now)


def end_sessions(user: User, *, now: datetime) -> None:
    """Every browser of this person is signed out with its next request; their keys and webhooks end."""
    user.sessions_valid_from = now
    live = sa.select(ApiKey).where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
    for key in db.session.execute(live).scalars():
        key.revoked_at = now
        record(key, "revoke_api_key", actor=None, now=now)
    stop_all_of(user, now=now)


def new_set_up_code(user: User, *, now: datetime) -> str:
    """128 random bits, stored as a digest; an earlier code of this person ends."""
    db.session.flush()
    code = secrets.token_hex(16)
    db.session.execute(sa.delete(SignInCode).where(SignInCode.browser_digest == _set_up_digest(user)))
    db.session.add(
        SignInCode(
            user=user,
            code_digest=hashlib.sha256(code.encode()).hexdigest(),
            browser_digest=_set_up_digest(user),
            expires_at=now + SET_UP_LIFE,
        )
    )
    return code


def set_up_staff(
    email: str, code: str, passphrase: str, *, asked_from: AskedFrom, now: datetime
) -> User | None:
    """Use the one-time code: store the passphrase and make the secret for the changing code.

    None when address and code do not fit. Raises WeakPassphrase and TooManyTries.
    """
    count_try(STAFF_HERE, f"set_up:{asked_from.both}", now=now)
    count_try(STAFF_NETWORK, f"set_up:{asked_from.network}", now=now)
    check_passphrase_rules(passphrase, email)
    digest = HASHER.hash(passphrase)  # before we know, so that unknown addresses cost the same time
    user = find_user_by_email(email.lower())
    if user is None or not user.is_staff or user.is_disabled:
        return None
    used = (
        sa.update(SignInCode)
        .where(
            SignInCode.browser_digest == _set_up_digest(user),
            SignInCode.code_digest == hashlib.sha256(code.strip().lower().encode()).hexdigest(),
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > now,
            SignInCode.tries < MOST_TRIES,
        )
        .values(used_at=now)
        .returning(SignInCode.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(used).scalar_one_or_none() is None:
        return None
    user.passphrase_hash = digest
    user.totp_secret = pyotp.random_base32()
    user.totp_last_step = None
    end_sessions(user, now=now)
    record(user, "set_up_sign_in", actor=user, now=now)
    return user


def check_passphrase_rules(passphrase: str, email: str) -> None:
    """Long, not known, not made of the address. Any characters; no further rules."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase("short")
    if len(passphrase) > LONGEST_PASSPHRASE:
        raise WeakPassphrase("long")
    small = passphrase.lower()
    if len(set(small)) < 6 or any(small.startswith(word) for word in WEAK_WORDS):
        raise WeakPassphrase("known")
    if email.lower().partition("@")[0] in small:
        raise WeakPassphrase("address")


def _set_up_digest(user: User) -> str:
    return hashlib.sha256(f"set-up:{user.id}".encode()).hexdigest()
