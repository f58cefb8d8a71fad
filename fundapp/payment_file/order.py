"""What a bank is told to pay, as values. The same order always makes the same bytes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Account:
    name: str
    sort_code: str
    number: str

    @property
    def plain_name(self) -> str:
        """In the letters that payment systems carry."""
        parts = unicodedata.normalize("NFKD", self.name.replace("’", "'"))
        return "".join(part for part in parts if not unicodedata.combining(part))[:70].strip()


@dataclass(frozen=True)
class Transfer:
    reference: str  # at most 18 characters: what UK payment systems carry from end to end
    amount: Decimal
    to: Account


@dataclass(frozen=True)
class Order:
    id: str  # at most 35 characters
    made_at: datetime
    pay_on: date
    pay_from: Account
    transfers: tuple[Transfer, ...]

    @property
    def total(self) -> Decimal:
        return sum((each.amount for each in self.transfers), Decimal(0))
