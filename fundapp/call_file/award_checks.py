"""What is looked at between "yes in principle" and the agreement, in proportion to grant and group."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forms.localized import LocalizedText


class LegalForm(StrEnum):
    UNCONSTITUTED = "unconstituted"
    UNINCORPORATED = "unincorporated"
    CIO = "cio"
    CIC = "cic"
    CASC = "casc"
    CHARITABLE_COMPANY = "charitable_company"
    COMPANY = "company"
    OTHER = "other"


class Evidence(StrEnum):
    """By what somebody saw that it is so. The first four are papers that a group sends once."""

    GOVERNING = "governing"
    SAFEGUARDING = "safeguarding"
    ACCOUNTS = "accounts"
    BANK = "bank"
    REGISTER = "register"
    CONVERSATION = "conversation"
    HOST = "host"  # the host of the group has it
    OUR_RECORDS = "our_records"


PAPERS = (Evidence.GOVERNING, Evidence.SAFEGUARDING, Evidence.ACCOUNTS, Evidence.BANK)


class HoldsUp(StrEnum):
    """What waits until it is settled."""

    AGREEMENT = "agreement"
    PAYMENT = "payment"
    NOTHING = "nothing"


@dataclass(frozen=True)
class OtherRoute:
    """What is enough of a group that is in no public register."""

    enough: LocalizedText
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class AwardCheck:
    key: str
    label: LocalizedText
    why_we_ask: LocalizedText
    needs_document: bool = False
    only_if_there_is_one: bool = False
    is_on: bool = True
    amount_from: Decimal | None = None  # of the grant; smaller ones do without
    legal_forms: tuple[LegalForm, ...] = ()  # none named: of every group
    evidence: tuple[Evidence, ...] = ()  # each of them is enough
    unregistered: OtherRoute | None = None
    holds_up: HoldsUp = HoldsUp.AGREEMENT
    days: int = 28  # that the group has for it

    def asks_of_amount(self, amount: Decimal) -> bool:
        return self.amount_from is None or amount >= self.amount_from

    def asks_of_form(self, legal_form: LegalForm | None) -> bool:
        """Also of a group that has not said what it is: nobody is let off by a gap."""
        return not self.legal_forms or legal_form is None or legal_form in self.legal_forms

    def enough_for(self, *, is_registered: bool) -> tuple[Evidence, ...]:
        """Every kind of evidence that settles it."""
        if is_registered or self.unregistered is None:
            return self.evidence
        return tuple(dict.fromkeys((*self.evidence, *self.unregistered.evidence)))
