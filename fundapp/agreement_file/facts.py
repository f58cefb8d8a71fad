"""What an agreement is about, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition


@dataclass(frozen=True)
class HostFacts:
    """The third side. `decides`: the host's word on who decides about spending."""

    name: str
    fee_percent: Decimal
    decides: StrEnum


@dataclass(frozen=True)
class Payment:
    number: int
    due_on: date
    amount: Decimal
    waits_for: LocalizedText | None = None


@dataclass(frozen=True)
class AgreementFacts:
    """`language`: the group's own. `version`: other facts make another text.

    `lines` and `shares`: a name with a sum, as the group wrote them.
    """

    number: str
    version: int
    fund: str
    group: str
    language: str
    amount: Decimal
    months: int
    strand: LocalizedText
    definition: CallDefinition
    payments: tuple[Payment, ...]
    group_signers: int
    complaint_days: int
    offered_on: date
    host: HostFacts | None = None
    asked: Decimal | None = None
    lines: tuple[tuple[str, Decimal], ...] = ()
    shares: tuple[tuple[str, Decimal], ...] = ()
    conditions: tuple[tuple[str, date], ...] = ()
    is_confidential: bool = False
    phone: str = ""
