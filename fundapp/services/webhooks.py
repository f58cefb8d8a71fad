"""Addresses for events: added, signed for with a new secret, stopped and taken up again by their person."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.models.webhook import DeliveryStatus, Webhook, WebhookDelivery, WebhookKind, WebhookSecret
from fundapp.outgoing import BadAddress, checked_address
from fundapp.queries.webhooks import list_own_webhooks
from fundapp.sealing import sealer
from fundapp.services.events import record

MOST_ADDRESSES = 5
SECRET_BEGINNING, SECRET_BYTES = "whsec_", 32
BOTH_SIGN_FOR = timedelta(hours=24)  # the old secret beside the new one
SECRETS = WebhookSecret.__tablename__
TEST_STEP = "test_webhook"


class TooManyAddresses(FundError):
    """This person has as many addresses for events as one can look after."""

    code = "too_many_addresses"


class AddressRefused(FundError):
    """Not https, not on the open internet, or not an address at all."""

    code = "address_refused"


def add_address(
    fund: Fund, *, url: str, kinds: Collection[WebhookKind], may_be_near: bool, actor: User, now: datetime
) -> str:
    """The secret, which is shown once. Raises TooManyAddresses, AddressRefused, ValueError."""
    if not kinds or WebhookKind.TEST in kinds:
        raise ValueError("an address is told something")
    try:
        checked_address(url, may_be_near=may_be_near)
    except BadAddress as error:
        raise AddressRefused from error
    lock_row(User, actor.id)
    if len(list_own_webhooks(fund, actor)) >= MOST_ADDRESSES:
        raise TooManyAddresses
    hook = Webhook(
        fund=fund, user=actor, url=url, kinds=sorted(kind.value for kind in kinds), created_at=now, failures=0
    )
    db.session.add(hook)
    db.session.flush()
    secret = _new_secret(hook, now)
    record(hook, "add_webhook", actor=actor, now=now, details={"kinds": hook.kinds})
    return secret


def change_secret(hook: Webhook, *, actor: User, now: datetime) -> str:
    """A new one; for a day both sign, so that the receiver can be changed without losing anything."""
    lock_row(Webhook, hook.id)
    for row in _secrets_of(hook):
        if row.ends_at is None:
            row.ends_at = now + BOTH_SIGN_FOR
        else:  # of three secrets the oldest goes at once
            db.session.delete(row)
    db.session.flush()
    secret = _new_secret(hook, now)
    record(hook, "change_webhook_secret", actor=actor, now=now)
    return secret


def stop_all_of(user: User, *, now: datetime) -> None:
    """Signed out everywhere: what somebody else may have added in their name hears nothing more."""
    live = sa.select(Webhook).where(
        Webhook.user_id == user.id, sa.or_(Webhook.stopped_at.is_(None), Webhook.was_silent)
    )
    for hook in db.session.execute(live).scalars().all():
        stop_address(hook, actor=None, now=now)


def stop_address(hook: Webhook, *, actor: User | None, now: datetime) -> None:
    """Nothing is sent there any more, nor what waits. Twice is once."""
    lock_row(Webhook, hook.id)
    db.session.refresh(hook)
    if hook.stopped_at is not None and not hook.was_silent:
        return
    hook.stopped_at, hook.was_silent = now, False
    forget_waiting(hook)
    record(hook, "stop_webhook", actor=actor, now=now)


def take_up_again(hook: Webhook, *, actor: User, now: datetime) -> None:
    """After silence: from now on, nothing of what came meanwhile. Raises NotPossibleNow."""
    lock_row(Webhook, hook.id)
    db.session.refresh(hook)
    if not hook.was_silent:
        raise NotPossibleNow("it was not stopped by silence")
    hook.was_silent, hook.stopped_at = False, None
    hook.failures, hook.failing_since, hook.quiet_until = 0, None, None
    record(hook, "take_up_webhook", actor=actor, now=now)


def send_test(hook: Webhook, *, actor: User, now: datetime) -> None:
    """An event that says nothing, to try the address. Raises NotPossibleNow for one that is stopped."""
    if hook.stopped_at is not None:
        raise NotPossibleNow("it is stopped")
    record(hook, TEST_STEP, actor=actor, now=now)


def forget_waiting(hook: Webhook) -> None:
    db.session.execute(
        sa.delete(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.status == DeliveryStatus.WAITING)
        .execution_options(synchronize_session="fetch")
    )


def secrets_now(hook: Webhook, *, now: datetime) -> list[bytes]:
    """The newest first. Raises CannotOpen."""
    return [
        sealer().open(row.sealed, table=SECRETS, row_id=row.id)
        for row in _secrets_of(hook)
        if row.ends_at is None or row.ends_at > now
    ]


def seal_secrets_again() -> int:
    """With the key of today; how many were not sealed with it yet. Raises CannotOpen."""
    rows = db.session.execute(sa.select(WebhookSecret).with_for_update()).scalars()
    old = [row for row in rows if not sealer().is_current(row.sealed)]
    for row in old:
        plain = sealer().open(row.sealed, table=SECRETS, row_id=row.id)
        row.sealed = sealer().seal(plain, table=SECRETS, row_id=row.id)
    return len(old)


def _new_secret(hook: Webhook, now: datetime) -> str:
    plain, row_id = secrets.token_bytes(SECRET_BYTES), uuid4()
    sealed = sealer().seal(plain, table=SECRETS, row_id=row_id)
    db.session.add(WebhookSecret(id=row_id, webhook_id=hook.id, sealed=sealed, ends_at=None, created_at=now))
    db.session.flush()
    return SECRET_BEGINNING + base64.b64encode(plain).decode()


def _secrets_of(hook: Webhook) -> Sequence[WebhookSecret]:
    query = sa.select(WebhookSecret).where(WebhookSecret.webhook_id == hook.id)
    return (
        db.session.execute(query.order_by(WebhookSecret.created_at.desc(), WebhookSecret.id)).scalars().all()
    )
