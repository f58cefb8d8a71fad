"""Addresses for events, what each kind of event is about, and whether a person may hear of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award, Instalment, Ratification
from fundapp.models.call import Round
from fundapp.models.event import Event
from fundapp.models.fund import Fund
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.models.webhook import DeliveryStatus, Webhook, WebhookDelivery, WebhookKind
from fundapp.permissions import Permission, can
from fundapp.roles import fund_id_of


@dataclass(frozen=True)
class About:
    """`subject`: what the right is asked about. `list_path`: where the API lists it."""

    subject: object
    list_path: str


@dataclass(frozen=True)
class Told:
    """How an event of the chain becomes one that an address is told."""

    kind: WebhookKind
    table: str
    step: str
    permission: Permission
    find: Callable[[UUID], About | None]


def _application(subject_id: UUID) -> About | None:
    found = db.session.get(Application, subject_id)
    return About(found, f"rounds/{found.round_id}/applications") if found else None


def _round(subject_id: UUID) -> About | None:
    signed = db.session.get(Ratification, subject_id)
    found = db.session.get(Round, signed.round_id) if signed else None
    return About(found, f"calls/{found.call_id}/awards") if found else None


def _award(subject_id: UUID) -> About | None:
    found = db.session.get(Award, subject_id)
    return About(found, f"calls/{found.call_id}/awards") if found else None


def _instalment(subject_id: UUID) -> About | None:
    found = db.session.get(Instalment, subject_id)
    return About(found, f"calls/{found.award.call_id}/payments") if found else None


def _check_in(subject_id: UUID) -> About | None:
    found = db.session.get(CheckIn, subject_id)
    return About(found, f"calls/{found.award.call_id}/check-ins") if found else None


K, P = WebhookKind, Permission
TOLD = (
    Told(K.APPLICATION_SENT, "application", "submit", P.CALL_VIEW, _application),
    Told(K.APPLICATION_WITHDRAWN, "application", "withdraw", P.CALL_VIEW, _application),
    Told(K.DECISIONS_RELEASED, "ratification", "release", P.CALL_VIEW, _round),
    Told(K.AWARD_ACCEPTED, "award", "accept", P.CALL_VIEW, _award),
    Told(K.PAYMENT_DUE, "instalment", "fall_due", P.AWARD_READ, _instalment),
    Told(K.PAYMENT_PAID, "instalment", "pay", P.AWARD_READ, _instalment),
    Told(K.CHECK_IN_DUE, "check_in", "offer", P.CALL_VIEW, _check_in),
    Told(K.CHECK_IN_ANSWERED, "check_in", "hold", P.CALL_VIEW, _check_in),
)
_BY_STEP = {(told.table, told.step): told for told in TOLD}
_BY_KIND: Mapping[WebhookKind, Told] = {told.kind: told for told in TOLD}


def told_of(event: Event) -> Told | None:
    """None for what no address is ever told, such as a draft that was never sent and is taken back."""
    if event.details.get("from") == "draft" and event.step == "withdraw":
        return None
    return _BY_STEP.get((event.subject_kind, event.step))


def list_path_for(hook: Webhook, kind: WebhookKind, subject_id: UUID) -> str | None:
    """Where the person of this address may fetch it; None: they may not see it, now, as things stand."""
    if not can(hook.user, Permission.FUND_OPEN, hook.fund):
        return None
    if kind is WebhookKind.TEST:
        return "calls"
    told = _BY_KIND[kind]
    about = told.find(subject_id)
    if about is None or not can(hook.user, told.permission, about.subject):
        return None
    return about.list_path


def list_listening() -> Sequence[Webhook]:
    """Every live address. There are a handful, if any."""
    query = sa.select(Webhook).where(Webhook.stopped_at.is_(None)).order_by(Webhook.id)
    return db.session.execute(query).scalars().all()


def fund_of(told: Told, subject_id: UUID) -> UUID | None:
    about = told.find(subject_id)
    return fund_id_of(about.subject) if about else None


def get_webhook(webhook_id: UUID) -> Webhook:
    """Raises NoResultFound."""
    query = sa.select(Webhook).where(Webhook.id == webhook_id).options(joinedload(Webhook.fund))
    return db.session.execute(query).scalar_one()


def list_own_webhooks(fund: Fund, user: User) -> Sequence[Webhook]:
    """This person's own, the newest first; those they stopped themselves are history, not shown."""
    query = (
        sa.select(Webhook)
        .where(
            Webhook.fund_id == fund.id,
            Webhook.user_id == user.id,
            sa.or_(Webhook.stopped_at.is_(None), Webhook.was_silent),
        )
        .order_by(Webhook.created_at.desc(), Webhook.id)
    )
    return db.session.execute(query).scalars().all()


def has_silent_webhook(fund: Fund, user: User) -> bool:
    query = sa.select(Webhook.id).where(
        Webhook.fund_id == fund.id, Webhook.user_id == user.id, Webhook.was_silent
    )
    return db.session.execute(query.limit(1)).first() is not None


def find_waiting_delivery(delivery_id: UUID) -> WebhookDelivery | None:
    query = (
        sa.select(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.status == DeliveryStatus.WAITING)
        .options(
            joinedload(WebhookDelivery.webhook).options(joinedload(Webhook.user), joinedload(Webhook.fund))
        )
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalar_one_or_none()
