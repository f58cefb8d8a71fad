"""Where the money of a grant goes. The numbers are sealed; four digits stay readable."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.award import Award
from fundapp.models.document import OrganisationDocument
from fundapp.models.user import User
from fundapp.money_steps import AccountStatus


class ReachedBy(StrEnum):
    """How somebody of the fund heard from the group itself that the numbers are right."""

    PHONE = "phone"  # a number that the fund had before
    IN_PERSON = "in_person"


class NameCheck(StrEnum):
    """What the fund's bank says to the name and the numbers."""

    MATCH = "match"
    CLOSE = "close"
    NOT_ANSWERED = "not_answered"


class BankAccount(Row):
    """What a group says about its account, once for each change; nothing of a row changes but its steps.

    `sealed` holds name, sort code and number (fundapp.sealing). Four different people: who proposes, who
    signs for the group too, who checks for the fund, and who pays.
    """

    __tablename__ = "bank_account"

    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("award.id"), index=True)
    status: Mapped[AccountStatus] = mapped_column(text_enum(AccountStatus), default=AccountStatus.PROPOSED)
    sealed: Mapped[bytes]  # empty once the numbers were kept long enough
    fingerprint: Mapped[str] = mapped_column(sa.String(64), index=True)  # keyed: finds the same account
    last_digits: Mapped[str] = mapped_column(sa.String(4))
    is_change: Mapped[bool]
    proposed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    signed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    signed_at: Mapped[datetime | None]
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    checked_at: Mapped[datetime | None]  # a statement was looked at, and the group was asked itself
    statement_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation_document.id"))
    reached_by: Mapped[ReachedBy | None] = mapped_column(text_enum(ReachedBy))
    name_check: Mapped[NameCheck | None] = mapped_column(text_enum(NameCheck))
    usable_from: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_reason: Mapped[str] = mapped_column(sa.Text(), default="")  # the group and the fund read it
    version: Mapped[int] = mapped_column()

    award: Mapped[Award] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    signed_by: Mapped[User | None] = relationship(foreign_keys=signed_by_id)
    checked_by: Mapped[User | None] = relationship(foreign_keys=checked_by_id)
    statement: Mapped[OrganisationDocument | None] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.award.call_id

    @property
    def people(self) -> frozenset[UUID]:
        """Who had a hand in it: none of them pays to it."""
        had = (self.proposed_by_id, self.signed_by_id, self.checked_by_id)
        return frozenset(one for one in had if one is not None)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "proposed_by_id <> signed_by_id AND proposed_by_id <> checked_by_id"
            " AND signed_by_id <> checked_by_id",
            name="different_people",
        ),
        sa.CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name="signed_has_a_time"),
        sa.CheckConstraint(
            "status IN ('proposed', 'stopped') OR signed_by_id IS NOT NULL", name="signed_by_a_second_person"
        ),
        sa.CheckConstraint(
            "status NOT IN ('checked', 'replaced') OR (checked_by_id IS NOT NULL AND checked_at IS NOT NULL"
            " AND reached_by IS NOT NULL AND name_check IS NOT NULL AND usable_from > checked_at)",
            name="checked_wholly",
        ),
        sa.CheckConstraint("(status = 'stopped') = (stopped_at IS NOT NULL)", name="stopped_has_a_time"),
        sa.Index(
            "uq_bank_account_waiting",
            "award_id",
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'signed')"),
            postgresql_where=sa.text("status IN ('proposed', 'signed')"),
        ),
        sa.Index(
            "uq_bank_account_checked",
            "award_id",
            unique=True,
            sqlite_where=sa.text("status = 'checked'"),
            postgresql_where=sa.text("status = 'checked'"),
        ),
    )
