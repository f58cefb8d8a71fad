"""Numbers of groups in public registers, as org-id.guide writes them. Many groups need none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.organisation import Organisation
from fundapp.models.register import RegisterEntry

COMPANIES, CHARITIES = "GB-COH", "GB-CHC"
OTHER_CHARITIES = (("SC", "GB-SC"), ("NIC", "GB-NIC"))  # of Scotland and Northern Ireland
REGISTERS = (CHARITIES, *(name for _start, name in OTHER_CHARITIES), COMPANIES)
REGISTER_NUMBER = re.compile(r"[A-Z]{0,3}[0-9]{4,10}")


@dataclass(frozen=True)
class RegisterNumber:
    register: str
    number: str

    @property
    def org_id(self) -> str:
        return f"{self.register}-{self.number}"

    @property
    def in_register(self) -> str:
        """As files of the register write it: companies with eight digits, charities without zeros before."""
        if self.register == COMPANIES and self.number.isdigit():
            return self.number.zfill(8)
        return self.number.lstrip("0") if self.register == CHARITIES else self.number


@dataclass(frozen=True)
class LookedUp:
    """What the newest file of the register says; `file_of` is None where nobody has brought in one."""

    number: RegisterNumber
    entry: RegisterEntry | None
    file_of: date | None


def charity_of(group: Organisation) -> RegisterNumber | None:
    number = as_number(group.charity_number)
    if number is None:
        return None
    register = next((name for start, name in OTHER_CHARITIES if number.startswith(start)), CHARITIES)
    return RegisterNumber(register, number)


def company_of(group: Organisation) -> RegisterNumber | None:
    number = as_number(group.company_number)
    return RegisterNumber(COMPANIES, number) if number else None


def is_registered(group: Organisation) -> bool:
    return charity_of(group) is not None or company_of(group) is not None


def look_up(group: Organisation) -> Sequence[LookedUp]:
    """For each number of the group. Nothing is asked of anybody outside."""
    numbers = [each for each in (charity_of(group), company_of(group)) if each is not None]
    if not numbers:
        return ()
    newest = sa.select(RegisterEntry.register, sa.func.max(RegisterEntry.file_of))
    days: dict[str, date] = {}
    for register, day in db.session.execute(newest.group_by(RegisterEntry.register)):
        days[register] = day
    return [LookedUp(each, _entry(each), days.get(each.register)) for each in numbers]


def as_number(typed: str | None) -> str | None:
    """Without spaces; None where it cannot be a number of a register."""
    number = "".join((typed or "").split()).upper()
    return number if REGISTER_NUMBER.fullmatch(number) else None


def _entry(number: RegisterNumber) -> RegisterEntry | None:
    query = sa.select(RegisterEntry).where(
        RegisterEntry.register == number.register, RegisterEntry.number == number.in_register
    )
    return db.session.execute(query).scalar_one_or_none()
