"""Funds and the people who work for them."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.user import User


class FundRoleKind(StrEnum):
    MANAGER = "manager"  # runs calls, applications, panels, awards
    FINANCE = "finance"  # pays
    ADMIN = "admin"  # people and settings


class Fund(Row):
    """The whole pot with its purpose; calls belong to it."""

    __tablename__ = "fund"

    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    organisation_name: Mapped[str] = mapped_column(sa.String(200))  # who runs it, as published
    org_identifier: Mapped[str] = mapped_column(sa.String(80))  # org-id.guide form, e.g. GB-CHC-1234567
    publisher_prefix: Mapped[str] = mapped_column(sa.String(40))  # 360Giving prefix, e.g. 360G-demofund
    contact_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")
    safety_lead_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    safety_deputy_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    data_lead_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    data_deputy_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    @property
    def named_for_data(self) -> tuple[UUID, ...]:
        """Who looks after the rights of people over their data; two, because nothing is given by one."""
        return tuple(each for each in (self.data_lead_id, self.data_deputy_id) if each is not None)

    @property
    def named_for_safety(self) -> tuple[UUID, ...]:
        """Who reads when somebody is not safe: the named person, and who stands in."""
        return tuple(each for each in (self.safety_lead_id, self.safety_deputy_id) if each is not None)


class FundRole(Row):
    __tablename__ = "fund_role"

    fund_id: Mapped[UUID] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FundRoleKind] = mapped_column(text_enum(FundRoleKind))

    fund: Mapped[Fund] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("fund_id", "user_id", "kind"),)
