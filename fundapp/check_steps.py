"""The way of a check of a grant and of a condition; part of `lifecycles.STEPS`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CheckStatus(StrEnum):
    OPEN = "open"
    HELP_OFFERED = "help_offered"
    DONE = "done"
    NOT_NEEDED = "not_needed"


class ConditionStatus(StrEnum):
    """Of something that a grant asks for later than its agreement."""

    OPEN = "open"
    MET = "met"
    LIFTED = "lifted"


CheckSteps = Mapping[str, tuple[frozenset[StrEnum], StrEnum]]

_S = CheckStatus
SETTLED_CHECKS = (_S.DONE, _S.NOT_NEEDED)
OPEN_CHECKS = (_S.OPEN, _S.HELP_OFFERED)
ITEM_STEPS: CheckSteps = {
    "offer_help": (frozenset(OPEN_CHECKS), _S.HELP_OFFERED),
    "settle": (frozenset(_S), _S.DONE),
    "do_without": (frozenset(_S), _S.NOT_NEEDED),
    "reopen": (frozenset(SETTLED_CHECKS), _S.OPEN),
}
CONDITION_STEPS: CheckSteps = {
    "meet": (frozenset({ConditionStatus.OPEN}), ConditionStatus.MET),
    "lift": (frozenset({ConditionStatus.OPEN}), ConditionStatus.LIFTED),
}
CHECK_STEPS: dict[type[StrEnum], CheckSteps] = {CheckStatus: ITEM_STEPS, ConditionStatus: CONDITION_STEPS}
