"""Public registers of charities and companies, as somebody has brought them in from a file."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Row


class RegisterEntry(Row):
    """One line of a register. Information with a day, never a verdict; no names of trustees."""

    __tablename__ = "register_entry"

    register: Mapped[str] = mapped_column(sa.String(20))  # as org-id.guide calls it: GB-CHC, GB-SC …
    number: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(300))
    status: Mapped[str] = mapped_column(sa.String(60))  # in the words of the register
    status_on: Mapped[date | None]
    file_of: Mapped[date]  # the day of the file

    __table_args__ = (sa.UniqueConstraint("register", "number"),)
