"""Payments told to the bank together. After the second person nothing of a batch can change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Money, Row, text_enum
from fundapp.models.award import Instalment
from fundapp.models.bank import BankAccount
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.money_steps import BatchStatus, LineStatus


class FundAccount(Row):
    """What a fund pays from; a change is a new row, and the newest one counts."""

    __tablename__ = "fund_account"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    sealed: Mapped[bytes]
    last_digits: Mapped[str] = mapped_column(sa.String(4))

    fund: Mapped[Fund] = relationship()


class PaymentBatch(Row):
    """One person puts it together, another one checks it; the file is made again from it, byte for byte."""

    __tablename__ = "payment_batch"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    status: Mapped[BatchStatus] = mapped_column(text_enum(BatchStatus), default=BatchStatus.OPEN)
    pay_on: Mapped[date]
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    approved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    fund_account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("fund_account.id"))
    total: Mapped[Money | None]  # as approved
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))  # SHA-256 of the ISO 20022 file
    csv_digest: Mapped[str | None] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column()

    call: Mapped[Call] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=made_by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
    fund_account: Mapped[FundAccount | None] = relationship()
    lines: Mapped[list[PaymentLine]] = relationship(back_populates="batch", order_by="PaymentLine.reference")

    @property
    def live_lines(self) -> list[PaymentLine]:
        return [line for line in self.lines if line.status is not LineStatus.DROPPED]

    @property
    def live_total(self) -> Decimal:
        return sum((line.amount for line in self.live_lines), Decimal(0))

    @property
    def waits_for_all(self) -> bool:
        """The bank was told, and has answered nothing yet."""
        return bool(self.live_lines) and all(line.status is LineStatus.SENT for line in self.live_lines)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("approved_by_id <> made_by_id", name="two_people"),
        sa.CheckConstraint(
            "(status IN ('approved', 'settled')) = (approved_at IS NOT NULL)"
            " AND (approved_at IS NULL) = (file_digest IS NULL)"
            " AND (approved_at IS NULL) = (csv_digest IS NULL)"
            " AND (approved_at IS NULL) = (total IS NULL)"
            " AND (approved_at IS NULL) = (fund_account_id IS NULL)"
            " AND (approved_at IS NULL) = (approved_by_id IS NULL)",
            name="approved_wholly",
        ),
    )


class PaymentLine(Row):
    """One payment of a batch. `reference` travels with the money and stands on the group's statement."""

    __tablename__ = "payment_line"

    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payment_batch.id"), index=True)
    instalment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("instalment.id"))
    bank_account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bank_account.id"))
    amount: Mapped[Money]
    reference: Mapped[str] = mapped_column(sa.String(18), unique=True)
    status: Mapped[LineStatus] = mapped_column(text_enum(LineStatus), default=LineStatus.LISTED)
    bank_reason: Mapped[str] = mapped_column(sa.String(35), default="")  # the bank's code or word
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    batch: Mapped[PaymentBatch] = relationship(back_populates="lines")
    instalment: Mapped[Instalment] = relationship()
    bank_account: Mapped[BankAccount] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.batch.call_id

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint(
            "(status IN ('paid', 'returned')) = (answered_at IS NOT NULL)", name="answered_has_a_time"
        ),
        sa.Index("ix_payment_line_instalment_id", "instalment_id"),
        sa.Index(
            "uq_payment_line_live",
            "instalment_id",
            unique=True,
            sqlite_where=sa.text("status IN ('listed', 'sent', 'paid')"),
            postgresql_where=sa.text("status IN ('listed', 'sent', 'paid')"),
        ),
    )
