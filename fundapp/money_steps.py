"""Statuses of bank accounts, payments on their way and changes of grants, with their steps; part of
`lifecycles.STEPS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class AccountStatus(StrEnum):
    """Of the bank account that a grant is paid to."""

    PROPOSED = "proposed"
    SIGNED = "signed"  # by a second person of the group
    CHECKED = "checked"  # by the fund; paid to once its cool-off is over
    REPLACED = "replaced"
    STOPPED = "stopped"


class BatchStatus(StrEnum):
    """Of payments that go to the bank together."""

    OPEN = "open"
    APPROVED = "approved"  # by the second person; the file is out
    SETTLED = "settled"  # the bank has answered for every line
    DROPPED = "dropped"


class LineStatus(StrEnum):
    """Of one payment in a batch; no instalment is listed, sent or paid in two."""

    LISTED = "listed"
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"
    DROPPED = "dropped"


class VariationStatus(StrEnum):
    """Of a change of a grant's lines or of its end."""

    TOLD = "told"  # small enough that nobody has to agree
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"  # the grant ended first


MoneySteps = Mapping[str, tuple[frozenset[StrEnum], StrEnum]]

_N = AccountStatus
ACCOUNT_STEPS: MoneySteps = {
    "sign": (frozenset({_N.PROPOSED}), _N.SIGNED),
    "check": (frozenset({_N.SIGNED}), _N.CHECKED),
    "replace": (frozenset({_N.CHECKED}), _N.REPLACED),
    "stop": (frozenset({_N.PROPOSED, _N.SIGNED, _N.CHECKED}), _N.STOPPED),
}

_B = BatchStatus
BATCH_STEPS: MoneySteps = {
    "approve": (frozenset({_B.OPEN}), _B.APPROVED),
    "settle": (frozenset({_B.APPROVED}), _B.SETTLED),
    "drop": (frozenset({_B.OPEN}), _B.DROPPED),
}

_E = LineStatus
LINE_STEPS: MoneySteps = {
    "send": (frozenset({_E.LISTED}), _E.SENT),
    "pay": (frozenset({_E.SENT}), _E.PAID),
    "return": (frozenset({_E.SENT, _E.PAID}), _E.RETURNED),
    "drop": (frozenset({_E.LISTED}), _E.DROPPED),
}

_V = VariationStatus
VARIATION_STEPS: MoneySteps = {
    "agree": (frozenset({_V.ASKED}), _V.AGREED),
    "refuse": (frozenset({_V.ASKED}), _V.REFUSED),
    "take_back": (frozenset({_V.ASKED}), _V.TAKEN_BACK),
    "lapse": (frozenset({_V.ASKED}), _V.LAPSED),
}

MONEY_STEPS: dict[type[StrEnum], MoneySteps] = {
    AccountStatus: ACCOUNT_STEPS,
    BatchStatus: BATCH_STEPS,
    LineStatus: LINE_STEPS,
    VariationStatus: VARIATION_STEPS,
}
