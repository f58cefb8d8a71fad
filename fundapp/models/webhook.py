"""Addresses of a fund's own tools that are told when something happened, and what waits to be told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Json, Row, text_enum
from fundapp.models.fund import Fund
from fundapp.models.user import User


class WebhookKind(StrEnum):
    """What an address may be told. Nothing else ever leaves."""

    APPLICATION_SENT = "application.sent"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    DECISIONS_RELEASED = "decisions.released"
    AWARD_ACCEPTED = "award.accepted"
    PAYMENT_DUE = "payment.due"
    PAYMENT_PAID = "payment.paid"
    CHECK_IN_DUE = "check_in.due"
    CHECK_IN_ANSWERED = "check_in.answered"
    TEST = "test"  # asked for by the person of the address


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Webhook(Row):
    """It stands for its person: it hears only of what they may see. Stopped by them, or by long silence."""

    __tablename__ = "webhook"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(sa.String(500))
    kinds: Mapped[Json]  # list of WebhookKind
    stopped_at: Mapped[datetime | None]
    was_silent: Mapped[bool] = mapped_column(default=False)  # stopped because it answered no more
    failures: Mapped[int] = mapped_column(default=0)  # since it last answered as it should
    failing_since: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]  # nothing is tried before
    last_status: Mapped[int | None]  # of HTTP; None: no answer
    reached_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]  # when an event was given up last, though others got through

    fund: Mapped[Fund] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(failures = 0) = (failing_since IS NULL)", name="fails_since_then"),
        sa.CheckConstraint("NOT was_silent OR stopped_at IS NOT NULL", name="silence_stops"),
    )


class WebhookSecret(Row):
    """Sealed, with this row's id. The newest has no end; the one before signs too until its end."""

    __tablename__ = "webhook_secret"

    webhook_id: Mapped[UUID] = mapped_column(sa.ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes]
    ends_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "uq_webhook_secret_without_end",
            "webhook_id",
            unique=True,
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        ),
    )


class WebhookDelivery(Row):
    """One event for one address. Its id is sent each time, so that a receiver knows what came twice."""

    __tablename__ = "webhook_delivery"

    webhook_id: Mapped[UUID] = mapped_column(sa.ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    event_number: Mapped[int] = mapped_column(sa.BigInteger(), sa.ForeignKey("event.number"))
    kind: Mapped[WebhookKind] = mapped_column(text_enum(WebhookKind))
    subject_id: Mapped[UUID]
    happened_at: Mapped[datetime]
    status: Mapped[DeliveryStatus] = mapped_column(text_enum(DeliveryStatus), default=DeliveryStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]

    webhook: Mapped[Webhook] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "event_number"),
        sa.CheckConstraint("(status = 'waiting') = (done_at IS NULL)", name="done_when_settled"),
    )
